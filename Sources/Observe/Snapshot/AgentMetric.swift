// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// One measurement of the agent itself that no cycle record carries: queue depth, bytes on disk.
package struct AgentMetric: Hashable, Sendable {
    /// How the value behaves over time.
    package enum Kind: Sendable {
        case gauge
        /// A running total; its series end in `_total`.
        case counter
    }

    /// The metric's name without the `thermocline_` prefix and without `_total`, ending in its unit.
    package let name: String
    package let kind: Kind
    /// One sentence for whoever reads the metrics page.
    package let help: String
    package let labels: [AgentMetricLabel]
    /// The value, in the base unit the name ends with.
    package let value: Double

    package init(name: String, kind: Kind, help: String, labels: [AgentMetricLabel] = [], value: Double) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
        self.value = value
    }
}

/// One label of an agent metric; the order given is the order shown.
package struct AgentMetricLabel: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
