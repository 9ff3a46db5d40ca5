// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// A family that the agent writes of itself and of what it computed, rather than of a register.
struct AgentFamily: Sendable {
    let family: MetricFamily
    /// Whether it says something of the plant; such families are left out when cycles have stopped coming.
    let isMeasured: Bool
    let write: @Sendable (PublishedState, inout ExpositionBuffer) -> Void

    /// Makes a family whose samples come from the newest cycle record.
    static func measured(
        _ family: MetricFamily,
        write: @escaping @Sendable (CycleRecord, inout ExpositionBuffer) -> Void
    ) -> AgentFamily {
        AgentFamily(family: family, isMeasured: true) { state, buffer in
            if let record = state.record { write(record, &buffer) }
        }
    }

    /// Every such family, in no particular order.
    static func all(site: SiteDescription, version: String) -> [AgentFamily] {
        agent(site: site, version: version) + devices(of: site) + endpoints(of: site) + keyFigures() + plant(of: site)
    }
}

extension AgentFamily {
    /// What the agent says of itself: version, cycles, clocks.
    static func agent(site: SiteDescription, version: String) -> [AgentFamily] {
        constants(site: site, version: version) + [
            AgentFamily(
                family: MetricFamily(
                    "thermocline_cycle_age_seconds",
                    .gauge,
                    unit: "seconds",
                    help: "Wall time since the newest cycle was finished; grows when cycles have stopped."
                ),
                isMeasured: false
            ) { state, buffer in
                if let age = state.age { buffer.sample([], age.inSeconds) }
            },
            AgentFamily(
                family: MetricFamily(
                    "thermocline_cycle_sequence",
                    .gauge,
                    help: "Number of the newest cycle, counted since the agent started."
                ),
                isMeasured: false
            ) { state, buffer in
                if let record = state.record { buffer.sample([], whole: Int64(record.sequence)) }
            },
            AgentFamily(
                family: MetricFamily(
                    "thermocline_plant_timestamp_seconds",
                    .gauge,
                    unit: "seconds",
                    help: "Plant time of the newest cycle since 1970; wall time unless the site is simulated."
                ),
                isMeasured: false
            ) { state, buffer in
                if let record = state.record { buffer.sample([], record.image.time.secondsSinceEpoch) }
            },
            AgentFamily(family: durationFamily, isMeasured: false) { state, buffer in
                writeDurations(state.durations, to: &buffer)
            },
        ]
    }

    private static func constants(site: SiteDescription, version: String) -> [AgentFamily] {
        let siteLabels = ExpositionBuffer.labels([
            ("id", site.id), ("name", site.name), ("jurisdiction", site.jurisdiction),
        ])
        let timeScale = site.simulation?.timeScale
        return [
            AgentFamily(
                family: MetricFamily("thermocline_build", .info, help: "The version of the agent."),
                isMeasured: false
            ) { _, buffer in
                buffer.sample(ExpositionBuffer.labels([("version", version)]), 1)
            },
            AgentFamily(
                family: MetricFamily("thermocline_site", .info, help: "The site the agent serves."),
                isMeasured: false
            ) { _, buffer in
                buffer.sample(siteLabels, 1)
            },
            AgentFamily(
                family: MetricFamily(
                    "thermocline_simulation_time_scale",
                    .gauge,
                    help: "Plant seconds per wall second; present on simulated sites only."
                ),
                isMeasured: false
            ) { _, buffer in
                if let timeScale { buffer.sample([], timeScale) }
            },
        ]
    }

    private static let durationFamily = MetricFamily(
        "thermocline_cycle_duration_seconds",
        .histogram,
        unit: "seconds",
        help: "Wall time of a cycle from freeze to arbitration."
    )

    private static func writeDurations(_ durations: CycleDurations, to buffer: inout ExpositionBuffer) {
        var cumulated = 0
        for (bound, count) in zip(CycleDurations.bounds, durations.counts) {
            cumulated += count
            buffer.sample(ExpositionBuffer.labels([("le", bound.label)]), Double(cumulated), suffix: "_bucket")
        }
        cumulated = durations.counts.reduce(0, +)
        buffer.sample(ExpositionBuffer.labels([("le", "+Inf")]), Double(cumulated), suffix: "_bucket")
        buffer.sample([], durations.sumSeconds, suffix: "_sum")
        buffer.sample([], Double(cumulated), suffix: "_count")
    }
}
