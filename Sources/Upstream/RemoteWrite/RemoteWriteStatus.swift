// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// How remote write is doing: what it sent, what it lost and why, what waits.
package struct RemoteWriteStatus: Hashable, Sendable {
    /// Samples the receiver took since the agent started.
    package var samplesSent = 0
    /// Requests the receiver took since the agent started.
    package var batchesSent = 0
    /// Attempts that failed and were or will be repeated.
    package var failedAttempts = 0
    /// Samples the receiver refused for good.
    package var samplesRejected = 0
    /// Samples that could not be written to the queue.
    package var samplesNotWritten = 0
    /// Cycles that were not sampled because the disk was slower than they came.
    package var cyclesSkipped = 0
    /// What went wrong last; empty where nothing did since the last success.
    package var lastProblem = ""
    package var queue: RemoteWriteQueue.Depth
    /// Plant time since the oldest waiting sample; nil where nothing waits.
    package var oldestAge: Duration?

    init(queue: RemoteWriteQueue.Depth) { self.queue = queue }
}

/// One measurement of remote write itself, for the agent's metrics page.
package struct RemoteWriteMeasurement: Hashable, Sendable {
    /// The metric's name without the `thermocline_` prefix and without `_total`.
    package let name: String
    package let isCounter: Bool
    /// One sentence for whoever reads the metrics page.
    package let help: String
    package let labels: [MetricLabel]
    /// The value, in the unit the name ends with.
    package let value: Double
}

extension RemoteWriteStatus {
    /// The status as metrics, in a fixed order; counters are there from the start, so that rates see the first loss.
    package var measurements: [RemoteWriteMeasurement] {
        func gauge(_ name: String, _ help: String, _ value: Double) -> RemoteWriteMeasurement {
            RemoteWriteMeasurement(name: "remote_write_" + name, isCounter: false, help: help, labels: [], value: value)
        }
        func counter(_ name: String, _ help: String, _ value: Int, reason: String? = nil) -> RemoteWriteMeasurement {
            RemoteWriteMeasurement(
                name: "remote_write_" + name,
                isCounter: true,
                help: help,
                labels: reason.map { [MetricLabel("reason", $0)] } ?? [],
                value: Double(value)
            )
        }
        let dropped = [
            ("over_budget", queue.samplesOverBudget), ("damaged", queue.samplesDamaged),
            ("rejected", samplesRejected), ("not_written", samplesNotWritten),
        ]
        return [
            gauge("queue_batches", "Requests that wait on disk for the receiver.", Double(queue.batches)),
            gauge("queue_samples", "Samples that wait on disk for the receiver.", Double(queue.samples)),
            gauge("queue_bytes", "Size of the files that wait for the receiver.", Double(queue.bytes)),
            gauge(
                "queue_oldest_age_seconds",
                "Plant time since the oldest waiting sample; 0 where nothing waits.",
                oldestAge?.inSeconds ?? 0
            ),
            counter("samples_sent", "Samples the receiver took.", samplesSent),
            counter("requests_sent", "Requests the receiver took.", batchesSent),
            counter("failed_attempts", "Attempts that failed and are repeated.", failedAttempts),
            counter("cycles_skipped", "Cycles not sampled because the disk was too slow.", cyclesSkipped),
        ]
            + dropped.map { reason, value in
                counter("samples_dropped", "Samples that will never be sent, by reason.", value, reason: reason)
            }
    }
}
