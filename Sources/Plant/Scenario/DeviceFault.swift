// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// Something a simulated device does that a good one does not.
package enum DeviceFault: Hashable, Sendable {
    /// Replies take as long as this kind of device takes.
    case latency(LatencyProfile)
    /// So many of the requests are answered wrongly.
    case reply(ReplyFault, share: Ratio)
    /// The endpoint bears so many connections at a time; one more is closed at once.
    case connectionLimit(Int)
    /// Points keep the value they showed when it began.
    case stuck
    /// Points move away from the truth by so much an hour, in their base unit.
    case drift(perHour: Double)
    /// Points show so much more than the truth, in their base unit.
    case bias(Double)
    /// Points scatter about the truth with this standard deviation, in their base unit.
    case noise(deviation: Double)
    /// The device is away for so much plant time; its commands come back at this value, in their base unit, or with
    /// nil at what the map says that they restart at.
    case restart(away: Duration, value: Double?)
    /// Commands are not taken as they should be.
    case write(WriteFault)
    /// The watchdog over commands does something else than the map says.
    case watchdog(WatchdogFault)
}

/// What a device makes of one request, instead of a good reply at once.
package enum ReplyFault: Hashable, Sendable {
    /// No reply ever; the connection stays.
    case blackHole
    /// The connection ends with RST, as of a device that restarted.
    case reset
    /// The connection ends in order, without a reply.
    case close
    /// The reply comes a byte at a time, so much wall time apart.
    case drip(Duration)
    /// The reply comes so much wall time later; replies to later requests overtake it.
    case late(Duration)
    /// The reply carries the transaction id of the request before.
    case wrongTransaction
    /// The reply carries the next unit id.
    case wrongUnit
    /// One register less than asked for; header and byte count agree with what comes.
    case shortFrame
    /// One register more than asked for; header and byte count agree with what comes.
    case longFrame
    /// The header promises more bytes than come.
    case cutFrame
    /// The reply comes twice.
    case duplicate
    /// An exception of this code; nothing is carried out.
    case exception(UInt8)
    /// Values of two and four registers come with their words in the opposite order.
    case wordSwap
}

/// What a device makes of a written value that it acknowledges.
package enum WriteFault: Hashable, Sendable {
    /// Nothing: the register keeps its value.
    case ignored
    /// The value is cut to these bounds, in the point's base unit.
    case clamped(ClosedRange<Double>)
    /// The value shows and takes effect so much plant time later.
    case slow(Duration)
    /// Somebody at the panel holds the point at this value, in its base unit; nil holds the present one.
    case localPanel(Double?)
    /// The memory behind the register is worn out after so many writes; each later one fails with exception 4.
    case wornOut(after: Int)
}

/// A watchdog over commands that are not written again.
package struct WatchdogFault: Hashable, Sendable {
    /// What the device does when the time is up.
    package enum Action: String, CaseIterable, Hashable, Sendable {
        /// The point goes to the map's home value.
        case fallBack = "fall_back"
        /// The point keeps what was written last.
        case hold
        /// The point keeps what was written last, and the alarm point reads 1 until it is written again.
        case alarmOnly = "alarm_only"
        /// There is no watchdog.
        case none
    }

    package let action: Action
    /// Plant time without a write; nil takes the map's lease.
    package let period: Duration?
    /// The point, on the same device, that tells of the expiry.
    package let alarmPoint: String?

    package init(action: Action, period: Duration? = nil, alarmPoint: String? = nil) {
        self.action = action
        self.period = period
        self.alarmPoint = alarmPoint
    }
}

/// How long kinds of Modbus devices take to reply, in wall time: ranges that users of such devices report.
package enum LatencyProfile: String, CaseIterable, Hashable, Sendable {
    /// A controller on Ethernet: 10 to 20 ms.
    case controller
    /// A controller whose stack waits for acknowledgements (Nagle's algorithm): 40 to 200 ms on top.
    case nagle
    /// A gateway to a serial line: 20 to 80 ms, one request at a time for all units behind it.
    case gateway
    /// A device that takes 305 ms whatever is asked.
    case constant
    /// An inverter that takes 700 ms and bears eight registers a read.
    case inverter
    /// A serial line at 38,400 baud: one request at a time, and the time that its bytes take.
    case serialLine = "serial_line"
    /// A shelf controller: 36 to 46 ms, one command at a time.
    case shelf

    /// Registers one read may ask for, more being refused with exception 3; nil where the map's limit stands.
    package var maximumRegisters: Int? { self == .inverter ? 8 : nil }

    /// Whether all units of the endpoint wait for each other.
    package var isSharedLine: Bool { self == .gateway || self == .serialLine || self == .shelf }

    /// The time from a request to its reply.
    ///
    /// - Parameters:
    ///   - bytes: Bytes of request and reply.
    ///   - draw: A random number, 0 to 1, that says where in its range this reply falls.
    /// - Returns: Wall time.
    package func delay(bytes: Int, draw: Double) -> Duration {
        switch self {
        case .controller: .microseconds(10_000 + Int(10_000 * draw))
        case .nagle: .microseconds(50_000 + Int(170_000 * draw))
        case .gateway: .microseconds(20_000 + Int(60_000 * draw))
        case .constant: .milliseconds(305)
        case .inverter: .milliseconds(700)
        // Eleven bits a character, and two silences of three and a half characters (MODBUS over Serial Line V1.02,
        // section 2.5.1).
        case .serialLine: .microseconds(Int((Double(bytes) + 7) * 11 / 38_400 * 1e6))
        case .shelf: .microseconds(36_000 + Int(10_000 * draw))
        }
    }
}
