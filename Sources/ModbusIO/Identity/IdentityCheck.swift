// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// Whether one unit is known to be the product its map describes, driven by what it answered and when.
///
/// The identity is asked for after every connect and whenever a unit comes back, before anything of the unit is read
/// or written. Another answer than the map accepts is a mismatch: nothing but the identity is read until it is right.
/// A unit that refuses the question, or leaves it unanswered while it answers others, stays unconfirmed: it is read,
/// but not written. Both are asked again, so that the right device is taken on without a restart.
package struct IdentityCheck: Hashable, Sendable {
    /// Wall time between two looks at a wrong device, in nanoseconds: ten seconds.
    package static let mismatchRetry: Int64 = 10_000_000_000
    /// Wall time between two looks at one that does not say what it is, in nanoseconds: a minute.
    package static let unconfirmedRetry: Int64 = 60_000_000_000
    /// Questions in a row without an answer after which another answer of the unit makes it unconfirmed.
    package static let silenceLimit = 2
    /// Passing refusals in a row (busy, for instance) after which it is unconfirmed.
    package static let refusalLimit = 3

    /// What is known; nil where the map names no identity registers.
    package private(set) var state: DeviceIdentity.State?
    /// When the identity is to be asked for next; ``MonotonicTime/never`` where it need not be.
    package private(set) var dueAt = MonotonicTime.never
    private var silences = 0
    private var refusals = 0

    /// Starts with nothing known.
    package init(isNeeded: Bool) { state = isNeeded ? .awaited : nil }

    /// Whether the unit's points may be read.
    package var permitsReads: Bool {
        switch state {
        case nil, .confirmed, .unconfirmed: true
        case .awaited, .mismatch: false
        }
    }

    package var isAwaited: Bool { state == .awaited }

    /// Whether a unit that is down is asked for its identity now, or for one of its points.
    ///
    /// Turn and turn about once the identity went unanswered: a unit that is silent to that question alone is alive.
    package var isAskedFirst: Bool {
        isAwaited && (silences < Self.silenceLimit || !silences.isMultiple(of: 2))
    }

    /// The connection is new, or the unit was lost: what answers next may be another device.
    package mutating func begin(at now: MonotonicTime) {
        guard state != nil else { return }
        state = .awaited
        dueAt = now
        silences = 0
        refusals = 0
    }

    /// The unit said what it is.
    package mutating func answered(isAccepted: Bool, at now: MonotonicTime) {
        guard state != nil else { return }
        state = isAccepted ? .confirmed : .mismatch
        dueAt = isAccepted ? .never : now + Self.mismatchRetry
        silences = 0
        refusals = 0
    }

    /// The unit answered the question with an exception; `interval` nanoseconds pass before a passing one is tried.
    package mutating func refused(isLasting: Bool, at now: MonotonicTime, interval: Int64) {
        guard state != nil else { return }
        refusals += 1
        silences = 0
        if isLasting || refusals >= Self.refusalLimit || state == .unconfirmed {
            giveUp(at: now)
        } else {
            dueAt = now + interval
        }
    }

    /// Another question, asked while the identity is awaited, was not answered: its turn again.
    package mutating func missed(at now: MonotonicTime) {
        if isAwaited, silences >= Self.silenceLimit, silences.isMultiple(of: 2) { silences += 1 }
    }

    /// The question was not answered.
    package mutating func silent(at now: MonotonicTime, interval: Int64) {
        guard state != nil else { return }
        silences += 1
        dueAt = now + (state == .unconfirmed ? Self.unconfirmedRetry : interval)
    }

    /// The unit answered something else while its identity is awaited.
    package mutating func heard(at now: MonotonicTime) {
        if isAwaited, silences >= Self.silenceLimit { giveUp(at: now) }
    }

    private mutating func giveUp(at now: MonotonicTime) {
        state = .unconfirmed
        dueAt = now + Self.unconfirmedRetry
    }
}
