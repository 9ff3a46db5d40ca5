// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Plant

/// One request's surroundings: what Hummingbird needs, and the connection it came over.
struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// What both servers share: limits on the way in, headers on the way out.
enum ServerAdapter {
    typealias Responder = @Sendable (Request, ConnectionContext) async throws -> WebAnswer

    static func application(
        address: BindAddress,
        limits: ServerLimits,
        logger: Logger,
        onRunning: @escaping @Sendable (any Channel) async -> Void,
        respond: @escaping Responder
    ) -> Application<CallbackResponder<ConnectionContext>> {
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: limits.headerBytes,
            maxHeaderListSize: limits.headerBytes,
            maxHeaderFieldCount: limits.headerFields
        )
        let channel = HTTP1Channel.Configuration(
            idleTimeout: TimeAmount(limits.idleTimeout),
            httpDecoderConfiguration: decoder
        )
        return Application(
            responder: CallbackResponder { request, context in
                let answer = try await answer(within: limits.requestTimeout, on: context.channel) {
                    try await respond(request, context)
                }
                return response(for: request, answer: answer, on: context.channel)
            },
            server: .http1(configuration: channel),
            configuration: ApplicationConfiguration(
                address: address,
                serverName: "thermocline",
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: logger)
            ),
            onServerRunning: onRunning,
            logger: logger
        )
    }

    /// The answer of `body`; where it takes too long it is cancelled, and the connection closed behind the refusal.
    private static func answer(
        within limit: Duration,
        on channel: any Channel,
        body: @escaping @Sendable () async throws -> WebAnswer
    ) async throws -> WebAnswer {
        try await withThrowingTaskGroup(of: WebAnswer?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            if let answer = try await group.next() ?? nil { return answer }
            closeSoon(channel)
            return .failure(503, "not answered within \(limit)", hint: "send the whole request at once, or try later")
        }
    }

    /// Closes a connection whose client is not worth waiting for; the pause lets it read its answer first.
    private static func closeSoon(_ channel: any Channel) {
        channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
    }

    /// Whether a request announces a body.
    static func announcesBody(_ request: Request) -> Bool {
        if request.headers[.transferEncoding] != nil { return true }
        guard let length = request.headers[.contentLength] else { return false }
        return length != "0"
    }

    private static func response(for request: Request, answer: WebAnswer, on channel: any Channel) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = answer.contentType
        headers[.contentLength] = String(answer.body.count)
        headers[.cacheControl] = "no-store"
        headers[.xContentTypeOptions] = "nosniff"
        if answer.contentType.hasPrefix("text/html") {
            headers[.contentSecurityPolicy] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        }
        if !answer.allow.isEmpty { headers[.allow] = answer.allow }
        if !answer.vary.isEmpty { headers[.vary] = answer.vary }
        if answer.status >= 400, announcesBody(request) {
            // What is left of a refused body is not waited for.
            headers[.connection] = "close"
            closeSoon(channel)
        }
        let isHead = request.method == .head
        return Response(
            status: HTTPResponse.Status(code: answer.status),
            headers: headers,
            body: isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
        )
    }

    /// The sentence for an operator behind an error of the operating system at binding.
    static func bindError(_ error: any Error, at place: String) -> ObserveError {
        guard let error = error as? IOError else {
            return ObserveError("cannot listen: \(error)", at: place, remedy: "check the address")
        }
        return switch error.errnoCode {
        case SystemErrors.addressInUse:
            ObserveError(
                "the address is in use",
                at: place,
                remedy: "stop the other program or listen elsewhere"
            )
        case SystemErrors.permissionDenied:
            ObserveError(
                "not permitted to listen",
                at: place,
                remedy: "choose a port above 1023 and a directory you may write"
            )
        case SystemErrors.addressNotAvailable:
            ObserveError("no interface of this machine has the address", at: place, remedy: "check the address")
        default:
            ObserveError("cannot listen: \(error)", at: place, remedy: "check the address")
        }
    }
}

extension HTTPField.Name {
    /// A constant of the standard is always a valid field name; the fallback satisfies the type checker.
    fileprivate static let xContentTypeOptions = HTTPField.Name("X-Content-Type-Options") ?? .contentType
}
