// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import CModbus
import Foundation
import Glibc
import Plant

/// A connection that asks and waits for the answer: for one look at one device, not for polling.
struct ProbeLink: ~Copyable {
    enum Reply {
        /// The words, and nanoseconds from request to reply.
        case words([UInt16], roundTrip: Int64)
        case exception(ModbusException, roundTrip: Int64)
        case silence
        /// The connection is gone or talks no Modbus.
        case broken(QualityCause)
    }

    private var wire: Wire
    private var socket: Int32
    private let pause: Int64
    private var transaction: UInt16 = 0
    /// Requests whose reply never came, to know a late one by.
    private var unanswered: Set<UInt16> = []
    /// Units whose reply came after its time, other than a gateway's word that they do not answer.
    private var lateUnits: [UInt8] = []
    /// Requests without reply that are remembered; the oldest are forgotten all at once.
    private static let unansweredLimit = 1_024

    /// Connects, in at most so many nanoseconds.
    ///
    /// - Throws: ``ModbusProblem`` where nobody accepts.
    init(host: String, port: UInt16, limits: RequestLimits, within limit: Int64) throws(ModbusProblem) {
        let place = "\(host) port \(port)"
        var wire = try Wire(bell: try Bell())
        var address = cmodbus_address()
        guard unsafe cmodbus_resolve(host, port, &address) == 0 else {
            throw ModbusProblem(
                what: "the name '\(host)' cannot be looked up",
                place: place,
                remedy: "check its spelling, or give the address in digits"
            )
        }
        let deadline = MonotonicTime.now() + limit
        guard let socket = wire.connect(address, token: 0) else {
            throw Self.unreachable(place, "the connection could not be started (error \(errno))")
        }
        var hasEvent = false
        while !hasEvent {
            let rest = deadline - MonotonicTime.now()
            guard rest > 0 else {
                wire.close(socket)
                throw Self.unreachable(place, "no answer to the connection attempt in \(Double(limit) / 1e9) s")
            }
            hasEvent = wire.wait(atMost: rest) > 0
        }
        let error = cmodbus_socket_error(socket)
        guard error == 0 else {
            wire.close(socket)
            throw Self.unreachable(place, "the connection failed: \(QualityCause.ofError(error).words)")
        }
        Self.sleep(limits.pauseAfterConnect.wholeNanoseconds)
        self.wire = wire
        self.socket = socket
        pause = limits.pauseBetweenRequests.wholeNanoseconds
    }

    private static func unreachable(_ place: String, _ what: String) -> ModbusProblem {
        ModbusProblem(what: what, place: place, remedy: "check address, port, cabling and the device's Modbus setting")
    }

    private static func sleep(_ nanoseconds: Int64) {
        if nanoseconds > 0 { Thread.sleep(forTimeInterval: Double(nanoseconds) / 1e9) }
    }

    /// What stands at the head of the stream, of which so many bytes were peeked at.
    private func judge(_ available: Int, expected: ExpectedReply) -> FrameVerdict {
        FrameCheck.judge(wire.frame.span.extracting(0..<available), expected: expected) { unanswered.contains($0) }
    }

    /// The units whose reply came late since this was asked last.
    mutating func takeLateUnits() -> [UInt8] {
        defer { lateUnits = [] }
        return lateUnits
    }

    private mutating func giveUp(_ transaction: UInt16) {
        if unanswered.count >= Self.unansweredLimit { unanswered = [] }
        unanswered.insert(transaction)
    }

    /// Takes a late reply out of the stream; false where that is not possible.
    private mutating func discardLate(_ length: Int) -> Bool {
        let isGatewaysWord = wire.frame[7] & 0x80 != 0 && ModbusException(code: wire.frame[8]).isUnitUnreachable
        if length > FrameCheck.headerLength + 1, !isGatewaysWord { lateUnits.append(wire.frame[6]) }
        return wire.discard(length, from: socket)
    }

    /// Ends the connection.
    mutating func close() {
        if socket >= 0 { wire.close(socket) }
        socket = -1
    }

    /// Reads one block and waits for the reply, at most so many nanoseconds.
    mutating func read(_ block: ReadBlock, unit: UInt8, within limit: Int64) -> Reply {
        if transaction > 0 { Self.sleep(pause) }
        transaction &+= 1
        let request = ReadRequest(transaction: transaction, unit: unit, block: block)
        let sent = MonotonicTime.now()
        guard wire.send(request, to: socket) else { return .broken(.connectionLost) }
        while true {
            let available = wire.peek(socket)
            if available < 0, errno == EINTR { continue }
            guard available > 0 || (available < 0 && errno == EAGAIN) else { return .broken(.connectionLost) }
            switch judge(max(0, available), expected: request.expectedReply) {
            case .incomplete:
                let rest = sent + limit - MonotonicTime.now()
                guard rest > 0 else {
                    giveUp(transaction)
                    return .silence
                }
                _ = wire.wait(atMost: rest)
            case .late(_, let length):
                guard discardLate(length) else { return .broken(.connectionLost) }
            case .malformed:
                return .broken(.malformedReply)
            case .exception(let code, let length):
                guard wire.receive(length, from: socket) else { return .broken(.connectionLost) }
                return .exception(ModbusException(code: code), roundTrip: MonotonicTime.now() - sent)
            case .reply(let length):
                guard wire.receive(length, from: socket) else { return .broken(.connectionLost) }
                wire.unpack(block.range)
                return .words(Array(wire.words.prefix(block.count)), roundTrip: MonotonicTime.now() - sent)
            }
        }
    }
}
