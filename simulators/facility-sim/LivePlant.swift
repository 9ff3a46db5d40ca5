// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import PlantSim
import Synchronization

/// The simulated plant behind the registers of a site, moved on by whoever looks at it.
///
/// A register shows the plant at the moment it is read. The serving thread therefore takes the steps that are due
/// before it answers, however long nobody ran, and an answer belongs to a moment between request and reply: the
/// moment a client stamps it with, up to the round trip. Were registers put in place by a thread of their own, a
/// client that is scheduled when that thread is not would stamp old values with new times and see the lost minutes
/// flow within one poll afterwards: at sixty times wall time a stall of two seconds is two minutes of energy, which no
/// meter of that rating could have counted. What cannot be caught up before the answer is due is never caught up:
/// plant time then stays behind, and energy is late but never too fast.
final class LivePlant: Sendable {
    private struct Contents {
        var facility: any ServedPlant
        var pace: SimulationPace
        /// What each point of the site shows, in its base unit; NaN where it has to be put in anew.
        var shown: [Double]
        /// Whether each point of the site shows that it has no value.
        var gaps: [Bool]
        /// Steps taken since the start.
        var steps = 0
        /// The number of steps at which each device's registers were put in place last.
        var shownAt: [Int]
        var schedule = FaultSchedule()
        var pointFaults = PointFaults()
        /// Faults of the plant itself, at plant times since the start.
        var plantFaults: [PlantFaultEvent] = []
        var activePlantFaults = PlantFaults()
        var reportedPoints: Set<String> = []
        var isLateReported = false
    }

    let site: SiteDescription
    /// By position in the site's devices.
    let banks: [RegisterBank]
    /// The first point of each device in the site's points, by position in its devices.
    private let firstPoints: [Int]
    private let faultBoard: FaultBoard
    private let start: Timestamp
    private let wall: WallClock
    private let report: @Sendable (String) -> Void
    /// Told of what a client wrote to a point of the site.
    private let written: @Sendable (PointIndex, Double) -> Void
    private let contents: Mutex<Contents>

    /// Wall time that catching up may take before an answer: a client waits for it, for a second at most as a rule.
    private static let catchUpBudget = Duration.milliseconds(500)
    /// Steps between two looks at the clock.
    private static let stepsPerLook = 16

    /// Puts a plant behind the registers of a site.
    ///
    /// - Parameters:
    ///   - site: The site.
    ///   - facility: Its plant.
    ///   - isAtEveryUnit: Whether its devices answer at every unit id, and so have their faults there.
    ///   - wall: The clock that plant time follows.
    ///   - report: Takes what an operator should read: commands that were lost, values no register can hold.
    ///   - written: Takes what a client wrote.
    init(
        site: SiteDescription,
        facility: any ServedPlant,
        isAtEveryUnit: Bool = false,
        wall: @escaping WallClock,
        report: @escaping @Sendable (String) -> Void,
        written: @escaping @Sendable (PointIndex, Double) -> Void = { _, _ in }
    ) {
        self.site = site
        self.wall = wall
        self.report = report
        self.written = written
        start = facility.time
        banks = site.devices.map { RegisterBank(map: site.maps[$0.map], undefinedAddresses: .gapsReadZero) }
        var firstPoints: [Int] = []
        var next = 0
        for device in site.devices {
            firstPoints.append(next)
            next += site.maps[device.map].points.count
        }
        self.firstPoints = firstPoints
        faultBoard = FaultBoard(site: site, banks: banks, firstPoints: firstPoints, isAtEveryUnit: isAtEveryUnit)
        var facility = facility
        let shown = facility.begin(banks.flatMap(\.values))
        contents = Mutex(
            Contents(
                facility: facility,
                pace: SimulationPace(timeScale: site.simulation?.timeScale ?? 1, began: wall()),
                shown: shown,
                gaps: Array(repeating: false, count: shown.count),
                shownAt: Array(repeating: -1, count: site.devices.count)
            )
        )
    }

    /// Plant time at the end of the last step.
    var time: Timestamp { contents.withLock { $0.facility.time } }

    /// Starts plant time: what passed on the wall since the plant was made does not count.
    func begin() { contents.withLock { $0.pace.giveUpWhatIsDue(at: wall()) } }

    /// Takes the steps that are due.
    func advance() { contents.withLock { advance(&$0) } }

    /// Takes what clients wrote, and the steps that are due.
    func settle() {
        contents.withLock { contents in
            takeCommands(&contents)
            advance(&contents)
        }
    }

    /// Takes the steps that are due and puts what a device shows then into its registers.
    func refresh(device: Int) {
        contents.withLock { contents in
            advance(&contents)
            show(device, &contents)
        }
    }

    /// What is wrong with each endpoint, by position in the site's endpoints.
    var faultSwitches: [FaultSwitch] { faultBoard.switches }

    private func advance(_ contents: inout Contents) {
        let began = wall()
        var now = began
        while true {
            let due = contents.pace.stepsDue(at: now)
            guard due > 0 else { return }
            takeCommands(&contents)
            if now - began > Self.catchUpBudget {
                contents.pace.giveUpWhatIsDue(at: now)
                if !contents.isLateReported {
                    contents.isLateReported = true
                    report("this machine is too slow for the time scale; plant time falls behind")
                }
                return
            }
            let count = min(due, Self.stepsPerLook)
            for _ in 0..<count { step(&contents) }
            contents.pace.take(count)
            now = wall()
        }
    }

    private func step(_ contents: inout Contents) {
        switchPlantFaults(&contents)
        contents.facility.step(dt: SimulationPace.step)
        contents.steps += 1
        let elapsed = contents.facility.time - start
        switchFaults(&contents, at: elapsed)
        guard contents.pointFaults.needsSteps else { return }
        for change in contents.pointFaults.step(to: elapsed) { tell(change, &contents) }
    }

    /// Lets the plant's own faults of this moment be on, where any began or ended.
    private func switchPlantFaults(_ contents: inout Contents) {
        guard !contents.plantFaults.isEmpty else { return }
        let faults = PlantFaults(contents.plantFaults, at: contents.facility.time - start, plant: site.plant)
        guard faults != contents.activePlantFaults else { return }
        contents.facility.apply(faults)
        contents.activePlantFaults = faults
    }

    /// Lets the faults of this moment be on, where any began or ended.
    private func switchFaults(_ contents: inout Contents, at elapsed: Duration) {
        guard let faults = contents.schedule.changed(at: elapsed) else { return }
        // What was written before a fault began was taken by a healthy device.
        takeCommands(&contents)
        faultBoard.apply(faults)
        for change in contents.pointFaults.set(faults, site: site) { tell(change, &contents) }
    }

    private func tell(_ change: PointFaults.Change, _ contents: inout Contents) {
        contents.facility.apply(PointIndex(change.point), value: change.value)
        contents.shown[change.point] = .nan
    }

    /// Hands what clients wrote to the plant.
    private func takeCommands(_ contents: inout Contents) {
        for (device, bank) in banks.enumerated() {
            let writes = bank.takeWrites()
            if writes.dropped > 0 {
                report("\(site.devices[device].id): \(writes.dropped) commands came faster than plant steps")
            }
            for write in writes.values {
                let position = firstPoints[device] + write.point
                written(PointIndex(position), write.value)
                let elapsed = contents.facility.time - start
                let change = contents.pointFaults.accept(write.value, at: position, elapsed: elapsed)
                if let change { tell(change, &contents) }
                contents.shown[position] = .nan
                contents.gaps[position] = false
                if let feedback = contents.facility.drivenFeedback(of: PointIndex(position)) {
                    contents.shown[feedback.position] = .nan
                    contents.gaps[feedback.position] = false
                }
            }
        }
    }

    /// Puts what changed in the plant since the last time into a device's registers.
    ///
    /// What did not change stays as it is, so that a value written meanwhile is not wiped out before it is taken.
    private func show(_ device: Int, _ contents: inout Contents) {
        guard contents.shownAt[device] != contents.steps else { return }
        contents.shownAt[device] = contents.steps
        let bank = banks[device]
        let elapsed = contents.facility.time - start
        var values: [WrittenValue] = []
        var gaps: [Int] = []
        bank.setAway(contents.facility.isAway(device: device))
        for position in bank.map.points.indices {
            let place = firstPoints[device] + position
            guard !contents.pointFaults.isStuck(place) else { continue }
            let hasGap = contents.facility.hasGap(at: PointIndex(place))
            if hasGap, !contents.gaps[place] {
                contents.shown[place] = .nan
                gaps.append(position)
            }
            contents.gaps[place] = hasGap
            guard !hasGap else { continue }
            let truth = contents.facility.value(of: PointIndex(place))
            let value = contents.pointFaults.shown(truth, at: place, elapsed: elapsed)
            guard let value, value != contents.shown[place] else { continue }
            contents.shown[place] = value
            values.append(WrittenValue(point: position, value: value))
        }
        if !gaps.isEmpty { bank.withdraw(gaps) }
        guard !values.isEmpty else { return }
        for problem in bank.set(values) {
            if contents.facility.withdrawsWhatDoesNotFit, let position = bank.position(of: problem.point) {
                bank.withdraw([position])
            }
            guard contents.reportedPoints.insert("\(device)/\(problem.point)").inserted else { continue }
            report("\(site.devices[device].id)/\(problem)")
        }
    }
}

// MARK: - Faults

extension LivePlant {
    /// Adds faults, counted from the present plant time, all or none.
    ///
    /// - Returns: Their numbers.
    func add(_ events: [FaultEvent]) throws(FaultSchedule.Refusal) -> [Int] {
        try contents.withLock { contents throws(FaultSchedule.Refusal) in
            advance(&contents)
            let elapsed = contents.facility.time - start
            var schedule = contents.schedule
            var numbers: [Int] = []
            for event in events {
                do throws(FaultSchedule.Refusal) {
                    numbers.append(try schedule.add(event, to: site, at: elapsed))
                } catch {
                    throw FaultSchedule.Refusal(text: "\(event.origin): \(error.text)")
                }
            }
            contents.schedule = schedule
            switchFaults(&contents, at: elapsed)
            return numbers
        }
    }

    /// Adds faults of the plant itself, counted from the present plant time; nothing ends them before their time.
    func add(_ events: [PlantFaultEvent]) {
        contents.withLock { contents in
            advance(&contents)
            let elapsed = contents.facility.time - start
            contents.plantFaults += events.map { event in
                PlantFaultEvent(
                    after: elapsed + event.after,
                    lasts: event.lasts,
                    equipment: event.equipment,
                    fault: event.fault,
                    origin: event.origin
                )
            }
        }
    }

    /// Ends a fault, or with nil all.
    ///
    /// - Returns: Whether there was any.
    func removeFault(_ number: Int?) -> Bool {
        contents.withLock { contents in
            advance(&contents)
            let isFound = contents.schedule.remove(number)
            switchFaults(&contents, at: contents.facility.time - start)
            return isFound
        }
    }

    /// The faults that are on or still to come, one a line.
    var faultLines: [String] {
        contents.withLock { contents in
            let elapsed = contents.facility.time - start
            return contents.schedule.faults.map { fault in
                let state = fault.begins <= elapsed ? "on" : "in \((fault.begins - elapsed).inSeconds) s"
                let rest = fault.ends.map { ", ends in \(($0 - elapsed).inSeconds) s" } ?? ""
                return "\(fault.number) \(state)\(rest): \(fault.event.fault) on \(fault.devices.count) devices"
            }
        }
    }

    /// How often each point that was ever written has been, one a line: `cdu-1/setpoint 12`.
    var writeCountLines: [String] {
        zip(site.devices, banks).flatMap { device, bank in
            bank.writeCounts.map { "\(device.id)/\(bank.map.points[$0.point].name) \($0.count)" }
        }
    }
}
