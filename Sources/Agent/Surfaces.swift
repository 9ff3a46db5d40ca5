// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Observe
import Synchronization

/// Holds the first cycle back until every surface is open.
///
/// An agent whose address or command socket is taken, perhaps by another agent of the same plant, ends before it has
/// decided or written anything.
final class Surfaces: Sendable {
    private let missing: Mutex<Int>
    private let opened: AsyncStream<Void>
    private let opening: AsyncStream<Void>.Continuation

    /// - Parameter count: how many surfaces there are to open, at least 1.
    init(count: Int) {
        missing = Mutex(count)
        (opened, opening) = AsyncStream.makeStream()
    }

    /// Takes note that one of them is open.
    func note() {
        let areAllOpen = missing.withLock { missing in
            missing -= 1
            return missing <= 0
        }
        if areAllOpen { opening.finish() }
    }

    /// Waits until all are open, or until the task is cancelled.
    func wait() async { for await _ in opened {} }
}
