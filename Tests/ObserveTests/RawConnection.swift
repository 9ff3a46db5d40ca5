// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// A TCP or Unix connection on which a test says exactly what it likes.
struct RawConnection: Sendable {
    private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

    init(host: String = "127.0.0.1", port: Int) async throws {
        channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: host, port: port) { Self.wrapped($0) }
    }

    init(socket path: String) async throws {
        channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(unixDomainSocketPath: path) { Self.wrapped($0) }
    }

    private static func wrapped(_ channel: any Channel) -> EventLoopFuture<NIOAsyncChannel<ByteBuffer, ByteBuffer>> {
        channel.eventLoop.makeCompletedFuture {
            try NIOAsyncChannel(
                wrappingChannelSynchronously: channel,
                configuration: NIOAsyncChannel.Configuration(isOutboundHalfClosureEnabled: false)
            )
        }
    }

    /// Sends text and returns all that comes back until `isEnough` says so or the other end closes.
    func exchange(
        _ text: String,
        until isEnough: @escaping @Sendable (String) -> Bool = { _ in false }
    ) async throws -> String {
        try await channel.executeThenClose { inbound, outbound in
            // A server that has seen enough may close before all is sent; what it said is still of interest.
            do { try await outbound.write(ByteBuffer(string: text)) } catch {}
            var answer = ""
            do {
                for try await part in inbound {
                    answer += String(buffer: part)
                    if isEnough(answer) { break }
                }
            } catch is IOError {}
            return answer
        }
    }

    /// Sends a request `count` times over the one connection, each when the one before is answered, then closes it.
    ///
    /// `answered` is called with the number of each answer, counted from 0, before anything else is sent.
    func repeated(
        _ request: String,
        _ count: Int,
        answered: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        try await channel.executeThenClose { inbound, outbound in
            var iterator = inbound.makeAsyncIterator()
            for round in 0..<count {
                try await outbound.write(ByteBuffer(string: request))
                var answer = ""
                while !answer.hasSuffix("\n"), let part = try await iterator.next() { answer += String(buffer: part) }
                try await answered(round)
            }
        }
    }

    /// Answers to two requests, the second sent when the first has been answered in full.
    func keepAlive(_ first: String, then second: String) async throws -> (String, String) {
        try await channel.executeThenClose { inbound, outbound in
            var iterator = inbound.makeAsyncIterator()
            var answers: [String] = []
            for request in [first, second] {
                try await outbound.write(ByteBuffer(string: request))
                var answer = ""
                while !answer.hasSuffix("\n"), let part = try await iterator.next() { answer += String(buffer: part) }
                answers.append(answer)
            }
            return (answers[0], answers[1])
        }
    }
}
