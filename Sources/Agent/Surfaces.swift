// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Observe
import Synchronization

/// Holds the first cycle back until every surface is open.
///
/// An agent whose address or command socket is taken, perhaps by another agent of the same plant, ends before it has
/// decided or written anything. That it serves is said once all are open: whoever has read it may send a command.
package final class Surfaces: Sendable {
    private struct State {
        var missing: Int
        var httpAddress: String?
    }

    private let state: Mutex<State>
    private let opened: AsyncStream<Void>
    private let opening: AsyncStream<Void>.Continuation

    /// - Parameter count: how many surfaces there are to open, at least 1.
    package init(count: Int) {
        state = Mutex(State(missing: count))
        (opened, opening) = AsyncStream.makeStream()
    }

    /// Takes note that one of them is open.
    ///
    /// - Returns: the address of HTTP, to the one call that completes them.
    package func note(_ listening: Listening) -> String? {
        let (isLast, address) = state.withLock { state in
            if case .http(let address) = listening { state.httpAddress = address.description }
            state.missing -= 1
            return (state.missing == 0, state.httpAddress)
        }
        guard isLast else { return nil }
        opening.finish()
        return address
    }

    /// Waits until all are open, or until the task is cancelled.
    package func wait() async { for await _ in opened {} }
}
