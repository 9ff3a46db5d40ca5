// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix

extension AgentClient {
    private struct ErrorBody: Decodable {
        let error: String
        let hint: String
    }

    /// The error behind an answer that is not a success.
    func fault(_ answer: Answer) -> AgentClientError {
        let isRefusal = (400..<500).contains(answer.status)
        if let body = try? JSONDecoder().decode(ErrorBody.self, from: Data(answer.body)) {
            return AgentClientError(
                isRefusal ? .refused : .unreachable,
                body.error,
                at: location.description,
                remedy: body.hint
            )
        }
        return AgentClientError(
            .unexpectedAnswer,
            "\(answer.page) was answered with status \(answer.status)",
            at: location.description,
            remedy: "check that a Thermocline agent answers there"
        )
    }

    /// The error behind a connection that failed.
    func failure(_ error: any Error) -> AgentClientError {
        if error is NIOTooManyBytesError {
            return AgentClientError(
                .unexpectedAnswer,
                "the answer is longer than \(maximumAnswerBytes) bytes",
                at: location.description,
                remedy: "ask for less, such as points with a pattern"
            )
        }
        let (what, remedy) =
            switch error as? HTTPClientError {
            case .some(.deadlineExceeded), .some(.connectTimeout):
                ("no answer within \(timeLimit)", "check that the agent runs and is not overloaded")
            case .some(.remoteConnectionClosed):
                ("the connection was closed before an answer came", "check that a Thermocline agent answers there")
            default: notConnected(error)
            }
        return AgentClientError(.unreachable, what, at: location.description, remedy: remedy)
    }

    /// What a failed connection means here, and what to do; the library's own words name its functions.
    private func notConnected(_ error: any Error) -> (what: String, remedy: String) {
        if let connection = error as? NIOConnectionError {
            // A name with several addresses fails once for each; the first says as much as all.
            if let first = connection.connectionErrors.first { return notConnected(first.error) }
            return (
                "the name '\(connection.host)' cannot be looked up", "check its spelling, or give the address in digits"
            )
        }
        guard let code = (error as? IOError)?.errnoCode else { return ("cannot connect: \(error)", connectRemedy) }
        switch (location, code) {
        case (.socket, ENOENT): return ("there is no such socket", connectRemedy)
        case (.socket, ECONNREFUSED): return ("nobody listens at the socket", connectRemedy)
        case (.socket, EACCES), (.socket, EPERM):
            return ("you may not use the socket", "join its group, or ask as the user the agent runs as")
        case (.url, ECONNREFUSED): return ("nobody listens there", connectRemedy)
        case (_, ETIMEDOUT), (_, EHOSTUNREACH), (_, ENETUNREACH):
            return (
                "the machine cannot be reached (error \(code))",
                "check the address, and the network between here and there"
            )
        default: return ("the connection failed (error \(code))", connectRemedy)
        }
    }

    private var connectRemedy: String {
        switch location {
        case .url: "start the agent with 'thermocline run', or give its address with --url"
        case .socket: "start the agent with 'thermocline run', or give its socket with --socket"
        }
    }
}
