// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Synchronization

/// Cycle records on their way to the store: bounded, and it counts what it has to drop.
///
/// A disk that is full or gone must not stop the cycle, and a burst must not fill memory; so the cycle only ever
/// enqueues, and the oldest record goes when the queue is full.
package final class RecordQueue: Sendable {
    private struct State {
        var records: [CycleRecord] = []
        var dropped = 0
        var isClosed = false
        var waiter: CheckedContinuation<CycleRecord?, Never>?
    }

    private let state = Mutex(State())
    /// The most records held, at least 1.
    package let capacity: Int

    package init(capacity: Int = 600) { self.capacity = max(1, capacity) }

    /// Records that had to be dropped since the start.
    package var dropped: Int { state.withLock { $0.dropped } }

    /// Records waiting now.
    package var depth: Int { state.withLock { $0.records.count } }

    package func enqueue(_ record: CycleRecord) {
        let waiter: CheckedContinuation<CycleRecord?, Never>? = state.withLock { state in
            guard !state.isClosed else { return nil }
            if let waiter = state.waiter {
                state.waiter = nil
                return waiter
            }
            if state.records.count >= capacity {
                state.records.removeFirst()
                state.dropped += 1
            }
            state.records.append(record)
            return nil
        }
        waiter?.resume(returning: record)
    }

    /// Takes no more records; ``next()`` drains what is left and then returns nil.
    package func close() {
        let waiter = state.withLock { state in
            state.isClosed = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: nil)
    }

    /// The oldest record, as soon as there is one; nil once closed and empty.
    ///
    /// For one consumer only.
    package func next() async -> CycleRecord? {
        await withCheckedContinuation { continuation in
            enum Immediate {
                case record(CycleRecord)
                case end
                case wait
            }
            let immediate: Immediate = state.withLock { state in
                if !state.records.isEmpty { return .record(state.records.removeFirst()) }
                if state.isClosed { return .end }
                state.waiter = continuation
                return .wait
            }
            switch immediate {
            case .record(let record): continuation.resume(returning: record)
            case .end: continuation.resume(returning: nil)
            case .wait: break
            }
        }
    }
}
