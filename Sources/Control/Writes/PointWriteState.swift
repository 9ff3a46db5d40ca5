// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// Why a point does not follow its loop.
package enum PointHold: Hashable, Sendable, Codable {
    /// An operator holds it at a value, in the point's base unit, until `expires`.
    case byOperator(value: Double, expires: Timestamp, reason: String, requester: String)
    /// Somebody changed it at the device to this value, in the point's base unit; never written until released.
    case atDevice(value: Double, since: Timestamp)
    /// Writes failed twice; nothing is sent until released.
    case writesFailed(detail: String, since: Timestamp)
}

/// What a point shall take now, and how it may get there.
package struct WriteIntent: Hashable, Sendable {
    /// The accepted value, in the point's base unit.
    package let value: Double
    /// What safety and equipment protection allow; no step of a ramp leaves it.
    package let hard: AllowedValues
    /// Whether the value must not wait for a ramp, a rewrite interval or an earlier write.
    package let isUrgent: Bool

    package init(value: Double, hard: AllowedValues, isUrgent: Bool = false) {
        self.value = value
        self.hard = hard
        self.isUrgent = isUrgent
    }
}

/// What reading a point back told.
package enum WriteObservation: Hashable, Sendable {
    /// Nothing to report.
    case asExpected
    /// The device went back to its home or restart value by itself; the point is taken over again.
    case revertedToHome
    /// Somebody else changed it; the point is in hand now.
    case takenInHand(value: Double)
    /// The device was away or restarted; the point is taken over again from what it shows.
    case readopted
}

/// One point's write transaction as it stands: what was sent, what is confirmed, who holds it.
///
/// A pure state machine in plant time. Each cycle it is told outcomes, then the reading, then what the point shall
/// take; it says what is due to be sent. It never sends and never waits.
package struct PointWriteState: Hashable, Sendable, Codable {
    /// The value arbitration accepted last, in the point's base unit; nil while nobody commands the point.
    package var accepted: Double?
    /// The value sent last, in the point's base unit; nil before the first and after a hand-back.
    package private(set) var lastSent: Double?
    /// Plant time of that sending.
    package private(set) var sentAt: Timestamp?
    /// Whether a write is on its way without an outcome.
    package private(set) var isPending = false
    /// The value the device confirmed last, in the point's base unit.
    package private(set) var confirmed: Double?
    /// Consecutive writes that did not end confirmed.
    package private(set) var failures = 0
    package var hold: PointHold?
    /// Since when a due command waits for a proof.
    package var waitingSince: Timestamp?

    /// Whether the device acts on what it confirmed.
    var feedback: FeedbackWatch {
        get { watch ?? FeedbackWatch() }
        set { watch = newValue == FeedbackWatch() ? nil : newValue }
    }

    private(set) var confirmedAt: Timestamp?
    private var watch: FeedbackWatch?
    private var changedAt: Timestamp?
    private var retryAt: Timestamp?
    /// Where the slew limit stands, in the point's base unit.
    private var ramp: Double?
    private var suspectAt: Timestamp?
    private var revertedAt: Timestamp?
    private var mustAdopt = true
    private var wasLinkUp = true
    private var isUnverified = false

    /// Failed writes after which a point is no longer written.
    package static let failureLimit = 2
    /// Plant time between a failed write and the next attempt.
    package static let retryDelay = Duration.seconds(10)
    /// Plant time between two changes of a value that wears out memory.
    package static let storedInterval = Duration.seconds(900)
    /// Plant time after which a write without an outcome counts as failed, beyond the device's settling time.
    package static let outcomeTimeout = Duration.seconds(300)
    /// How long a command without a lease is worth sending.
    package static let commandLife = Duration.seconds(300)

    /// Plant time in which a device falls back to its own value by itself at most once.
    package static let reversionWindow = Duration.seconds(600)

    package init() {}

    /// Whether nothing is remembered of a command.
    package var isIdle: Bool { mustAdopt && sentAt == nil && accepted == nil }

    /// Whether the point does not follow its loop.
    package var isHeld: Bool {
        switch hold {
        case .byOperator, .atDevice, .writesFailed: true
        case nil: false
        }
    }

    /// Whether an operator holds it at a value.
    package var isHeldByOperator: Bool {
        switch hold {
        case .byOperator: true
        case .atDevice, .writesFailed, nil: false
        }
    }

    /// Whether the point may be written at all just now.
    package var isBlocked: Bool {
        switch hold {
        case .atDevice, .writesFailed: true
        case .byOperator, nil: false
        }
    }

    // MARK: Outcomes

    /// Takes the outcome of a write.
    ///
    /// - Returns: true where this was the failure that stops writing.
    package mutating func record(_ outcome: WriteOutcome) -> Bool {
        guard sentAt != nil else { return false }
        isPending = false
        guard outcome.result != .confirmed else {
            failures = 0
            confirmed = outcome.readBack ?? outcome.value
            confirmedAt = outcome.time
            retryAt = nil
            suspectAt = nil
            return false
        }
        return fail(outcome.detail, at: outcome.time)
    }

    private mutating func fail(_ detail: String, at time: Timestamp) -> Bool {
        isPending = false
        failures += 1
        retryAt = time + Self.retryDelay
        guard failures >= Self.failureLimit, hold == nil || !isBlocked else { return false }
        hold = .writesFailed(detail: detail, since: time)
        return true
    }

    /// Counts a write whose outcome never came.
    ///
    /// - Returns: true where this was the failure that stops writing.
    package mutating func expirePending(_ point: ControlledPoint, at time: Timestamp) -> Bool {
        guard isPending, let sentAt, time - sentAt > point.settle + Self.outcomeTimeout else { return false }
        return fail("no outcome was reported", at: time)
    }

    // MARK: Readings

    /// Compares what the device shows with what it should.
    ///
    /// A point goes in hand only where two readings with different source times, both after the confirmation, show
    /// a value that is neither ours nor one the device falls back to, its home or restart value, while the link
    /// stayed up: a supply that blinks need not break a gateway's link. A device that falls back twice inside
    /// ``reversionWindow`` did not forget: somebody wants it there, and that is in hand too.
    package mutating func observe(_ point: ControlledPoint, _ reading: Reading, isLinkUp: Bool) -> WriteObservation {
        // The connecting right after a restart is no break.
        defer { wasLinkUp = isLinkUp || isUnverified }
        guard lastSent != nil, hold == nil || !isBlocked else { return .asExpected }
        guard isLinkUp else {
            suspectAt = nil
            return .asExpected
        }
        if !wasLinkUp {
            takeOver()
            return .readopted
        }
        guard point.isReadable, let value = reading.usableValue else { return .asExpected }
        let isOurs = point.shows(value, confirmed) || point.shows(value, lastSent)
        if isUnverified {
            isUnverified = false
            guard isOurs else {
                takeOver()
                return .readopted
            }
        }
        guard !isPending, !isOurs, let confirmedAt, reading.sourceTime > confirmedAt else {
            suspectAt = nil
            return .asExpected
        }
        guard let first = suspectAt else {
            suspectAt = reading.sourceTime
            return .asExpected
        }
        guard reading.sourceTime > first else { return .asExpected }
        let isFallback = point.shows(value, point.home) || point.shows(value, point.restartValue)
        if isFallback, revertedAt.map({ reading.sourceTime - $0 > Self.reversionWindow }) ?? true {
            revertedAt = reading.sourceTime
            takeOver()
            return .revertedToHome
        }
        hold = .atDevice(value: value, since: reading.sourceTime)
        suspectAt = nil
        return .takenInHand(value: value)
    }

    /// Forgets what was sent, so that the next write starts from what the device shows.
    package mutating func takeOver() {
        lastSent = nil
        confirmed = nil
        confirmedAt = nil
        ramp = nil
        suspectAt = nil
        isPending = false
        mustAdopt = true
        isUnverified = false
    }

    /// Lets go of the point: nothing is refreshed, and the next command takes over anew.
    package mutating func handBack() {
        takeOver()
        sentAt = nil
        accepted = nil
        waitingSince = nil
        failures = 0
        retryAt = nil
    }

    /// After a restart: what was sent is believed only once the device shows it, and never beyond its lease.
    package mutating func resume(_ point: ControlledPoint, savedAt: Timestamp, now: Timestamp) {
        guard let sentAt else { return }
        if let lease = point.lease, now - sentAt > lease {
            takeOver()
        } else {
            isUnverified = now > savedAt
        }
    }
}

extension PointWriteState {
    // MARK: What is due

    /// The value due to be sent now, or nil.
    ///
    /// - Parameters:
    ///   - point: the point.
    ///   - intent: what it shall take.
    ///   - reading: what it shows.
    ///   - time: plant time of the cycle.
    ///   - dt: plant time since the cycle before; a lease is refreshed before a third of it has passed.
    /// - Returns: the value to send, in the point's base unit.
    package mutating func due(
        _ point: ControlledPoint,
        _ intent: WriteIntent,
        reading: Reading,
        at time: Timestamp,
        dt: Duration
    ) -> Double? {
        guard !isBlocked, !isUnverified || intent.isUrgent || !point.isReadable else { return nil }
        if mustAdopt {
            guard adopt(point, intent, reading) else { return nil }
        }
        let next = advance(point, intent, dt: dt)
        if let retryAt, time < retryAt { return nil }
        let isChanged = differs(next, from: lastSent, point, target: intent.value) || retryAt != nil
        // What must not stand any longer waits for nothing.
        let isUrgent = intent.isUrgent || lastSent.map { !intent.hard.contains($0) } == true
        if isPending, !(isChanged && isUrgent && next != lastSent) { return nil }
        if isChanged {
            if point.isStored, !isUrgent, let changedAt, time - changedAt < Self.storedInterval { return nil }
            return next
        }
        guard let refresh = point.refreshMilliseconds else { return nil }
        guard let sentAt else { return next }
        return (time + dt).milliseconds - sentAt.milliseconds > refresh ? next : nil
    }

    /// Marks a value as sent.
    package mutating func markSent(_ value: Double, at time: Timestamp) {
        if lastSent != value { changedAt = time }
        lastSent = value
        sentAt = time
        isPending = true
        retryAt = nil
        suspectAt = nil
        waitingSince = nil
    }

    /// Starts from what the device shows; false while it shows nothing that could be started from.
    private mutating func adopt(_ point: ControlledPoint, _ intent: WriteIntent, _ reading: Reading) -> Bool {
        if let shown = reading.usableValue {
            ramp = shown
            // What the device already holds is not written again, unless it would forget it.
            if point.lease == nil {
                lastSent = shown
                confirmed = shown
                confirmedAt = reading.sourceTime
            }
        } else if intent.isUrgent || !point.isReadable {
            ramp = intent.value
        } else {
            return false
        }
        mustAdopt = false
        return true
    }

    /// Moves the ramp on and gives the value it allows.
    private mutating func advance(_ point: ControlledPoint, _ intent: WriteIntent, dt: Duration) -> Double {
        guard let rate = point.slewPerSecond, !intent.isUrgent, let now = ramp,
            !point.risesFreely || intent.value < now
        else {
            ramp = intent.hard.projected(intent.value)
            return ramp ?? intent.value
        }
        let most = rate * dt.inSeconds
        let rest = intent.value - now
        var next = abs(rest) <= most ? intent.value : now + (rest < 0 ? -most : most)
        if next > 0, next < point.minimumRunning {
            next = intent.value > now ? min(intent.value, point.minimumRunning) : max(intent.value, 0)
            if intent.value > now, intent.value >= point.minimumRunning { next = point.minimumRunning }
        }
        let allowed = intent.hard.projected(next)
        ramp = allowed
        return allowed
    }

    /// Whether a value is worth a write: a whole step away, or the end of a ramp not quite reached.
    private func differs(_ next: Double, from sent: Double?, _ point: ControlledPoint, target: Double) -> Bool {
        guard let sent else { return true }
        let change = abs(next - sent)
        // A float's rounding must not hold back a change of exactly one step.
        return change >= point.step * 0.999 || (next == target && change > point.tolerance)
    }
}
