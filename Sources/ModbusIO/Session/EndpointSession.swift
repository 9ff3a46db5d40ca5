// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The conversation with one endpoint: decides what to ask when, and what an answer or its absence means.
///
/// Driven by ``next(at:)`` and by what happened on the wire; it owns no socket and reads no clock, so all of it runs
/// in a test. One request is in flight at a time. Rules:
/// - Of the scans that are due, the one with the nearest end of its interval goes first, block by block, so a long
///   slow scan never holds up a fast one.
/// - A request that times out is not repeated within its scan. The connection stays; a late reply is known by its
///   transaction id. It is given up where half a frame is left in the stream, or where every device behind the
///   endpoint has failed and three requests in a row brought not one byte.
/// - A device that is down (``UnitHealth``) gets probes. While other devices are healthy, a failed probe is followed
///   by a rest nine times as long as it took, so that dead devices take at most a tenth of the endpoint's time. In
///   that rest a device that has failed, or has not answered since the first of the time-outs, waits behind those that
///   have: however many devices die at once, one that is known to live waits for one time-out at most.
/// - How long a reply may take follows each device's own replies (``ResponseHistory``); for writes it is the map's.
/// - Writes overtake reads; one request in flight holds for them too.
/// - A device whose map names identity registers is asked for them first on every new connection and whenever it comes
///   back (``IdentityCheck``); its points are neither read nor written before it has answered rightly.
/// - A gateway's "target failed to respond" counts as the unit's failure, any other exception as an answer: the
///   device keeps its scans, but shows as degraded until it gives a good reply.
package struct EndpointSession: Sendable {
    /// Halvings of refused blocks in one scan of a group, so that a scan has an end.
    static let halvingLimit = 32
    /// Requests without reply that are remembered to know a late reply by.
    static let abandonedLimit = 64
    /// Transaction ids back from the newest by which a second copy of a reply is known.
    static let duplicateReach: UInt16 = 16
    /// Wall time between two looks at addresses that a device refuses, in nanoseconds: ten minutes.
    package static let refusalRetry: Int64 = 600_000_000_000

    struct Group {
        let device: Int
        var grid: ScanGrid
        var memory: BlockMemory
        var cursor = 0
        var halvings = 0
        var isActive = false
        /// The end of the interval that the running scan belongs to.
        var deadline = MonotonicTime.never
        /// When the running scan was due; nil once it has begun, and for one that no grid asked for.
        var dueAt: MonotonicTime?
    }

    struct Device {
        let plan: DevicePlan
        let groups: Range<Int>
        var health = UnitHealth()
        var history: ResponseHistory
        /// When it answered last, be it with an exception.
        var lastAnswer = MonotonicTime(nanoseconds: .min)
        var state = DeviceState()
        var identity: IdentityCheck
        /// The verdict that was told last, and what the device said; a confirmed one is no news at first.
        var told = DeviceIdentity.State.confirmed
        var found = ""
        /// What its points wait for; nil for a device that needs nothing.
        var preparation: DevicePreparation?
    }

    struct Abandoned {
        let transaction: UInt16
        let device: Int
        let sent: MonotonicTime
    }

    package let plan: EndpointPlan
    package internal(set) var connection: ConnectionState
    package internal(set) var outstanding: OutstandingRequest?
    /// What happened since ``clearEffects()``, in order.
    package internal(set) var effects: [SessionEffect] = []
    /// What the endpoint's metrics show.
    package internal(set) var counters = EndpointCounters()
    var devices: [Device] = []
    /// How many of them are down.
    var downCount = 0
    var groups: [Group] = []
    /// Devices whose points may not be read yet.
    var unready: [Int] = []
    /// Groups whose scan is running.
    var active: [Int] = []
    var earliestDue = MonotonicTime.never
    var abandoned: [Abandoned] = []
    var hasPartialFrame = false
    var nextRequestAt = MonotonicTime(nanoseconds: .min)
    var nextProbeAt = MonotonicTime(nanoseconds: .min)
    /// When the next device that is not down is to say what it is.
    var nextIdentityAt = MonotonicTime.never
    /// When the first of the requests left that have timed out with no rest between them.
    var disturbedSince = MonotonicTime(nanoseconds: .min)
    /// The writes that have not ended.
    var desk = WriteDesk()
    private var nextTransaction: UInt16
    /// Requests sent over this connection, no further than ``duplicateReach``.
    private var recentRequests: UInt16 = 0

    /// Makes a session whose first connection attempt is at `firstAttempt` and whose scan grids start at `start`.
    package init(plan: EndpointPlan, start: MonotonicTime, firstAttempt: MonotonicTime, seed: UInt64) {
        self.plan = plan
        var generator = SeededGenerator(seed: seed)
        nextTransaction = UInt16(truncatingIfNeeded: generator.next())
        connection = ConnectionState(
            start: firstAttempt,
            backOff: plan.backOff,
            connectLimit: plan.connectLimit,
            settleTime: plan.settleTime,
            seed: generator.next()
        )
        for (position, device) in plan.devices.enumerated() {
            let first = groups.count
            for group in device.groups {
                let memory = BlockMemory(plan: group.reads, retryNanoseconds: Self.refusalRetry)
                let grid = ScanGrid(start: start, interval: group.interval, phase: group.phase)
                groups.append(Group(device: position, grid: grid, memory: memory))
            }
            let history = ResponseHistory(floor: device.timeoutFloor, ceiling: device.responseTimeout)
            let identity = IdentityCheck(isNeeded: device.identity != nil)
            var made = Device(plan: device, groups: first..<groups.count, history: history, identity: identity)
            made.preparation = device.search.map { DevicePreparation($0) }
            made.state.identity = identity.state
            devices.append(made)
        }
        abandoned.reserveCapacity(Self.abandonedLimit)
    }

    /// How a device behind the endpoint is doing.
    package func state(ofDevice device: Int) -> DeviceState { devices[device].state }

    /// The device that a group's points belong to, as a position among the endpoint's devices.
    package func device(ofGroup group: Int) -> Int { groups[group].device }

    /// The points of a group, as it is planned.
    package func plan(ofGroup group: Int) -> [PlannedPoint] { groups[group].memory.plan.points }

    /// Judges what stands at the head of the stream; changes nothing.
    ///
    /// Mutating, and its closure captures what it needs one by one, because else the session is copied for each frame.
    package mutating func judge(_ bytes: Span<UInt8>) -> FrameVerdict {
        let expected = outstanding?.request.expectedReply ?? desk.exchange?.request.expectedReply
        let (abandoned, newest, reach) = (abandoned, nextTransaction, recentRequests)
        return FrameCheck.judge(bytes, expected: expected) { transaction in
            Self.isRecent(transaction, newest: newest, reach: reach)
                || abandoned.contains { $0.transaction == transaction }
        }
    }

    /// Forgets ``effects``, once they are carried out.
    package mutating func clearEffects() { effects.removeAll(keepingCapacity: true) }

    /// Decides what to do at this moment; to be called after every event and whenever a wait is over, until it
    /// says to wait.
    package mutating func next(at now: MonotonicTime) -> SessionAction {
        switch connection.phase {
        case .waiting(let until):
            guard now >= until else { return .wait(until: until) }
            connection.started(at: now)
            return .connect
        case .connecting(let until):
            guard now >= until else { return .wait(until: until) }
            lose(.timeout, at: now)
            return .close
        case .settling(let until):
            guard now >= until else { return .wait(until: until) }
            connection.settled()
            return nextRequest(at: now)
        case .open:
            return nextRequest(at: now)
        }
    }

    private mutating func nextRequest(at now: MonotonicTime) -> SessionAction {
        if let request = outstanding {
            guard now >= request.deadline else { return .wait(until: request.deadline) }
            if timeOut(request, at: now) { return .close }
        } else if let exchange = desk.exchange {
            guard now >= exchange.deadline else { return .wait(until: exchange.deadline) }
            if writeTimedOut(exchange, at: now) { return .close }
        }
        activateDue(at: now)
        guard now >= nextRequestAt else { return .wait(until: nextRequestAt) }
        if let write = nextWrite(at: now) { return .sendWrite(write) }
        if desk.isDraining {
            guard let job = pickIdentityForOrders(at: now) else { return .wait(until: desk.nextDue) }
            return .send(send(job, at: now))
        }
        if let job = pick(at: now) { return .send(send(job, at: now)) }
        let wake = min(earliestDue, nextProbe(at: now), nextIdentityAt, nextPreparation(at: now))
        return .wait(until: min(wake, desk.nextDue))
    }

    private mutating func send(_ job: SessionJob, at now: MonotonicTime) -> ReadRequest {
        let (device, block) = target(of: job, at: now)
        if case .scan(let group, _) = job, let dueAt = groups[group].dueAt {
            counters.scanLateness.record(nanoseconds: now - dueAt)
            groups[group].dueAt = nil
        }
        let request = ReadRequest(
            transaction: takeTransactionIdentifier(),
            unit: devices[device].plan.unit,
            block: block
        )
        outstanding = OutstandingRequest(
            request: request,
            job: job,
            device: device,
            sent: now,
            deadline: now + devices[device].history.timeout
        )
        noteRequest(to: device)
        return request
    }

    /// Whom a request goes to, and what it asks for.
    private func target(of job: SessionJob, at now: MonotonicTime) -> (device: Int, block: ReadBlock) {
        switch job {
        case .scan(let group, let entry), .probe(let group, let entry):
            (groups[group].device, groups[group].memory.entries[entry].block)
        case .identify(let device, let block): (device, block)
        case .prepare(let device): (device, preparationBlock(of: device, at: now))
        }
    }

    /// Counts a request, whatever it is for.
    mutating func noteRequest(to device: Int) {
        devices[device].state.requests += 1
        counters.requests += 1
    }

    /// The identifier for the next request, whatever it is for.
    mutating func takeTransactionIdentifier() -> UInt16 {
        defer { nextTransaction &+= 1 }
        recentRequests = min(recentRequests + 1, Self.duplicateReach)
        return nextTransaction
    }

    /// Whether a transaction id was used on this connection a moment ago: a reply with it is a second copy.
    private static func isRecent(_ transaction: UInt16, newest: UInt16, reach: UInt16) -> Bool {
        let back = newest &- transaction
        return back >= 1 && back <= reach
    }

    /// Nothing sent before can be answered any more: the connection is a new one.
    mutating func forgetRecentRequests() { recentRequests = 0 }
}
