// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// Control of one site: from a frozen image to commands, with every reason.
///
/// Pure: plant time, readings, requests and outcomes are arguments. Copying the struct is a snapshot;
/// ``snapshot()`` is the restart file.
package struct ControlCycle: Sendable {
    /// What one loop said last, and since when.
    struct LoopWatch: Sendable {
        var state: String
        var since: Timestamp
    }

    let siteID: String
    let site: SiteDescription
    let points: ControlledPoints
    let isAdvisoryOnly: Bool
    let slotByID: [PointID: Int]
    /// By slot: the loop that commands the point, -1 where none does.
    let ownerOfSlot: [Int]
    var loops: LoopSet
    var writes: WriteSupervisor
    var modes: LoopModes
    var alarms = AlarmEngine()
    var watches: [LoopWatch?]
    var epoch = 0
    var lastTime: Timestamp?
    var restoredAt: Timestamp?
    private let interlocks: PlantInterlocks
    private let chain: CommandChain
    private let deviceAlarms: DeviceAlarms
    private var scanOverruns: ScanOverruns
    private var takeovers = TakeoverAlarm()
    /// The slots of the last cycle's commands, in their order.
    private var sent: [Int] = []

    /// Builds control for a site.
    ///
    /// - Parameters:
    ///   - site: the site.
    ///   - isAdvisoryOnly: whether nothing is ever written, whatever modes say.
    /// - Returns: no cycle where there is any problem.
    package static func make(
        site: SiteDescription,
        isAdvisoryOnly: Bool = false
    ) -> (ControlCycle?, problems: [ControlProblem]) {
        let (loops, problems) = LoopSet.make(site: site)
        guard problems.isEmpty else { return (nil, problems) }
        return (ControlCycle(site: site, loops: loops, isAdvisoryOnly: isAdvisoryOnly), [])
    }

    private init(site: SiteDescription, loops: LoopSet, isAdvisoryOnly: Bool) {
        let points = ControlledPoints(site: site)
        siteID = site.id
        self.site = site
        self.points = points
        self.isAdvisoryOnly = isAdvisoryOnly
        slotByID = Dictionary(
            points.points.indices.map { (points.points[$0].id, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        var owners = Array(repeating: -1, count: points.points.count)
        for loop in loops.descriptions.indices {
            for index in loops.commandPoints(ofLoop: loop) {
                if let slot = points.slot(of: index) { owners[slot] = loop }
            }
        }
        ownerOfSlot = owners
        self.loops = loops
        writes = WriteSupervisor(points: points)
        modes = LoopModes(site: site.id, loops: loops.descriptions.map(\.id))
        watches = Array(repeating: nil, count: loops.descriptions.count)
        interlocks = PlantInterlocks(site: site, points: points)
        chain = CommandChain(site: site, points: points)
        deviceAlarms = DeviceAlarms(site: site, points: points)
        scanOverruns = ScanOverruns(site: site)
    }

    /// Runs one cycle.
    ///
    /// - Parameters:
    ///   - image: the frozen readings; its time must be later than that of the cycle before.
    ///   - dt: plant time since the cycle before.
    ///   - requests: what operators ask, answered in the same order.
    ///   - outcomes: write outcomes that arrived since the cycle before.
    ///   - devices: how links are doing, in site order; empty where nobody watches them, which counts as up.
    ///   - authority: whether this agent may write.
    /// - Returns: what was decided, and what is due to be sent.
    package mutating func step(
        _ image: ProcessImage,
        dt: Duration,
        requests: [OperatorRequest],
        outcomes: [WriteOutcome],
        devices: [DeviceStatus],
        authority: Authority
    ) -> ControlOutputs {
        let time = image.time
        resumeAfterRestart(at: time)
        var events = take(authority, at: time)
        let mayWrite = authority.mayWrite && authority.epoch == epoch && !isAdvisoryOnly
        events += record(outcomes, at: time)
        events += writes.expireHolds(at: time)
        let isLinkUp = { (device: Int) in device >= devices.count || devices[device].takesWrites }
        events += writes.observe(image, isLinkUp: isLinkUp)
        let replies = requests.map { handle($0, image, devices, mayWrite: mayWrite, events: &events) }

        let modes = self.modes.entries.map(\.mode)
        let acting = modes.map { $0 == .automatic && mayWrite }
        let held = writes.states.indices.map { writes.states[$0].isHeld }
        let points = self.points
        let outputs = loops.step(image, dt: dt, acting: acting) { points.slot(of: $0).map { held[$0] } ?? false }
        for loop in outputs.indices where modes[loop] != .off { events += outputs[loop].events }

        var arbitration = CycleArbitration(points: points)
        arbitration.collect(
            outputs,
            loops: loops.descriptions,
            isProposing: modes.map { $0 != .off },
            acting: acting,
            states: writes.states,
            mayWrite: mayWrite,
            image
        )
        let tripped = arbitration.resolve(interlocks, states: writes.states, image)
        let commands = plan(arbitration, image, dt: dt, isLinkUp: isLinkUp, authority: authority)

        var conditions: [AlarmCondition] = []
        for loop in outputs.indices where modes[loop] != .off { conditions += outputs[loop].alarms }
        conditions += writes.conditions(at: time)
        conditions += tripped.map(Self.condition)
        let silent = deviceAlarms.conditions(devices)
        conditions += silent.conditions
        conditions += scanOverruns.step(devices, at: time)
        if let restarted = takeovers.step(writes.changedDevices, site, devices, at: time) {
            conditions.append(restarted)
        }
        let shown = alarms.step(conditions, suppressedPrefixes: silent.suppressed, at: time)
        lastTime = time
        return ControlOutputs(
            loops: statuses(outputs, modes, at: time),
            arbitration: arbitration,
            commands: commands,
            commandPoints: sent.map { points.points[$0].index },
            alarms: shown.records,
            events: events + shown.events,
            replies: replies
        )
    }

    /// What sends everything held back to its own controller, in the order in which it must leave.
    ///
    /// A machine that carries heat is not switched off on the way out: chillers are enabled, whatever their home.
    package func homeCommands(at time: Timestamp, authority: Authority) -> [Command] {
        guard authority.mayWrite, authority.epoch >= epoch, !isAdvisoryOnly else { return [] }
        let reason = Reason(code: "agent_stopping", text: "the agent stops; the device goes back to its own control")
        let due = points.points.indices.compactMap { slot -> (rank: Int, slot: Int, value: Double)? in
            let state = writes.states[slot]
            guard state.sentAt != nil, !state.isBlocked, let value = points.points[slot].departure else { return nil }
            return (chain.rank(slot: slot, from: state.confirmed ?? state.lastSent, to: value), slot, value)
        }
        return due.sorted { ($0.rank, $0.slot) < ($1.rank, $1.slot) }.map {
            command($0.slot, $0.value, origin: "agent", reason, at: time, authority)
        }
    }

    // MARK: Steps of a cycle

    /// Takes note of who may write; a handover makes every point start again from what its device shows.
    private mutating func take(_ authority: Authority, at time: Timestamp) -> [Event] {
        guard authority.epoch > epoch else { return [] }
        defer { epoch = authority.epoch }
        guard lastTime != nil else { return [] }
        writes.takeOverAll()
        let message = "the right to write is of epoch \(authority.epoch) now; every point is taken over anew"
        return [Event(time: time, kind: "authority_changed", subject: siteID, message: message)]
    }

    /// Takes outcomes in; most come back in the order in which their commands left, so none has to be looked up.
    private mutating func record(_ outcomes: [WriteOutcome], at time: Timestamp) -> [Event] {
        let (points, slots, sent) = (points.points, slotByID, sent)
        var next = 0
        return writes.record(
            outcomes,
            slotOf: { id in
                guard next < sent.count, points[sent[next]].id == id else { return slots[id] }
                defer { next += 1 }
                return sent[next]
            },
            at: time
        )
    }

    private mutating func plan(
        _ arbitration: CycleArbitration,
        _ image: ProcessImage,
        dt: Duration,
        isLinkUp: (Int) -> Bool,
        authority: Authority
    ) -> [Command] {
        let due = writes.plan(image, dt: dt, isLinkUp: isLinkUp, intent: arbitration.intent)
        for slot in points.points.indices where writes.states[slot].accepted != arbitration.accepted[slot] {
            writes.states[slot].accepted = arbitration.accepted[slot]
        }
        let ordered = due.map { entry -> (rank: Int, entry: WriteSupervisor.Due) in
            let present = writes.states[entry.slot].lastSent ?? image[points.points[entry.slot].index].usableValue
            return (chain.rank(slot: entry.slot, from: present, to: entry.value), entry)
        }.sorted { ($0.rank, $0.entry.slot) < ($1.rank, $1.entry.slot) }
        var isWaiting = Array(repeating: false, count: points.points.count)
        var commands: [Command] = []
        commands.reserveCapacity(ordered.count)
        sent.removeAll(keepingCapacity: true)
        for (_, entry) in ordered {
            guard let source = arbitration[entry.slot] else { continue }
            let isNew = writes.states[entry.slot].lastSent != entry.value
            if isNew, chain.missingProof(slot: entry.slot, to: entry.value, image) != nil {
                isWaiting[entry.slot] = true
                if writes.states[entry.slot].waitingSince == nil { writes.states[entry.slot].waitingSince = image.time }
                continue
            }
            writes.states[entry.slot].markSent(entry.value, at: image.time)
            sent.append(entry.slot)
            commands.append(
                command(entry.slot, entry.value, origin: source.origin, source.reason, at: image.time, authority)
            )
        }
        for slot in points.points.indices where !isWaiting[slot] && writes.states[slot].waitingSince != nil {
            writes.states[slot].waitingSince = nil
        }
        return commands
    }

    private func command(
        _ slot: Int,
        _ value: Double,
        origin: String,
        _ reason: Reason,
        at time: Timestamp,
        _ authority: Authority
    ) -> Command {
        let point = points.points[slot]
        return Command(
            point: point.id,
            value: value,
            origin: origin,
            reason: reason,
            expires: time + (point.lease ?? PointWriteState.commandLife),
            authority: authority
        )
    }

    private static func condition(_ interlock: JointInterlock) -> AlarmCondition {
        AlarmCondition(
            id: "interlock/\(interlock.rawValue)",
            isPresent: true,
            priority: .medium,
            message: "\(interlock.cause); \(interlock.effect)",
            response: "look at the decisions it bound, then at the pump, valve or sensor they name",
            onDelay: .seconds(300),
            offDelay: .seconds(60)
        )
    }

    private mutating func statuses(_ outputs: [LoopOutput], _ modes: [LoopMode], at time: Timestamp) -> [LoopStatus] {
        outputs.indices.map { loop in
            let output = outputs[loop]
            let isOff = modes[loop] == .off
            let state = isOff ? "off" : output.state
            let since = watches[loop].flatMap { $0.state == state ? $0.since : nil } ?? time
            watches[loop] = LoopWatch(state: state, since: since)
            let shown = isAdvisoryOnly && modes[loop] == .automatic ? .advisory : modes[loop]
            return LoopStatus(
                id: loops.descriptions[loop].id,
                kind: loops.descriptions[loop].kind,
                mode: shown,
                state: state,
                reason: isOff ? Reason(code: "loop_off", text: "switched off by an operator") : output.reason,
                since: since
            )
        }
    }
}
