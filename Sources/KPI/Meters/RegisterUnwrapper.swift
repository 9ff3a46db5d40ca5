// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// One believed or doubted value of a register.
package struct RegisterSample: Hashable, Sendable, Codable {
    /// Plant time of the device's reply.
    package let time: Timestamp
    /// The register in joules, or millilitres for water.
    package let count: Int64
}

/// A value that does not follow from the last believed one and may be the start of a new life of the register.
package struct RegisterCandidate: Hashable, Sendable, Codable {
    package let first: RegisterSample
    package var last: RegisterSample
    /// How many samples in a row went on from `first`.
    package var samples: Int
}

/// What is remembered of a register between two reads.
package struct RegisterState: Hashable, Sendable, Codable {
    /// The last believed sample; nil before the first.
    package var base: RegisterSample?
    /// Plant time of the last sample whose count was not that of `base`.
    package var lastDifferent = Timestamp(milliseconds: 0)
    package var candidate: RegisterCandidate?
}

/// What one sample of a register meant.
struct RegisterOutcome {
    enum Kind: Equatable {
        /// The first sample: counting starts here.
        case began
        /// So many counts since the last believed sample, all of them known.
        case counted(Int64)
        /// Not believed for now; the total stays.
        case held
        /// The register lives anew since a moment; counts since then are known, those before it are lost.
        case rebased(at: Timestamp, delta: Int64)
    }

    let kind: Kind
    var remarks: [RegisterRemark] = []
}

/// Something about a register that a person should be able to find later.
enum RegisterRemark: Equatable {
    case rolledOver(from: Int64, to: Int64)
    /// A zero that did not last.
    case zeroRejected(count: Int64)
    /// A value below the last one that did not last, as a read torn between two words gives.
    case stepBackRejected(from: Int64, to: Int64)
    case spikeRejected(from: Int64, to: Int64)
    case reset(from: RegisterSample, to: RegisterSample)
    case jumped(from: RegisterSample, to: RegisterSample)
    /// The outage was so long that the register may have gone round more than once.
    case outageTooLong(from: RegisterSample, to: RegisterSample)
}

/// Turns the values of a wrapping, resetting, sometimes torn register into counts that only grow.
///
/// A step is believed when it is no larger than the meter's rating allows; a fall is a rollover only under the same
/// limit. Everything else waits as a candidate: the last believed value stays the base, so that a momentary zero, a
/// torn read or a spike costs nothing once the register is back. A candidate becomes the new base when the register
/// counts on from it, or stays there for ``settleMilliseconds``; the time before it is then lost, never estimated.
struct RegisterUnwrapper: Sendable {
    let limits: RegisterLimits
    var state = RegisterState()

    /// How many samples in a row a new base needs.
    static let confirmingSamples = 3
    /// How long a register that does not count must stand still before that is its new base, in milliseconds.
    static let settleMilliseconds: Int64 = 600_000
    /// The longest time a device may take to refresh its register, in milliseconds.
    static let refreshMilliseconds: Int64 = 300_000

    init(limits: RegisterLimits) { self.limits = limits }

    /// The step of the register where it now stands, in counts.
    var resolution: Double { limits.resolution(at: state.base?.count ?? 0) }

    /// Takes the next sample, later than the one before.
    mutating func accept(_ sample: RegisterSample) -> RegisterOutcome {
        guard let base = state.base else {
            state = RegisterState(base: sample, lastDifferent: sample.time, candidate: nil)
            return RegisterOutcome(kind: .began)
        }
        if isAmbiguous(from: base, to: sample) {
            state = RegisterState(base: sample, lastDifferent: sample.time, candidate: nil)
            return RegisterOutcome(
                kind: .rebased(at: sample.time, delta: 0),
                remarks: [.outageTooLong(from: base, to: sample)]
            )
        }
        let candidate = state.candidate
        // A jump upward comes within the limit by mere waiting, so its own life is looked at first; a fall does not.
        if let candidate, candidate.first.count > base.count, let outcome = follow(candidate, sample, base: base) {
            return outcome
        }
        if let outcome = count(sample, base: base, dropped: candidate) { return outcome }
        if let candidate, candidate.first.count <= base.count, let outcome = follow(candidate, sample, base: base) {
            return outcome
        }
        state.candidate = RegisterCandidate(first: sample, last: sample, samples: 1)
        return RegisterOutcome(kind: .held, remarks: candidate.map { [rejection(of: $0, base: base)] } ?? [])
    }

    /// The sample as a plain step or rollover from the base; nil where it is neither.
    private mutating func count(
        _ sample: RegisterSample,
        base: RegisterSample,
        dropped: RegisterCandidate?
    ) -> RegisterOutcome? {
        // A device that refreshes its register rarely shows the use of all that time in one step.
        let refresh = min(
            base.time.milliseconds - state.lastDifferent.milliseconds,
            Self.refreshMilliseconds
        )
        let elapsed = sample.time.milliseconds - base.time.milliseconds
        let limit = limits.largestStep(from: base.count, overMilliseconds: elapsed + refresh + limits.stampMilliseconds)
        var delta = sample.count - base.count
        var remarks: [RegisterRemark] = dropped.map { [rejection(of: $0, base: base)] } ?? []
        // A momentary zero close to the rollover looks like one: the next sample tells.
        if delta < 0, sample.count > 0, let rollover = limits.rollover(above: base.count) {
            delta += rollover
            // A zero held back before was the rollover itself.
            if dropped?.first.count == 0 { remarks = [] }
            remarks.append(.rolledOver(from: base.count, to: sample.count))
        }
        guard delta >= 0, delta <= limit else { return nil }
        if delta > 0 { state.lastDifferent = base.time }
        state.base = sample
        state.candidate = nil
        return RegisterOutcome(kind: .counted(delta), remarks: remarks)
    }

    /// The sample as one more of the candidate's life; nil where it does not go on from there.
    private mutating func follow(
        _ candidate: RegisterCandidate,
        _ sample: RegisterSample,
        base: RegisterSample
    ) -> RegisterOutcome? {
        let elapsed = sample.time.milliseconds - candidate.first.time.milliseconds
        let grown = sample.count - candidate.first.count
        guard sample.count >= candidate.last.count,
            grown <= limits.largestStep(from: candidate.first.count, overMilliseconds: elapsed)
        else { return nil }
        var next = candidate
        next.last = sample
        next.samples += 1
        guard next.samples >= Self.confirmingSamples, grown > 0 || elapsed >= Self.settleMilliseconds else {
            state.candidate = next
            return RegisterOutcome(kind: .held)
        }
        state = RegisterState(base: sample, lastDifferent: candidate.first.time, candidate: nil)
        let isJump = candidate.first.count > base.count
        return RegisterOutcome(
            kind: .rebased(at: candidate.first.time, delta: grown),
            remarks: [isJump ? .jumped(from: base, to: candidate.first) : .reset(from: base, to: candidate.first)]
        )
    }

    /// Whether the register may have gone round more than once since the base.
    private func isAmbiguous(from base: RegisterSample, to sample: RegisterSample) -> Bool {
        guard let rollover = limits.rollover else { return false }
        let elapsed = sample.time.milliseconds - base.time.milliseconds
        return RegisterLimits.tolerance * limits.ratedCountsPerSecond * Double(elapsed) / 1_000 >= Double(rollover)
    }

    private func rejection(of candidate: RegisterCandidate, base: RegisterSample) -> RegisterRemark {
        let count = candidate.first.count
        if count > base.count { return .spikeRejected(from: base.count, to: count) }
        return count == 0 ? .zeroRejected(count: base.count) : .stepBackRejected(from: base.count, to: count)
    }
}
