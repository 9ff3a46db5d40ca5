// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import Plant
import ServiceLifecycle

/// What has begun to listen, with the port the kernel chose where none was asked for.
package enum Listening: Hashable, Sendable {
    case http(ListenAddress)
    case commandSocket(path: String)
}

/// The agent's surfaces: the read-only HTTP server and the command socket, until graceful shutdown.
///
/// Requests under way are answered before it returns; connections that only wait are closed at once.
package struct ObserveService: Service {
    private let routes: Routes
    private let listen: ListenAddress
    private let commandServer: CommandServer?
    private let limits: ServerLimits
    private let logger: Logger
    private let onListening: @Sendable (Listening) -> Void

    /// Makes the service; nothing is opened before ``run()``.
    ///
    /// - Parameters:
    ///   - latest: What is served.
    ///   - listen: Where the HTTP server listens.
    ///   - commandSocket: Where commands come in; nil for an agent that takes none.
    ///   - limits: What a client may cost.
    ///   - logger: Where the servers log.
    ///   - onListening: Called once for each surface when it is open.
    /// - Throws: ``ObserveError`` where the socket's path cannot be one.
    package init(
        latest: LatestCycle,
        listen: ListenAddress = .standard,
        commandSocket: CommandSocket? = nil,
        limits: ServerLimits = ServerLimits(),
        logger: Logger,
        onListening: @escaping @Sendable (Listening) -> Void = { _ in }
    ) throws(ObserveError) {
        routes = Routes(latest: latest)
        self.listen = listen
        self.limits = limits
        self.logger = logger
        self.onListening = onListening
        if let commandSocket {
            commandServer = CommandServer(
                socket: commandSocket,
                file: try CommandSocketFile(path: commandSocket.path),
                limits: limits,
                logger: logger,
                onListening: onListening
            )
        } else {
            commandServer = nil
        }
    }

    /// Serves until graceful shutdown or cancellation.
    ///
    /// - Throws: ``ObserveError`` where a surface cannot be opened; the other one is closed then.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serveHTTP() }
            if let commandServer {
                group.addTask { try await commandServer.run() }
            }
            // Not waitForAll(), which would wait for the other surface before it tells that one has failed.
            while try await group.next() != nil {}
        }
    }

    private func serveHTTP() async throws {
        let application = ServerAdapter.application(
            address: .hostname(listen.host, port: listen.port),
            limits: limits,
            logger: logger,
            onRunning: { channel in
                onListening(.http(listen.bound(toPort: channel.localAddress?.port ?? listen.port)))
            },
            respond: { request, _ in
                routes.answer(
                    WebQuery(
                        method: request.method.rawValue,
                        path: request.uri.path,
                        query: request.uri.query,
                        accept: request.headers[.accept],
                        hasBody: ServerAdapter.announcesBody(request)
                    )
                )
            }
        )
        do {
            try await application.run()
        } catch {
            throw ServerAdapter.bindError(error, at: listen.description)
        }
    }
}
