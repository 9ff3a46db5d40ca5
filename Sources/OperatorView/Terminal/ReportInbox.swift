// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Synchronization

/// Where the fetching task leaves what came, and the screen's thread takes it.
///
/// Holds one message at most: a report that nobody has taken is replaced by a newer one.
package final class ReportInbox: Sendable {
    /// What one question to the agent gave.
    package enum Message: Sendable {
        case report(StatusReport)
        /// Why there was no answer.
        case fault(String)
    }

    private let message = Mutex<Message?>(nil)

    package init() {}

    package func put(_ message: Message) { self.message.withLock { $0 = message } }

    /// The newest message, once.
    package func take() -> Message? {
        message.withLock { message in
            defer { message = nil }
            return message
        }
    }

    /// Asks the agent again and again until the task is cancelled.
    ///
    /// - Parameters:
    ///   - interval: The wall time between an answer and the next question.
    ///   - fetch: Asks once; it has its own time limit.
    package func follow(
        every interval: Duration,
        fetch: @Sendable () async throws -> StatusReport
    ) async {
        while !Task.isCancelled {
            do {
                put(.report(try await fetch()))
            } catch {
                if Task.isCancelled { return }
                put(.fault(String(describing: error)))
            }
            try? await Task.sleep(for: interval)
        }
    }
}
