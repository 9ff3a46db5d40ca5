// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Synchronization

/// Operators' requests on their way into the next cycle, and the replies on their way back.
///
/// Requests are answered by the cycle that takes them, so a reply says what was done, not what may be. Bounded: a
/// request that finds the inbox full is refused at once.
package final class RequestInbox: Sendable {
    private struct Entry {
        let number: Int
        let request: OperatorRequest
        let continuation: CheckedContinuation<OperatorReply, Never>
    }

    private struct State {
        var entries: [Entry] = []
        var nextNumber = 0
        var isClosed = false
    }

    /// What a cycle took, to be answered with the replies in the same order.
    package struct Taken: Sendable {
        package let requests: [OperatorRequest]
        fileprivate let continuations: [CheckedContinuation<OperatorReply, Never>]

        /// Hands each request its reply.
        package func answer(_ replies: [OperatorReply]) {
            for (position, continuation) in continuations.enumerated() {
                continuation.resume(
                    returning: position < replies.count
                        ? replies[position] : OperatorReply(accepted: false, message: "the request was not handled")
                )
            }
        }
    }

    private let state = Mutex(State())
    /// The most requests that wait at once.
    private static let limit = 64

    package init() {}

    /// Waits for the cycle that handles the request; a cancelled wait withdraws it.
    package func submit(_ request: OperatorRequest) async -> OperatorReply {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let refusal = state.withLock { state -> String? in
                    if state.isClosed { return "the agent is stopping" }
                    if Task.isCancelled { return "the request was withdrawn" }
                    if state.entries.count >= Self.limit { return "too many requests wait; try again" }
                    state.entries.append(Entry(number: number, request: request, continuation: continuation))
                    return nil
                }
                if let refusal { continuation.resume(returning: OperatorReply(accepted: false, message: refusal)) }
            }
        } onCancel: {
            withdraw(number)
        }
    }

    private func withdraw(_ number: Int) {
        let entry = state.withLock { state -> Entry? in
            guard let position = state.entries.firstIndex(where: { $0.number == number }) else { return nil }
            return state.entries.remove(at: position)
        }
        entry?.continuation.resume(returning: OperatorReply(accepted: false, message: "the request was withdrawn"))
    }

    /// Takes all that waits.
    package func take() -> Taken {
        let entries = state.withLock { state in
            defer { state.entries.removeAll() }
            return state.entries
        }
        return Taken(requests: entries.map(\.request), continuations: entries.map(\.continuation))
    }

    /// Refuses what waits and what comes later.
    package func close() {
        let entries = state.withLock { state in
            state.isClosed = true
            defer { state.entries.removeAll() }
            return state.entries
        }
        for entry in entries {
            entry.continuation.resume(returning: OperatorReply(accepted: false, message: "the agent is stopping"))
        }
    }
}
