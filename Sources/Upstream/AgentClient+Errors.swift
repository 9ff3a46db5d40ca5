// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import NIOCore

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
            default:
                ("cannot connect: \(error)", connectRemedy)
            }
        return AgentClientError(.unreachable, what, at: location.description, remedy: remedy)
    }

    private var connectRemedy: String {
        switch location {
        case .url: "start the agent with 'thermocline run', or give its address with --url"
        case .socket: "start the agent with 'thermocline run', or give its socket with --socket; you need its group"
        }
    }
}
