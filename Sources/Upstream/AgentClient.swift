// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
package import Plant

/// Asks a running agent over its HTTP API, or commands it over its socket.
///
/// Every question has a time limit and a size limit; nothing is tried twice.
package struct AgentClient: Sendable {
    package let location: AgentLocation
    /// How long one question may take from connecting to the last byte, in wall time.
    package let timeLimit: Duration
    /// The longest answer taken, in bytes.
    package let maximumAnswerBytes: Int

    package init(
        _ location: AgentLocation,
        timeLimit: Duration = .seconds(10),
        maximumAnswerBytes: Int = 64 << 20
    ) {
        self.location = location
        self.timeLimit = timeLimit
        self.maximumAnswerBytes = maximumAnswerBytes
    }

    /// Everything one screen needs.
    package func status() async throws -> StatusReport {
        try decode(StatusReport.self, from: await get("/api/v1/status"))
    }

    /// Why a point is as it is.
    package func why(point: PointID) async throws -> WhyReport {
        try decode(WhyReport.self, from: await get("/api/v1/why?point=" + Self.escaped(point.description)))
    }

    /// The points whose identifiers match a pattern of `*` and `?`; all where it is nil.
    package func points(glob: String? = nil) async throws -> [PointReport] {
        let query = glob.map { "?glob=" + Self.escaped($0) } ?? ""
        return try decode([PointReport].self, from: await get("/api/v1/points" + query))
    }

    /// Asks for something to be done; a refusal by the agent is a reply, not an error.
    package func command(_ request: OperatorRequest) async throws -> OperatorReply {
        let body: Data
        do {
            body = try JSONEncoder().encode(request)
        } catch {
            throw AgentClientError(
                .refused,
                "the command has a value that cannot be sent",
                at: location.description,
                remedy: "give finite numbers"
            )
        }
        let answer = try await exchange("/api/v1/command", body: Array(body))
        guard answer.status == 200 || answer.status == 409 else { throw fault(answer) }
        return try decode(OperatorReply.self, from: answer)
    }

    // MARK: - The wire

    struct Answer: Sendable {
        let page: String
        let status: Int
        let body: [UInt8]
    }

    /// Lives as long as the process; a client of its own because a refused connection shall be an error at once.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
    }()

    private func get(_ page: String) async throws -> Answer {
        let answer = try await exchange(page, body: nil)
        guard answer.status == 200 else { throw fault(answer) }
        return answer
    }

    private func exchange(_ page: String, body: [UInt8]?) async throws -> Answer {
        guard let url = location.url(ofPage: page) else {
            throw AgentClientError(
                .refused,
                "this cannot be the path of a socket",
                at: location.description,
                remedy: "give the path the agent was started with"
            )
        }
        do {
            return try await limited { try await Self.send(body, to: url, page: page, upTo: maximumAnswerBytes) }
        } catch let error as AgentClientError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw failure(error)
        }
    }

    private static func send(_ body: [UInt8]?, to url: String, page: String, upTo limit: Int) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        if let body {
            request.method = .POST
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let response = try await http.execute(request, deadline: .distantFuture)
        let body = try await response.body.collect(upTo: limit)
        return Answer(page: page, status: Int(response.status.code), body: Array(body.readableBytesView))
    }

    /// The limit holds for head and body together, which the HTTP client's own does not.
    private func limited(_ work: @escaping @Sendable () async throws -> Answer) async throws -> Answer {
        try await withThrowingTaskGroup(of: Answer.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: timeLimit)
                throw HTTPClientError.deadlineExceeded
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw CancellationError() }
            return answer
        }
    }

    private func decode<Value: Decodable>(_ type: Value.Type, from answer: Answer) throws -> Value {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        do {
            return try decoder.decode(type, from: Data(answer.body))
        } catch {
            throw AgentClientError(
                .unexpectedAnswer,
                "the answer to \(answer.page) is not what an agent answers",
                at: location.description,
                remedy: "check that a Thermocline agent of this version answers there"
            )
        }
    }

    /// Everything outside letters, digits, and what a path may carry is percent-encoded.
    private static func escaped(_ text: String) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~/*")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }
}
