// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// One write from its turn to its end: what must be known first, the write, and the proof.
///
/// Reads the scale factor where the value needs one, the register where it holds bits of other points, and last the
/// precondition; writes; reads back until the value shows or the settle time is over. A write that is not answered
/// in time may have been carried out all the same, so the read-back decides. Owns no socket and reads no clock.
struct WriteTransaction: Sendable {
    enum Phase: Hashable, Sendable { case scaleFactor, current, precondition, write, readBack }

    /// How it ended and why.
    struct Verdict: Hashable, Sendable {
        let result: WriteOutcome.Result
        let detail: String

        init(_ result: WriteOutcome.Result, _ detail: String) {
            self.result = result
            self.detail = detail
        }
    }

    /// Bounds of the pause between two read-backs, in nanoseconds: 20 ms and 500 ms.
    private static let pauses: ClosedRange<Int64> = 20_000_000...500_000_000

    let order: WriteOrder
    private(set) var phase: Phase
    /// When the next message may leave.
    private(set) var dueAt = MonotonicTime(nanoseconds: .min)
    /// The value read back last, in the base unit.
    private(set) var readBack: Double?
    /// What the device shows at a point that was read, to be published; set by ``answered(_:at:)``.
    private(set) var seen: (mapPoint: Int, value: DecodedValue)?
    private var current: UInt16?
    private var scaleFactorWord: UInt16?
    private var sentValue: Double
    private var isAcknowledged = false
    private var settleEnd = MonotonicTime.never
    /// Why the newest read-back showed nothing; empty where it did.
    private var readBackFailure = ""

    init(_ order: WriteOrder) {
        self.order = order
        sentValue = order.value
        phase = order.target.precondition == nil ? .write : .precondition
        if order.target.currentRegister != nil { phase = .current }
        if order.target.scaleFactorRegister != nil { phase = .scaleFactor }
    }

    private var target: WriteTarget { order.target }

    /// Whether other writes must wait: between the first message and the reply to the write.
    var isMidway: Bool { phase != .readBack }

    /// The next message.
    ///
    /// - Throws: ``WriteRefusal`` where the value cannot be encoded; nothing has been written then.
    mutating func message() throws(WriteRefusal) -> WriteMessage {
        switch phase {
        case .scaleFactor:
            if let register = target.scaleFactorRegister { return .read(register.range) }
        case .current:
            if let register = target.currentRegister { return .read(register.range) }
        case .precondition:
            if let precondition = target.precondition { return .read(precondition.place.range) }
        case .readBack:
            if let readBack = target.readBack { return .read(readBack.range) }
        case .write:
            break
        }
        let words = try target.words(order.value, current: current, scaleFactorWord: scaleFactorWord)
        let rounded = target.codec.decode(words, scaleFactorWord: scaleFactorWord)
        if rounded.isGood { sentValue = rounded.value }
        return target.message(words)
    }

    /// Notes the reply to the message; `words` are empty for a write.
    ///
    /// - Returns: How it ended; nil where the transaction goes on.
    mutating func answered(_ words: [UInt16], at now: MonotonicTime) -> Verdict? {
        seen = nil
        switch phase {
        case .scaleFactor:
            scaleFactorWord = target.scaleFactorRegister?.words(words).first
            phase = target.currentRegister == nil ? beforeWrite : .current
            return nil
        case .current:
            current = target.currentRegister?.words(words).first
            phase = beforeWrite
            return nil
        case .precondition:
            return judgePrecondition(words)
        case .write:
            isAcknowledged = true
            guard target.readBack != nil else {
                return Verdict(.confirmed, "acknowledged by the device; the map names nothing to read it back from")
            }
            settle(at: now)
            return nil
        case .readBack:
            return judgeReadBack(words, at: now)
        }
    }

    /// The device answered the message with an exception.
    mutating func refused(_ exception: ModbusException, at now: MonotonicTime) -> Verdict? {
        seen = nil
        switch phase {
        case .scaleFactor, .current, .precondition:
            return Verdict(.refused, "the read before the write: \(exception.name)")
        case .write:
            // "Acknowledge": the device has accepted the write and needs long to carry it out.
            if exception.code == 5, target.readBack != nil {
                isAcknowledged = true
                settle(at: now)
                return nil
            }
            return Verdict(.refused, exception.name)
        case .readBack:
            readBackFailure = "the read-back: \(exception.name)"
            guard !exception.isLasting else { return Verdict(.refused, readBackFailure) }
            return lookAgain(at: now)
        }
    }

    /// No reply to the message came in time.
    mutating func timedOut(at now: MonotonicTime) -> Verdict? {
        seen = nil
        switch phase {
        case .scaleFactor, .current, .precondition:
            return Verdict(.noReply, "no reply to the read before the write; nothing was written")
        case .write:
            guard target.readBack != nil else { return Verdict(.noReply, "no reply to the write") }
            settle(at: now)
            return nil
        case .readBack:
            readBackFailure = "no reply to the read-back"
            return lookAgain(at: now)
        }
    }

    /// Why it cannot be brought to its end, in words that say how far it came.
    func cutOff(_ why: String) -> Verdict {
        guard phase == .readBack else { return Verdict(.noReply, why) }
        return Verdict(.noReply, isAcknowledged ? "\(why), after the device acknowledged the write" : why)
    }

    private var beforeWrite: Phase { target.precondition == nil ? .write : .precondition }

    private mutating func judgePrecondition(_ words: [UInt16]) -> Verdict? {
        guard let precondition = target.precondition else { return nil }
        let shown = precondition.place.decode(words).value
        seen = (precondition.place.mapPoint, shown)
        guard shown.isGood else {
            return Verdict(.blocked, "precondition '\(precondition.name)' is bad: \(shown.cause.words)")
        }
        guard precondition.range.contains(shown.value) else {
            let wanted = "\(precondition.range.lowerBound)...\(precondition.range.upperBound)"
            return Verdict(.blocked, "precondition '\(precondition.name)' reads \(shown.value), not \(wanted)")
        }
        phase = .write
        return nil
    }

    private mutating func settle(at now: MonotonicTime) {
        phase = .readBack
        dueAt = now
        settleEnd = now + target.settle
    }

    private mutating func judgeReadBack(_ words: [UInt16], at now: MonotonicTime) -> Verdict? {
        guard let place = target.readBack else { return nil }
        let shown = place.decode(words)
        seen = (place.mapPoint, shown.value)
        guard shown.value.isGood else {
            readBackFailure = "the read-back is bad: \(shown.value.cause.words)"
            return lookAgain(at: now)
        }
        readBack = shown.value.value
        readBackFailure = ""
        let own = target.codec.resolution(near: sentValue, scaleFactorWord: scaleFactorWord)
        let others = place.codec.resolution(near: sentValue, scaleFactorWord: shown.scaleFactorWord)
        // Less than a whole step, else one count too few would pass for the value.
        if abs(shown.value.value - sentValue) <= 0.75 * max(own, others) {
            return Verdict(.confirmed, isAcknowledged ? "read back" : "read back, though the write was not answered")
        }
        return lookAgain(at: now)
    }

    /// Plans another read-back, the last one at the end of the settle time.
    private mutating func lookAgain(at now: MonotonicTime) -> Verdict? {
        guard now >= settleEnd else {
            let pause = min(max(target.settle / 10, Self.pauses.lowerBound), Self.pauses.upperBound)
            dueAt = min(now + pause, settleEnd)
            return nil
        }
        guard isAcknowledged else {
            let rest = readBackFailure.isEmpty ? "the device reads back another value" : readBackFailure
            return Verdict(.noReply, "no reply to the write; \(rest)")
        }
        guard readBackFailure.isEmpty else {
            return Verdict(.noReply, "acknowledged by the device, but \(readBackFailure)")
        }
        return Verdict(.notTaken, "acknowledged by the device, but it reads back \(readBack ?? .nan)")
    }
}
