// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// How long to wait before the next connection attempt, in nanoseconds of wall time.
package struct BackOff: Hashable, Sendable {
    /// The wait after the first failure.
    package let first: Int64
    /// The wait that doubling never exceeds.
    package let ceiling: Int64

    package init(first: Int64 = 100_000_000, ceiling: Int64) {
        self.first = max(1, first)
        self.ceiling = max(self.first, ceiling)
    }

    /// The longest wait after so many failures in a row, at least 1; jitter takes off up to half of it.
    package func wait(afterFailures failures: Int) -> Int64 {
        let doublings = min(max(0, failures - 1), 40)
        let (grown, overflow) = first.multipliedReportingOverflow(by: 1 << Int64(doublings))
        return overflow ? ceiling : min(ceiling, grown)
    }
}

/// The life of one endpoint's connection, driven by what happened and when; it never gives up.
///
/// Failures count until a reply arrives, not until a connection stands: a peer that accepts and closes at once is
/// tried less and less often, one that closes after a talk is called back quickly.
package struct ConnectionState: Hashable, Sendable {
    /// Where the connection stands.
    package enum Phase: Hashable, Sendable {
        /// Not connected; the next attempt starts then.
        case waiting(until: MonotonicTime)
        /// An attempt is under way and fails then.
        case connecting(until: MonotonicTime)
        /// Connected, but the device wants a pause until then.
        case settling(until: MonotonicTime)
        /// Requests may be sent.
        case open
    }

    /// Time-outs in a row, with not one byte from the endpoint, after which the connection may be given up.
    package static let silenceLimit = 3

    package private(set) var phase: Phase
    /// Failures in a row since the last reply.
    package private(set) var failures = 0
    /// Time-outs in a row since the endpoint sent anything.
    package private(set) var silence = 0
    /// Why the connection was lost or could not be made; ``QualityCause/none`` since the last reply.
    package private(set) var cause = QualityCause.none
    private var hasReplied = false
    private let backOff: BackOff
    private let connectLimit: Int64
    private let settleTime: Int64
    private var generator: SeededGenerator

    /// Makes a connection that starts with its first attempt at `start`.
    ///
    /// - Parameters:
    ///   - start: When the first attempt is made.
    ///   - backOff: How long to wait between attempts.
    ///   - connectLimit: How long an attempt may take, in nanoseconds.
    ///   - settleTime: The pause between connecting and the first request, in nanoseconds.
    ///   - seed: Decides the jitter.
    package init(start: MonotonicTime, backOff: BackOff, connectLimit: Int64, settleTime: Int64, seed: UInt64) {
        phase = .waiting(until: start)
        self.backOff = backOff
        self.connectLimit = connectLimit
        self.settleTime = settleTime
        generator = SeededGenerator(seed: seed)
    }

    /// Whether a socket exists.
    package var hasSocket: Bool {
        switch phase {
        case .waiting: false
        case .connecting, .settling, .open: true
        }
    }

    /// The link of the endpoint as the operator sees it.
    package var link: DeviceStatus.Link {
        guard failures == 0 else { return .down }
        guard hasReplied else { return .connecting }
        return silence > 0 ? .degraded : .up
    }

    /// An attempt begins.
    package mutating func started(at now: MonotonicTime) { phase = .connecting(until: now + connectLimit) }

    /// The connection stands.
    package mutating func connected(at now: MonotonicTime) {
        silence = 0
        phase = settleTime > 0 ? .settling(until: now + settleTime) : .open
    }

    /// The pause after connecting is over.
    package mutating func settled() { phase = .open }

    /// The endpoint sent something, be it late.
    package mutating func heard() { silence = 0 }

    /// The endpoint answered a request.
    package mutating func replied() {
        silence = 0
        failures = 0
        cause = .none
        hasReplied = true
    }

    /// A request was not answered in time.
    package mutating func timedOut() { silence += 1 }

    /// Whether the endpoint has been silent for so long that the connection itself is in doubt.
    package var isSilent: Bool { silence >= Self.silenceLimit }

    /// The attempt failed or the connection is gone; the socket is to be closed.
    package mutating func lost(_ cause: QualityCause, at now: MonotonicTime) {
        failures += 1
        silence = 0
        self.cause = cause
        phase = .waiting(until: now + generator.jittered(backOff.wait(afterFailures: failures)))
    }
}
