// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
package import Plant
package import PlantSim
import Thermo

/// A scenario in closed loop: the plant with its faults, its devices with theirs, and the agent, in virtual time.
///
/// Deterministic: the same scenario, site and seed give the same result bit for bit.
package struct ScenarioRun: Sendable {
    private let scenario: Scenario
    private let settings: ScenarioRunSettings
    private var devices: VirtualDevices
    private var agent: VirtualAgent
    private var ledger: RunLedger
    private var balances: BalanceWatch
    private var judges: [ExpectationJudge]
    private var alarms = AlarmLog()

    /// - Returns: nil and every reason where the scenario cannot be run on the site.
    package static func make(
        _ scenario: Scenario,
        site: SiteDescription
    ) -> (ScenarioRun?, problems: [SimulationProblem]) {
        func problem(_ message: String) -> SimulationProblem {
            SimulationProblem(subject: "scenario", message: message)
        }
        let run = scenario.run
        if let climate = run.climate, !RunSurroundings.climates.contains(climate) {
            let known = RunSurroundings.climates.joined(separator: ", ")
            return (nil, [problem("there is no climate '\(climate)'; take one of \(known)")])
        }
        var settings = FacilitySettings()
        if let utilisation = run.utilisation {
            settings.profile = .trace(LoadTrace(steady: utilisation))
        }
        let (facility, found) = Facility.make(
            site: site,
            seed: run.seed,
            start: run.start ?? site.simulation?.start ?? CalendarTime(year: 2_026, month: 1, day: 1).timestamp,
            settings: settings,
            surroundings: RunSurroundings(air: run.climate.map { .climate($0) } ?? .site, events: scenario.events)
        )
        guard let facility else { return (nil, found) }
        guard facility.coolingPowers != nil else {
            return (nil, [problem("the site has no cooling plant to put to the test")])
        }
        let (agent, problems) = VirtualAgent.make(site: site, stops: scenario.stops)
        guard let agent else {
            return (nil, problems.map { SimulationProblem(subject: $0.subject, message: $0.message) })
        }
        let judges = scenario.expectations.map { ExpectationJudge($0, of: scenario, site: site) }
        do throws(FaultSchedule.Refusal) {
            let devices = try VirtualDevices(
                site: site,
                facility: facility,
                scenario: scenario,
                watched: judges.flatMap(\.points)
            )
            return (ScenarioRun(scenario, devices: devices, agent: agent, judges: judges), [])
        } catch { return (nil, [problem(error.text)]) }
    }

    private init(_ scenario: Scenario, devices: VirtualDevices, agent: VirtualAgent, judges: [ExpectationJudge]) {
        self.scenario = scenario
        settings = scenario.run
        self.devices = devices
        self.agent = agent
        self.judges = judges
        ledger = RunLedger(limits: ThermalLimits(devices.site), site: devices.site)
        balances = BalanceWatch(devices.facility)
    }

    /// Runs to the end.
    ///
    /// - Parameter progress: told the share that is done, 0...1, from time to time.
    /// - Returns: What it has come to.
    package mutating func run(progress: (Double) -> Void = { _ in }) -> ScenarioResult {
        var steps = 0
        while devices.elapsed < settings.duration {
            step()
            steps += 1
            if steps.isMultiple(of: 120) { progress(devices.elapsed.inSeconds / settings.duration.inSeconds) }
        }
        balances.finish(devices.facility)
        progress(1)
        return ScenarioResult(
            title: scenario.title,
            hours: devices.elapsed.inSeconds / 3_600,
            seed: settings.seed,
            expectations: judges.map { $0.outcome(alarms) },
            alarms: alarms.raised,
            notes: scenario.wireOnlyNotes,
            worstHeatBalance: balances.closure.worstHeat
        )
    }

    private mutating func step() {
        let dt = settings.step
        devices.advance(dt)
        let outputs = agent.step(&devices, dt: dt)
        devices.facility.observe(&ledger.observation)
        ledger.addObservation(dt: dt.inSeconds)
        if balances.isDue(devices.facility.time) { balances.close(devices.facility) }
        if let outputs { alarms.add(outputs, at: devices.elapsed) }
        let moment = ScenarioMoment(
            elapsed: devices.elapsed,
            dt: dt.inSeconds,
            time: devices.facility.time,
            truth: devices.truth,
            outputs: outputs,
            way: ledger.present,
            machines: devices.facility.machineRecords,
            limitedRacks: devices.facility.racks.count { $0.limit != .none }
        )
        for index in judges.indices { judges[index].observe(moment) }
    }
}

/// What expectations are judged by after one step.
struct ScenarioMoment {
    /// Plant time since the start.
    let elapsed: Duration
    /// The step in seconds.
    let dt: Double
    let time: Timestamp
    /// The truth behind the points that are looked at, by position in the site.
    let truth: [Reading]
    /// nil while the agent is gone.
    let outputs: ControlOutputs?
    let way: CoolingWay
    let machines: [MachineRecord]
    /// Racks that throttle or have tripped.
    let limitedRacks: Int
}

/// The alarms that were raised, in their order.
struct AlarmLog: Sendable {
    private(set) var raised: [RaisedAlarm] = []

    /// Raised alarms that are kept.
    private static let capacity = 100_000

    mutating func add(_ outputs: ControlOutputs, at elapsed: Duration) {
        for event in outputs.events where event.kind == "alarm_active" && raised.count < Self.capacity {
            let record = outputs.alarms.first { $0.id == event.subject }
            raised.append(
                RaisedAlarm(id: event.subject, seconds: elapsed.inSeconds, priority: record?.priority.rawValue)
            )
        }
    }
}

extension Scenario {
    /// What of its faults only a wire can show.
    var wireOnlyNotes: [String] {
        faults.compactMap { event in
            switch event.fault {
            case .latency, .reply(.late, _), .reply(.drip, _), .reply(.duplicate, _), .reply(.wordSwap, _),
                .connectionLimit(1...):
                "\(event.origin): virtual time has no wire for this fault to act on; facility-sim acts it out"
            case .reply, .connectionLimit, .stuck, .drift, .bias, .noise, .write, .watchdog, .restart: nil
            }
        }
    }
}
