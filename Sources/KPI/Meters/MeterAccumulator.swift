// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// What every step looks at of a meter; the rest of it is touched only when a reading is new.
struct MeterWatch: Sendable {
    let point: PointIndex
    /// Plant time of the newest reading looked at.
    let seenTime: Timestamp
    /// Plant time up to which the total counts as current.
    let coveredUntil: Timestamp
    let published: StoredPoint
    /// Whether a slot was begun or closed in this step.
    let hasMoved: Bool
}

/// One meter's unwrapped, growing total and what is known of the last day of it.
struct MeterAccumulator: Sendable {
    let description: MeterDescription
    let source: MeterSource
    /// Joules, or millilitres for water, since the total was begun.
    private(set) var total: Int64 = 0
    /// Plant time of the sample that `total` belongs to; nil before the first.
    private(set) var totalTime: Timestamp?
    /// Plant time of the newest reading looked at.
    private(set) var seenTime = Timestamp(milliseconds: .min)
    /// A total that was stored before a restart, later than the snapshot: what follows may not fall below.
    private var floor: StoredPoint?
    private var register: RegisterUnwrapper?
    private var integrator: RateIntegrator?
    private(set) var fine: SlotRing
    private(set) var coarse: SlotRing

    /// Makes a meter that has not counted yet.
    ///
    /// - Parameters:
    ///   - description: the meter as the site describes it.
    ///   - source: where its total comes from.
    ///   - keepsDay: false for a meter that is only looked at over five minutes.
    ///   - slack: the largest gap of any meter of the site, in milliseconds.
    init(description: MeterDescription, source: MeterSource, keepsDay: Bool, slack: Int64) {
        self.description = description
        self.source = source
        fine = SlotRing(.fine, window: keepsDay ? .fifteenMinutes : .fiveMinutes, slackMilliseconds: slack)
        coarse = SlotRing(.coarse, window: keepsDay ? .oneDay : nil, slackMilliseconds: slack)
        switch source.kind {
        case .register(let limits): register = RegisterUnwrapper(limits: limits)
        case .rate: integrator = RateIntegrator(maximumGap: source.maximumGap)
        }
    }

    /// What is published: the total with its time, or the stored one until the total has caught up.
    var published: StoredPoint {
        let own = StoredPoint(time: totalTime ?? Timestamp(milliseconds: 0), total: total)
        guard let floor, floor.total > total else { return own }
        return floor
    }

    /// The step of the total from the register's resolution, in joules or millilitres; 0 where it has none.
    var resolution: Double { register?.resolution ?? 0 }

    /// Plant time up to which the total counts as current: its sample is young and nothing newer is in doubt.
    var coveredUntil: Timestamp {
        guard let totalTime, register?.state.candidate == nil,
            register?.state.base != nil || integrator?.state.time != nil
        else { return Timestamp(milliseconds: .min) }
        return Timestamp(milliseconds: totalTime.milliseconds + source.maximumGap)
    }

    /// What the engine keeps at hand of the meter as it stands.
    var watch: MeterWatch {
        MeterWatch(
            point: source.point,
            seenTime: seenTime,
            coveredUntil: coveredUntil,
            published: published,
            hasMoved: fine.hasMoved || coarse.hasMoved
        )
    }

    /// Takes a reading of the meter's point that is newer than the one before; one that is not good adds nothing.
    mutating func observe(_ reading: Reading, events: inout [Event]) -> MeterWatch {
        take(reading, events: &events)
        return watch
    }

    private mutating func take(_ reading: Reading, events: inout [Event]) {
        seenTime = reading.sourceTime
        let value = reading.value * source.countsPerUnit
        // Beyond this a count cannot be held in 64 bits with room to add.
        guard reading.isGood, value.isFinite, value.magnitude < 4e18 else { return }
        if register == nil {
            take(rate: value, at: reading.sourceTime, events: &events)
        } else if value >= 0 {
            take(RegisterSample(time: reading.sourceTime, count: Int64(value.rounded())), events: &events)
        }
    }

    private mutating func take(_ sample: RegisterSample, events: inout [Event]) {
        guard let outcome = register?.accept(sample) else { return }
        for remark in outcome.remarks { events.append(event(remark, at: sample.time)) }
        switch outcome.kind {
        case .held: break
        case .began:
            advance(to: sample.time, by: 0, .uncovered)
        case .counted(let delta):
            let isSeamless = sample.time.milliseconds - lastMilliseconds <= source.maximumGap
            if !isSeamless { events.append(gapEvent(until: sample.time, isBridged: true)) }
            advance(to: sample.time, by: delta, isSeamless ? .covered : .interpolated)
        case .rebased(let start, let delta):
            advance(to: start, by: 0, .uncovered)
            let isSeamless = sample.time.milliseconds - start.milliseconds <= source.maximumGap
            advance(to: sample.time, by: delta, isSeamless ? .covered : .interpolated)
        }
    }

    private mutating func take(rate: Double, at time: Timestamp, events: inout [Event]) {
        guard case .rate(let maximum) = source.kind, var integrator else { return }
        let isImplausible = rate > maximum
        if isImplausible, !integrator.state.isImplausible { events.append(implausibleEvent(rate, at: time)) }
        integrator.state.isImplausible = isImplausible
        defer { self.integrator = integrator }
        guard !isImplausible else { return }
        switch integrator.accept(rate: rate, at: time) {
        case .began: advance(to: time, by: 0, .uncovered)
        case .counted(let delta): advance(to: time, by: delta, .covered)
        case .gap:
            events.append(gapEvent(until: time, isBridged: false))
            advance(to: time, by: 0, .uncovered)
        }
    }

    private var lastMilliseconds: Int64 { totalTime?.milliseconds ?? .min / 2 }

    private mutating func advance(to time: Timestamp, by delta: Int64, _ coverage: Coverage) {
        let (sum, isOverflow) = total.addingReportingOverflow(delta)
        let next = max(isOverflow ? total : sum, floor?.total ?? 0)
        guard let start = totalTime, time > start else {
            if totalTime == nil {
                total = next
                totalTime = time
                fine.begin(at: time, total: total)
                coarse.begin(at: time, total: total)
            }
            return
        }
        let segment = MeterSegment(start: start, end: time, startTotal: total, endTotal: next, coverage: coverage)
        fine.append(segment)
        coarse.append(segment)
        total = next
        totalTime = time
    }
}

// MARK: - Restart

extension MeterAccumulator {
    func snapshot() -> MeterSnapshot {
        MeterSnapshot(
            device: description.device,
            place: description.place,
            point: source.pointName,
            total: total,
            totalTime: totalTime,
            seenTime: seenTime,
            floor: floor,
            register: register?.state,
            rate: integrator?.state,
            fine: fine.series,
            coarse: coarse.series
        )
    }

    /// Goes on from a snapshot of the same meter.
    ///
    /// Where the meter has since got another point, the total goes on and the time between is uncovered.
    mutating func restore(_ snapshot: MeterSnapshot) {
        total = snapshot.total
        totalTime = snapshot.totalTime
        floor = snapshot.floor
        fine.restore(snapshot.fine)
        coarse.restore(snapshot.coarse)
        guard snapshot.point == source.pointName else { return }
        seenTime = snapshot.seenTime
        if let state = snapshot.register { register?.state = state }
        if let state = snapshot.rate { integrator?.state = state }
    }

    /// Keeps the total from falling below one that was stored after the snapshot was taken.
    ///
    /// A register makes up for the lost time by itself; an integrated total goes on from the stored one.
    mutating func resume(from stored: MeterTotal) {
        guard stored.total > total else { return }
        floor = StoredPoint(time: stored.sourceTime, total: stored.total)
        guard totalTime.map({ $0 < stored.sourceTime }) ?? true, register?.state.base == nil else { return }
        advance(to: stored.sourceTime, by: stored.total - total, .uncovered)
        seenTime = max(seenTime, stored.sourceTime)
        integrator?.state = RateState()
    }

    mutating func beginStep() {
        fine.beginStep()
        coarse.beginStep()
    }
}
