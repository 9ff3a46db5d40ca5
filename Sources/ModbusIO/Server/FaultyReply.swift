// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The faults that fall on one request, drawn once.
struct DrawnFaults {
    private(set) var latency: LatencyProfile?
    private(set) var replies: [ReplyFault] = []

    init(_ faults: UnitFaults, _ generator: inout SeededGenerator) {
        latency = faults.latency
        for reply in faults.replies where reply.share >= 1 || generator.share() < reply.share {
            replies.append(reply.fault)
        }
    }

    /// The exception that stands in the place of the reply, or nil.
    var exception: UInt8? {
        for case .exception(let code) in replies { return code }
        return nil
    }

    /// What happens to the connection instead of a reply, or nil.
    var ending: PendingReply.Ending? {
        if replies.contains(.reset) { return .reset }
        return replies.contains(.close) ? .close : nil
    }

    func has(_ fault: ReplyFault) -> Bool { replies.contains(fault) }
}

/// Bytes that leave at a later moment, whole or one at a time.
struct PendingReply {
    /// How a connection ends.
    enum Ending { case close, reset }

    var bytes: [UInt8]
    /// Nanoseconds between two bytes; 0 sends all at once.
    var dripNanoseconds: Int64 = 0
    /// Nanoseconds after the moment at which the reply would have left.
    var lateNanoseconds: Int64 = 0
}

/// Turns a good reply into what a bad device sends.
enum FaultyReply {
    /// What leaves in the place of a good frame, in this order.
    ///
    /// Frames keep the limits of the protocol: a register is added only where the longest frame still holds it.
    static func replies(to frame: [UInt8], _ faults: DrawnFaults) -> [PendingReply] {
        var bytes = frame
        for fault in faults.replies {
            switch fault {
            case .wrongTransaction: setTransaction(word(bytes, 0) &- 1, in: &bytes)
            case .wrongUnit: bytes[6] &+= 1
            case .shortFrame: resize(&bytes, by: -1)
            case .longFrame: resize(&bytes, by: 1)
            case .cutFrame: bytes.removeLast(min(3, bytes.count - StreamHead.headerLength))
            case .blackHole, .reset, .close, .drip, .late, .duplicate, .exception, .wordSwap: break
            }
        }
        var reply = PendingReply(bytes: bytes)
        for fault in faults.replies {
            switch fault {
            case .drip(let pause): reply.dripNanoseconds = pause.wholeNanoseconds
            case .late(let delay): reply.lateNanoseconds = delay.wholeNanoseconds
            default: break
            }
        }
        return Array(repeating: reply, count: faults.has(.duplicate) ? 2 : 1)
    }

    /// An exception of any code, also of those no device may send.
    static func exception(_ code: UInt8, to request: borrowing Span<UInt8>) -> [UInt8] {
        [request[0], request[1], 0, 0, 0, 3, request[6], request[7] | 0x80, code]
    }

    private static func word(_ bytes: [UInt8], _ position: Int) -> UInt16 {
        UInt16(bytes[position]) << 8 | UInt16(bytes[position + 1])
    }

    private static func setTransaction(_ id: UInt16, in bytes: inout [UInt8]) {
        bytes[0] = UInt8(id >> 8)
        bytes[1] = UInt8(id & 0xFF)
    }

    /// Takes a register off the end of a read's reply or puts one there; any other reply loses or gets two bytes.
    private static func resize(_ bytes: inout [UInt8], by registers: Int) {
        guard registers < 0 ? bytes.count >= 11 : bytes.count <= 258 else { return }
        if registers < 0 { bytes.removeLast(2) } else { bytes.append(contentsOf: [0x12, 0x34]) }
        let length = bytes.count - 6
        bytes[4] = UInt8(length >> 8)
        bytes[5] = UInt8(length & 0xFF)
        let isRead = (1...4).contains(bytes[7]) || bytes[7] == 23
        if isRead { bytes[8] = UInt8(bytes.count - 9) }
    }
}

extension SeededGenerator {
    /// A number of 0 up to, but not including, 1.
    mutating func share() -> Double { Double(next() >> 11) * 0x1p-53 }
}
