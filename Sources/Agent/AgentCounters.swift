// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Observe
import Plant
import Synchronization

/// What the agent counts of its own work, handed to the metrics page with each cycle.
///
/// Every counter is there from the first cycle on, so that a rate sees the first loss.
package final class AgentCounters: Sendable {
    private struct Counts {
        var cyclesSkipped = 0
        var lateness = Duration.zero
        var recordsStored = 0
        var storeFailures = 0
        var storeDuration = Duration.zero
    }

    private let counts = Mutex(Counts())

    package init() {}

    /// Takes note of how much wall time after its deadline a cycle began.
    package func cycleBegan(late: Duration) { counts.withLock { $0.lateness = max(.zero, late) } }

    /// Takes note of cycles that were left out because the one before took too long.
    package func cyclesSkipped(_ count: Int) { counts.withLock { $0.cyclesSkipped += count } }

    /// Takes note of a record that is safe on disk, and of the wall time that took.
    package func recordStored(in duration: Duration) {
        counts.withLock { counts in
            counts.recordsStored += 1
            counts.storeDuration = duration
        }
    }

    /// Takes note of an attempt to store a record that failed.
    package func storeFailed() { counts.withLock { $0.storeFailures += 1 } }

    /// The counts, and what waits for the store, as metrics in a fixed order.
    package func metrics(queue: RecordQueue, pollEventsDropped: Int = 0) -> [AgentMetric] {
        let counts = counts.withLock { $0 }
        func gauge(_ name: String, _ help: String, _ value: Double) -> AgentMetric {
            AgentMetric(name: name, kind: .gauge, help: help, value: value)
        }
        func counter(_ name: String, _ help: String, _ value: Int) -> AgentMetric {
            AgentMetric(name: name, kind: .counter, help: help, value: Double(value))
        }
        return [
            gauge(
                "cycle_lateness_seconds",
                "Wall time from the moment the newest cycle was due until it began.",
                counts.lateness.inSeconds
            ),
            counter("cycles_skipped", "Cycles left out because one before them took too long.", counts.cyclesSkipped),
            gauge("store_queue_records", "Cycle records that wait for the store.", Double(queue.depth)),
            gauge(
                "store_queue_capacity_records",
                "Cycle records that may wait for the store before the oldest are dropped.",
                Double(queue.capacity)
            ),
            counter(
                "store_queue_dropped",
                "Cycle records dropped because the store failed for too long.",
                queue.dropped
            ),
            counter("store_records", "Cycle records made safe on disk.", counts.recordsStored),
            counter(
                "store_failures",
                "Attempts to store a cycle record that failed and are repeated.",
                counts.storeFailures
            ),
            gauge(
                "store_commit_seconds",
                "Wall time it took to make the newest stored cycle record safe on disk.",
                counts.storeDuration.inSeconds
            ),
            counter(
                "poll_events_dropped",
                "Events of polling that were dropped because no cycle took them in time.",
                pollEventsDropped
            ),
        ]
    }
}
