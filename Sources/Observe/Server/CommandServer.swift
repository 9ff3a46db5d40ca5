// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
package import Plant
import ServiceLifecycle
import Synchronization

/// Where commands come in, and what is done with them.
package struct CommandSocket: Sendable {
    /// The path of the Unix domain socket; at most 107 bytes.
    package let path: String
    /// Carries a request out, or says why not; the requester is already filled in.
    package let handle: @Sendable (OperatorRequest) async -> OperatorReply

    package init(path: String, handle: @escaping @Sendable (OperatorRequest) async -> OperatorReply) {
        self.path = path
        self.handle = handle
    }
}

/// Serves `POST /api/v1/command` over a Unix domain socket.
struct CommandServer: Service {
    static let path = "/api/v1/command"
    /// The longest reason that is taken, in bytes.
    static let maximumReasonLength = 2_000
    /// Connections served at once; commands are rare.
    static let connections = 16

    let socket: CommandSocket
    let file: CommandSocketFile
    let limits: ServerLimits
    let logger: Logger
    let onListening: @Sendable (Listening) -> Void

    func run() async throws {
        try await file.prepare()
        defer { file.remove() }
        let failure = Failure()
        var limits = limits
        limits.connections = min(limits.connections, Self.connections)
        let application = ServerAdapter.application(
            address: .unixDomainSocket(path: file.bindPath),
            limits: limits,
            logger: logger,
            onRunning: { channel in
                do throws(ObserveError) {
                    try file.publish()
                    onListening(.commandSocket(path: file.path))
                } catch {
                    failure.error.withLock { $0 = error }
                    channel.close(promise: nil)
                }
            },
            respond: respond
        )
        do {
            try await application.run()
        } catch {
            if let reason = failure.error.withLock({ $0 }) { throw reason }
            throw ServerAdapter.bindError(error, at: file.path)
        }
        if let reason = failure.error.withLock({ $0 }) { throw reason }
    }

    /// Carries out of the callback why the socket could not be put in place.
    private final class Failure: Sendable {
        let error = Mutex<ObserveError?>(nil)
    }

    private func respond(_ request: Request, _ context: ConnectionContext) async throws -> WebAnswer {
        guard request.uri.path == Self.path else {
            return .failure(404, "this socket only takes commands", hint: "POST to \(Self.path)")
        }
        guard request.method == .post else {
            var answer = WebAnswer.failure(405, "a command is a POST", hint: "POST to \(Self.path)")
            answer.allow = "POST"
            return answer
        }
        guard let peer = await PeerCredentials.of(context.channel) else {
            return .failure(500, "the kernel does not tell who asks", hint: "use a Unix domain socket")
        }
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: limits.commandBytes)
        } catch is NIOTooManyBytesError {
            return .failure(413, "a command is at most \(limits.commandBytes) bytes", hint: "shorten the reason")
        }
        switch Self.command(in: Array(body.readableBytesView), from: peer) {
        case .success(let command):
            let reply = await socket.handle(command)
            return .json(reply, status: reply.accepted ? 200 : 409)
        case .failure(let fault):
            return .failure(400, fault.error, hint: fault.hint)
        }
    }

    struct Fault: Error, Hashable {
        let error: String
        let hint: String
    }

    /// Reads a command; whoever the sender says it is, the requester is the one the kernel names.
    static func command(in body: [UInt8], from peer: PeerCredentials) -> Result<OperatorRequest, Fault> {
        let incoming: IncomingCommand
        do {
            incoming = try JSONDecoder().decode(IncomingCommand.self, from: Data(body))
        } catch {
            return .failure(Fault(error: "this is no command: \(words(for: error))", hint: "see docs/cli.md, command"))
        }
        if let seconds = incoming.holdSeconds, !(seconds > 0 && seconds.isFinite) {
            return .failure(Fault(error: "holdSeconds is \(seconds)", hint: "give a time above 0, or leave it out"))
        }
        guard incoming.reason.utf8.count <= maximumReasonLength else {
            return .failure(Fault(error: "the reason is too long", hint: "at most \(maximumReasonLength) bytes"))
        }
        return .success(
            OperatorRequest(
                action: incoming.action,
                holdSeconds: incoming.holdSeconds,
                reason: incoming.reason,
                record: incoming.record,
                requester: peer.description
            )
        )
    }

    /// What a sender may say; anything else in the object is left unread.
    private struct IncomingCommand: Decodable {
        let action: OperatorRequest.Action
        let holdSeconds: Double?
        let reason: String
        let record: CommissioningRecord?
    }

    private static func words(for error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        switch error {
        case .keyNotFound(let key, let context):
            return
                "'\(key.stringValue)' is missing in '\(context.codingPath.map(\.stringValue).joined(separator: "."))'"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            let place = context.codingPath.map(\.stringValue).joined(separator: ".")
            return place.isEmpty ? context.debugDescription : "'\(place)': \(context.debugDescription)"
        @unknown default:
            return "\(error)"
        }
    }
}
