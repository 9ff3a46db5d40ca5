// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import CModbus
import Glibc
import Plant

/// The wire side of one worker: epoll, the lane that libmodbus receives over, and the buffers for one frame.
///
/// Confined to one thread. Sockets are edge-triggered: a reader takes everything that has arrived, or leaves half a
/// frame in the stream and hears again when more arrives.
@safe
struct Wire: ~Copyable {
    private var lane: cmodbus_lane
    private let epoll: Int32
    private var events = [cmodbus_event](repeating: cmodbus_event(), count: 64)
    /// What was peeked at or received last.
    private(set) var frame = [UInt8](repeating: 0, count: Int(CMODBUS_MAXIMUM_FRAME))
    /// The words of the reply that was received last: registers, or one word of 0 or 1 for each bit.
    private(set) var words = [UInt16](repeating: 0, count: 2_000)

    /// The token of the bell in ``wait(atMost:)``.
    static let bellToken = UInt64.max

    init(bell: Bell) throws(ModbusProblem) {
        var lane = unsafe cmodbus_lane()
        guard unsafe cmodbus_lane_open(&lane) == 0 else {
            throw ModbusProblem(
                what: "no file descriptor below \(FD_SETSIZE) is free, which libmodbus needs to receive",
                place: "Modbus poller",
                remedy: "start polling before other files are opened"
            )
        }
        let epoll = cmodbus_epoll_open()
        guard epoll >= 0, cmodbus_epoll_add(epoll, bell.descriptor, cmodbus_readable, Self.bellToken) == 0 else {
            let code = errno
            unsafe cmodbus_lane_close(&lane)
            if epoll >= 0 { Glibc.close(epoll) }
            throw ModbusProblem(
                what: "waiting for replies could not be set up (error \(code))",
                place: "Modbus poller",
                remedy: "raise the limit of open files (ulimit -n, LimitNOFILE)"
            )
        }
        unsafe self.lane = lane
        self.epoll = epoll
    }

    deinit {
        var lane = unsafe lane
        unsafe cmodbus_lane_close(&lane)
        Glibc.close(epoll)
    }

    /// Waits for events, at most so many nanoseconds; tells how many there are.
    mutating func wait(atMost nanoseconds: Int64) -> Int {
        let capacity = Int32(events.count)
        return Int(max(0, unsafe cmodbus_wait(epoll, &events, capacity, nanoseconds)))
    }

    /// The token of an event of the last wait.
    func token(_ event: Int) -> UInt64 { events[event].token }

    /// Whether an event of the last wait says that the peer has closed, or that the connection failed.
    func isHungUp(_ event: Int) -> Bool { events[event].readiness & cmodbus_hung_up != 0 }

    /// Starts a connection; nil with errno set where that fails at once.
    mutating func connect(_ address: cmodbus_address, token: UInt64) -> Int32? {
        var address = address
        let socket = unsafe cmodbus_connect(&address)
        guard socket >= 0 else { return nil }
        let readiness = cmodbus_readable | cmodbus_writable | cmodbus_hung_up | cmodbus_edge_triggered
        guard cmodbus_epoll_add(epoll, socket, readiness, token) == 0 else {
            let code = errno
            Glibc.close(socket)
            errno = code
            return nil
        }
        return socket
    }

    /// Ends a connection: out of epoll, off the lane, closed.
    mutating func close(_ socket: Int32) {
        _ = cmodbus_epoll_remove(epoll, socket)
        unsafe cmodbus_lane_release(&lane, socket)
        Glibc.close(socket)
    }

    /// Sends a read; false where the connection is of no more use.
    mutating func send(_ request: ReadRequest, to socket: Int32) -> Bool {
        let count = UInt16(clamping: request.block.count)
        return unsafe cmodbus_send_read(
            &lane,
            socket,
            request.transaction,
            request.unit,
            request.function,
            request.block.address,
            count
        ) > 0
    }

    /// Sends a message of a write; false where the connection is of no more use.
    mutating func send(_ request: WriteRequest, to socket: Int32) -> Bool {
        let bytes = [request.unit, request.message.function] + request.message.data
        return unsafe cmodbus_send(&lane, socket, request.transaction, bytes, Int32(clamping: bytes.count)) > 0
    }

    /// Looks at what has arrived without taking it; as recv(2).
    mutating func peek(_ socket: Int32) -> Int { unsafe cmodbus_peek(socket, &frame) }

    /// Takes so many bytes out of the stream; false where they are not there.
    func discard(_ length: Int, from socket: Int32) -> Bool {
        cmodbus_discard(socket, Int32(clamping: length)) == length
    }

    /// Has libmodbus receive a frame that was found whole; false where it read anything but that frame.
    mutating func receive(_ length: Int, from socket: Int32) -> Bool {
        Int(unsafe cmodbus_receive_confirmation(&lane, socket, &frame)) == length
    }

    /// Turns the data of a received and verified reply into ``words``.
    mutating func unpack(_ range: RegisterRange) {
        let count = Int32(clamping: min(range.count, range.table.holdsBits ? 2_000 : 125))
        unsafe frame.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return }
            if range.table.holdsBits {
                unsafe cmodbus_bits(start + 9, count, &words)
            } else {
                unsafe cmodbus_words(start + 9, count, &words)
            }
        }
    }
}

/// A descriptor by which other threads wake a worker.
final class Bell: Sendable {
    let descriptor: Int32

    init() throws(ModbusProblem) {
        descriptor = cmodbus_bell_open()
        guard descriptor >= 0 else {
            throw ModbusProblem(
                what: "a worker's wake-up descriptor could not be opened (error \(errno))",
                place: "Modbus poller",
                remedy: "raise the limit of open files (ulimit -n, LimitNOFILE)"
            )
        }
    }

    deinit { close(descriptor) }

    func ring() { cmodbus_bell_ring(descriptor) }

    func silence() { cmodbus_bell_silence(descriptor) }
}

extension MonotonicTime {
    /// The moment this is called.
    static func now() -> MonotonicTime { MonotonicTime(nanoseconds: cmodbus_monotonic()) }
}
