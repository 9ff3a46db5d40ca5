// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Control
package import KPI
package import Plant

/// The pure middle of a cycle: from a frozen image to a record of all that follows from it.
///
/// No clock, no wait, no I/O: the shell gives it an image and does with the record what it must. Replaying stored
/// images through a fresh engine gives the same records.
package struct CycleEngine: Sendable {
    package private(set) var sequence = 0
    private var kpi: KPIEngine
    private var control: ControlCycle
    private var previous: Timestamp?

    /// Builds the engine for a site.
    ///
    /// - Throws: ``AgentProblem`` listing every reason why the site cannot be run.
    package init(site: SiteDescription) throws(AgentProblem) {
        let (kpi, kpiProblems) = KPIEngine.make(site: site)
        let (control, controlProblems) = ControlCycle.make(site: site)
        guard let kpi, let control else {
            let problems = kpiProblems.map(\.description) + controlProblems.map { "\($0.subject): \($0.message)" }
            throw AgentProblem("site \(site.id)", problems.joined(separator: "; "))
        }
        self.kpi = kpi
        self.control = control
    }

    /// Runs one cycle.
    ///
    /// - Parameter inputs: what the cycle sees; the image's time must be later than that of the cycle before.
    /// - Returns: the record of all that the cycle saw and decided, and the replies to its requests in their order.
    package mutating func step(_ inputs: CycleInputs) -> (record: CycleRecord, replies: [OperatorReply]) {
        sequence += 1
        let image = inputs.image
        let dt = previous.map { image.time - $0 } ?? .zero
        previous = image.time
        let keyFigures = kpi.step(image)
        let decided = control.step(
            image,
            dt: dt,
            requests: inputs.requests,
            outcomes: inputs.outcomes,
            devices: inputs.devices,
            authority: inputs.authority
        )
        let record = CycleRecord(
            sequence: sequence,
            image: image,
            wallTime: inputs.wallTime,
            totals: keyFigures.totals,
            kpis: keyFigures.results,
            racks: keyFigures.racks,
            loops: decided.loops,
            decisions: decided.decisions,
            alarms: decided.alarms,
            commands: decided.commands,
            outcomes: inputs.outcomes,
            events: inputs.events + keyFigures.events + decided.events,
            devices: inputs.devices
        )
        return (record, decided.replies)
    }

    /// The commands that give every device back to its own controller.
    package func homeCommands(at time: Timestamp, authority: Authority) -> [Command] {
        control.homeCommands(at: time, authority: authority)
    }

    package func snapshot() -> EngineSnapshot { EngineSnapshot(kpi: kpi.snapshot(), control: control.snapshot()) }

    package mutating func restore(_ snapshot: EngineSnapshot) {
        kpi.restore(snapshot.kpi)
        control.restore(snapshot.control)
    }

    /// Keeps totals from falling behind those of the last stored cycle; called after ``restore(_:)``.
    package mutating func resume(from totals: [MeterTotal]) { kpi.resume(from: totals) }
}

/// All that one cycle is given.
package struct CycleInputs: Sendable {
    /// The readings, frozen.
    package let image: ProcessImage
    /// Wall time of the freeze.
    package let wallTime: Timestamp
    /// Operators' requests since the cycle before.
    package let requests: [OperatorRequest]
    /// Write outcomes that arrived since the cycle before.
    package let outcomes: [WriteOutcome]
    /// How the devices' links are doing, in site order.
    package let devices: [DeviceStatus]
    /// What the shell itself has to report.
    package let events: [Event]
    /// Whether this agent may write.
    package let authority: Authority

    package init(
        image: ProcessImage,
        wallTime: Timestamp,
        requests: [OperatorRequest] = [],
        outcomes: [WriteOutcome] = [],
        devices: [DeviceStatus] = [],
        events: [Event] = [],
        authority: Authority
    ) {
        self.image = image
        self.wallTime = wallTime
        self.requests = requests
        self.outcomes = outcomes
        self.devices = devices
        self.events = events
        self.authority = authority
    }
}

/// The restart file of the engine: copying the structs it is made of.
package struct EngineSnapshot: Sendable, Codable {
    package let kpi: KPISnapshot
    package let control: ControlSnapshot

    package init(kpi: KPISnapshot, control: ControlSnapshot) {
        self.kpi = kpi
        self.control = control
    }
}
