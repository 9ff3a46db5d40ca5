// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Synchronization

/// What is served: the newest cycle, and what must be remembered over cycles to explain it.
///
/// The shell publishes once per cycle; requests read whenever they come. Nobody waits for anybody longer than it
/// takes to swap one value.
package final class LatestCycle: Sendable {
    package let site: SiteDescription
    /// The agent's version, as every surface shows it.
    package let version: String

    private let state: Mutex<State>
    private let monotonicNow: @Sendable () -> ContinuousClock.Instant

    private struct State {
        var record: CycleRecord?
        var publishedAt: ContinuousClock.Instant?
        var history = CommandHistory()
        var durations = CycleDurations()
        var metrics: [AgentMetric] = []
        var endpoints: [EndpointMetrics] = []
    }

    /// Makes an empty box for a site.
    ///
    /// - Parameters:
    ///   - site: The site; its points give the order of every image.
    ///   - version: The agent's version.
    ///   - monotonicNow: Wall time that never jumps, used only to notice that cycles have stopped coming.
    package init(
        site: SiteDescription,
        version: String,
        monotonicNow: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.site = site
        self.version = version
        self.monotonicNow = monotonicNow
        state = Mutex(State())
    }

    /// Makes a finished cycle the one that is served.
    ///
    /// - Precondition: The record's image holds one reading per point of the site.
    /// - Parameters:
    ///   - record: The finished cycle.
    ///   - cycleDuration: Wall time from freeze to arbitration, for the histogram; nil leaves it out.
    ///   - metrics: Measurements of the agent itself as they stand now; they replace those given before.
    ///   - endpoints: What polling each endpoint is like now; they replace those given before.
    package func publish(
        _ record: CycleRecord,
        cycleDuration: Duration? = nil,
        metrics: [AgentMetric] = [],
        endpoints: [EndpointMetrics] = []
    ) {
        precondition(
            record.image.readings.count == site.points.count,
            "image with \(record.image.readings.count) readings for a site of \(site.points.count) points"
        )
        let now = monotonicNow()
        state.withLock { state in
            state.history.add(record, site: site)
            if let cycleDuration { state.durations.add(cycleDuration) }
            state.record = record
            state.metrics = metrics
            state.endpoints = endpoints
            state.publishedAt = now
        }
    }

    /// How long the newest cycle may be the newest before what it says counts as old, in wall time.
    ///
    /// Five cycles, and at least 5 s so that a loaded machine is not taken for a stopped one.
    package var longestSilence: Duration {
        let scale = site.simulation?.timeScale ?? 1
        return max(.seconds(5), .seconds(site.effectiveCycleInterval.inSeconds / scale * 5))
    }

    /// All that one answer is made from; consistent in itself however long the answer takes.
    package func snapshot() -> PublishedState {
        let now = monotonicNow()
        let longest = longestSilence
        return state.withLock { state in
            let age = state.publishedAt.map { now - $0 }
            return PublishedState(
                record: state.record,
                age: age,
                isCurrent: age.map { $0 <= longest } ?? false,
                history: state.history,
                durations: state.durations,
                metrics: state.metrics,
                endpoints: state.endpoints
            )
        }
    }
}

/// The newest cycle as it stood when somebody asked.
package struct PublishedState: Sendable {
    /// Nil before the first cycle.
    package let record: CycleRecord?
    /// Wall time since the record was published; nil before the first cycle.
    package let age: Duration?
    /// Whether cycles are coming; where not, no reading may be shown as live.
    package let isCurrent: Bool
    let history: CommandHistory
    let durations: CycleDurations
    let metrics: [AgentMetric]
    let endpoints: [EndpointMetrics]

    /// The record with every reading marked stale where cycles have stopped, so that nothing old looks live.
    var honestRecord: CycleRecord? {
        guard let record, !isCurrent else { return record }
        func aged(_ reading: Reading) -> Reading {
            guard reading.quality <= .uncertain else { return reading }
            return Reading(value: reading.value, quality: .stale, cause: .tooOld, sourceTime: reading.sourceTime)
        }
        var racks = record.racks
        for position in racks.indices { racks[position].power = aged(racks[position].power) }
        return CycleRecord(
            sequence: record.sequence,
            image: ProcessImage(time: record.image.time, readings: record.image.readings.map(aged)),
            wallTime: record.wallTime,
            totals: record.totals,
            kpis: record.kpis,
            racks: racks,
            loops: record.loops,
            decisions: record.decisions,
            alarms: record.alarms,
            commands: record.commands,
            outcomes: record.outcomes,
            events: record.events,
            devices: record.devices
        )
    }
}
