// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import CModbus
import Glibc
import Plant

/// libmodbus' server side for all connections of one server: receives verified requests and answers them.
///
/// Confined to one thread. The mapping that libmodbus answers from is a scratch area over the whole address space:
/// only the words of the request at hand are put there, so a served device needs no table of its own in libmodbus'
/// form.
@safe
struct ReplyLane: ~Copyable {
    private var lane: cmodbus_lane
    private let mapping: UnsafeMutablePointer<modbus_mapping_t>
    private var request = [UInt8](repeating: 0, count: Int(CMODBUS_MAXIMUM_FRAME))
    /// Two ends of a connection to itself, for replies that do not leave at once; -1 until one is asked for.
    private var loopback: (written: Int32, read: Int32) = (-1, -1)

    init() throws(ModbusProblem) {
        var lane = unsafe cmodbus_lane()
        guard unsafe cmodbus_lane_open(&lane) == 0 else {
            throw ModbusProblem(
                what: "no file descriptor below \(FD_SETSIZE) is free, which libmodbus needs",
                place: "Modbus server",
                remedy: "start the server before other files are opened"
            )
        }
        guard let mapping = unsafe modbus_mapping_new(65_536, 65_536, 65_536, 65_536) else {
            unsafe cmodbus_lane_close(&lane)
            throw ModbusProblem(what: "out of memory", place: "Modbus server", remedy: "free memory and start again")
        }
        unsafe self.lane = lane
        unsafe self.mapping = mapping
    }

    deinit {
        var lane = unsafe lane
        unsafe cmodbus_lane_close(&lane)
        unsafe modbus_mapping_free(mapping)
        if loopback.written >= 0 { close(loopback.written) }
        if loopback.read >= 0 { close(loopback.read) }
    }

    /// To be called before a socket is closed.
    mutating func release(_ socket: Int32) { unsafe cmodbus_lane_release(&lane, socket) }

    /// Receives a whole, verified frame and answers it with these words where it reads any.
    ///
    /// - Returns: Whether the answer left whole.
    mutating func answer(_ frame: ServerFrame, to socket: Int32, reading: RegisterRange?, words: [UInt16]) -> Bool {
        if let reading { load(words, into: reading) }
        let received = unsafe request.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return Int32(-1) }
            return unsafe cmodbus_receive_indication(&lane, socket, base)
        }
        guard Int(received) == frame.length else { return false }
        return unsafe cmodbus_reply(&lane, socket, request, received, mapping) > 0
    }

    /// Receives a whole, verified frame and gives back what libmodbus would send for it.
    ///
    /// - Returns: The reply with its header; nil where there is none.
    mutating func compose(
        _ frame: ServerFrame,
        from socket: Int32,
        reading: RegisterRange?,
        words: [UInt16]
    ) -> [UInt8]? {
        if loopback.written < 0 {
            var ends: [Int32] = [-1, -1]
            let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
            guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
            loopback = (ends[0], ends[1])
        }
        if let reading { load(words, into: reading) }
        let received = unsafe request.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return Int32(-1) }
            return unsafe cmodbus_receive_indication(&lane, socket, base)
        }
        guard Int(received) == frame.length,
            unsafe cmodbus_reply(&lane, loopback.written, request, received, mapping) > 0
        else { return nil }
        var reply = [UInt8](repeating: 0, count: Int(CMODBUS_MAXIMUM_FRAME))
        let count = unsafe recv(loopback.read, &reply, reply.count, 0)
        return count > 0 ? Array(reply.prefix(count)) : nil
    }

    /// Takes a whole frame out of the stream and answers it with an exception.
    ///
    /// `bytes` is the frame as it was peeked at.
    /// - Returns: Whether the answer left whole.
    mutating func refuse(_ frame: ServerFrame, _ bytes: [UInt8], to socket: Int32, with code: ServerException) -> Bool {
        guard cmodbus_discard(socket, Int32(frame.length)) == frame.length else { return false }
        return unsafe cmodbus_reply_exception(&lane, socket, bytes, UInt32(code.rawValue)) > 0
    }

    private func load(_ words: [UInt16], into range: RegisterRange) {
        let first = Int(range.address)
        for (position, word) in words.enumerated() where first + position < 65_536 {
            switch range.table {
            case .coil: unsafe mapping.pointee.tab_bits[first + position] = UInt8(truncatingIfNeeded: word & 1)
            case .discreteInput:
                unsafe mapping.pointee.tab_input_bits[first + position] = UInt8(truncatingIfNeeded: word & 1)
            case .inputRegister: unsafe mapping.pointee.tab_input_registers[first + position] = word
            case .holdingRegister: unsafe mapping.pointee.tab_registers[first + position] = word
            }
        }
    }
}
