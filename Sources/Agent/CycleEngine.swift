// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import KPI
package import Plant

/// The pure middle of a cycle: from a frozen image to a record of all that follows from it.
///
/// No clock, no wait, no I/O: the shell gives it an image and does with the record what it must. Replaying stored
/// images through a fresh engine gives the same records.
package struct CycleEngine: Sendable {
    package private(set) var sequence = 0
    private var kpi: KPIEngine

    /// Builds the engine for a site.
    ///
    /// - Throws: ``AgentProblem`` listing every reason why the site cannot be run.
    package init(site: SiteDescription) throws(AgentProblem) {
        let (engine, problems) = KPIEngine.make(site: site)
        guard let engine else {
            throw AgentProblem("site \(site.id)", problems.map(\.description).joined(separator: "; "))
        }
        kpi = engine
    }

    /// Runs one cycle.
    ///
    /// - Parameters:
    ///   - image: the readings, frozen; its time must be later than that of the cycle before.
    ///   - wallTime: wall time of the freeze.
    ///   - outcomes: write outcomes that arrived since the cycle before.
    ///   - devices: how the devices' links are doing.
    ///   - events: what the shell itself has to report.
    /// - Returns: the record of all that the cycle saw and decided.
    package mutating func step(
        _ image: ProcessImage,
        wallTime: Timestamp,
        outcomes: [WriteOutcome] = [],
        devices: [DeviceStatus] = [],
        events: [Event] = []
    ) -> CycleRecord {
        sequence += 1
        let keyFigures = kpi.step(image)
        return CycleRecord(
            sequence: sequence,
            image: image,
            wallTime: wallTime,
            totals: keyFigures.totals,
            kpis: keyFigures.results,
            outcomes: outcomes,
            events: events + keyFigures.events,
            devices: devices
        )
    }

    package func snapshot() -> EngineSnapshot { EngineSnapshot(kpi: kpi.snapshot()) }

    package mutating func restore(_ snapshot: EngineSnapshot) { kpi.restore(snapshot.kpi) }
}

/// The restart file of the engine: copying the structs it is made of.
package struct EngineSnapshot: Sendable, Codable {
    package let kpi: KPISnapshot

    package init(kpi: KPISnapshot) { self.kpi = kpi }
}
