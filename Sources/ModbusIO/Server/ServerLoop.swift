// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import CModbus
import Glibc
import Plant

/// The one thread's work of a server: accepts, peeks, has banks carry requests out, answers.
///
/// Nothing a client sends can block it: a frame is read only once it is whole, an answer that does not fit into the
/// socket's buffer closes the connection, and a client that sends without pause gives way after sixteen requests.
struct ServerLoop: ~Copyable {
    enum Slot {
        case free
        case listener(endpoint: Int)
        case connection(Connection)
    }

    struct Connection {
        let endpoint: Int
        /// Tells the connection from a later one on the same descriptor.
        let serial: UInt64
        /// The moment, in monotonic nanoseconds, at which half a frame was first seen; 0 for none.
        var halfFrameSince: Int64 = 0
        /// Replies in the queue.
        var waitingReplies = 0
        /// The moment, in monotonic nanoseconds, from which the next reply in order may leave.
        var freeAt: Int64 = 0
    }

    let endpoints: [ServedEndpoint]
    private let limits: ServerLimits
    private let epoll: Int32
    private let bell: Int32
    var lane: ReplyLane
    /// By descriptor.
    var slots: [Slot] = []
    private var connections = 0
    /// Open connections by endpoint.
    private var connectionsOf: [Int]
    /// Replies that leave later than at once.
    var replies = ReplyQueue()
    /// By endpoint: the moment, in monotonic nanoseconds, from which a line that all units share is free.
    var lineFreeAt: [Int64]
    /// Draws what falls on which request; the same requests meet the same faults.
    var generator = SeededGenerator(seed: 1)
    private var halfFrames = 0
    /// Connections that have used up their turn and may hold more.
    private var waiting: [Int32] = []
    var frame = [UInt8](repeating: 0, count: Int(CMODBUS_MAXIMUM_FRAME))
    /// Kept open so that a connection can be refused when no other descriptor is left.
    private var spare: Int32
    var statistics = ServerStatistics()
    private let counters: StatisticsBox

    private static let requestsPerTurn = 16
    private static let bellToken = UInt64.max

    /// Takes over the lane and the listening sockets; the bell stays the caller's.
    init(
        endpoints: [ServedEndpoint],
        listeners: [ListeningSocket],
        lane: consuming ReplyLane,
        bell: Int32,
        limits: ServerLimits,
        counters: StatisticsBox
    ) throws(ModbusProblem) {
        self.endpoints = endpoints
        self.limits = limits
        self.lane = lane
        self.bell = bell
        self.counters = counters
        connectionsOf = Array(repeating: 0, count: endpoints.count)
        lineFreeAt = connectionsOf.map(Int64.init)
        spare = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        epoll = cmodbus_epoll_open()
        var isComplete = epoll >= 0 && cmodbus_epoll_add(epoll, bell, cmodbus_readable, Self.bellToken) == 0
        for (endpoint, listener) in listeners.enumerated() {
            remember(.listener(endpoint: endpoint), at: listener.descriptor)
            let token = UInt64(listener.descriptor)
            isComplete = isComplete && cmodbus_epoll_add(epoll, listener.descriptor, cmodbus_readable, token) == 0
        }
        guard isComplete else {
            throw ModbusProblem(
                what: "waiting for clients could not be set up (error \(errno))",
                place: "Modbus server",
                remedy: "raise the limit of open files (ulimit -n, LimitNOFILE)"
            )
        }
    }

    deinit {
        for (descriptor, slot) in slots.enumerated() {
            if case .free = slot { continue }
            close(Int32(descriptor))
        }
        if spare >= 0 { close(spare) }
        if epoll >= 0 { close(epoll) }
    }

    /// Serves until the bell rings.
    mutating func run() {
        var events = [cmodbus_event](repeating: cmodbus_event(), count: 64)
        while true {
            let limit = longestWait
            let count = unsafe cmodbus_wait(epoll, &events, Int32(events.count), limit)
            guard count >= 0 else { return }
            for event in events.prefix(Int(count)) {
                guard event.token != Self.bellToken else {
                    cmodbus_bell_silence(bell)
                    return
                }
                handle(Int32(event.token))
            }
            let turns = waiting
            waiting.removeAll(keepingCapacity: true)
            for descriptor in turns { serve(descriptor) }
            if replies.earliest != nil { sendWhatIsDue(at: cmodbus_monotonic()) }
            if halfFrames > 0 { closeLateFrames() }
            counters.publish(statistics)
        }
    }

    /// Nanoseconds until something is to be done that no event tells of; -1 for never.
    private var longestWait: Int64 {
        guard waiting.isEmpty else { return 0 }
        let patience: Int64? = halfFrames > 0 ? 500_000_000 : nil
        let due = replies.earliest.map { max(0, $0 - cmodbus_monotonic()) }
        return [patience, due].compactMap { $0 }.min() ?? -1
    }

    private mutating func handle(_ descriptor: Int32) {
        switch slots[Int(descriptor)] {
        case .free: break
        case .listener(let endpoint): accept(on: descriptor, endpoint)
        case .connection: serve(descriptor)
        }
    }

    private mutating func remember(_ slot: Slot, at descriptor: Int32) {
        let missing = Int(descriptor) + 1 - slots.count
        if missing > 0 { slots.append(contentsOf: repeatElement(.free, count: missing)) }
        slots[Int(descriptor)] = slot
    }
}

// MARK: - Connections

extension ServerLoop {
    private mutating func accept(on listener: Int32, _ endpoint: Int) {
        for _ in 0..<64 {
            let descriptor = cmodbus_accept(listener)
            guard descriptor >= 0 else {
                if errno == EMFILE || errno == ENFILE { refuseOne(on: listener) }
                return
            }
            let readiness = cmodbus_readable | cmodbus_edge_triggered
            guard connections < limits.connections,
                connectionsOf[endpoint] < endpoints[endpoint].faults?.connectionLimit ?? .max,
                cmodbus_epoll_add(epoll, descriptor, readiness, UInt64(descriptor)) == 0
            else {
                statistics.refusedConnections += 1
                close(descriptor)
                continue
            }
            statistics.acceptedConnections += 1
            connections += 1
            connectionsOf[endpoint] += 1
            let serial = UInt64(statistics.acceptedConnections)
            remember(.connection(Connection(endpoint: endpoint, serial: serial)), at: descriptor)
        }
    }

    /// Out of descriptors: takes one connection off the queue with the spare one and closes it.
    private mutating func refuseOne(on listener: Int32) {
        guard spare >= 0 else { return }
        close(spare)
        let descriptor = cmodbus_accept(listener)
        if descriptor >= 0 { close(descriptor) }
        spare = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        statistics.refusedConnections += 1
    }

    /// Answers what has arrived on a connection, at most ``requestsPerTurn`` requests.
    private mutating func serve(_ descriptor: Int32) {
        for _ in 0..<Self.requestsPerTurn {
            guard case .connection(let connection) = slots[Int(descriptor)] else { return }
            let count = unsafe cmodbus_peek(descriptor, &frame)
            if count < 0, errno == EAGAIN || errno == EINTR {
                expectWholeFrame(descriptor)
                return
            }
            guard count > 0 else {
                end(descriptor)
                return
            }
            switch StreamHead(frame.span.extracting(0..<count)) {
            case .incomplete:
                // Only a frame that is new since the last look gets a new moment.
                guard connection.halfFrameSince == 0 else { return }
                halfFrames += 1
                var later = connection
                later.halfFrameSince = cmodbus_monotonic()
                slots[Int(descriptor)] = .connection(later)
                return
            case .broken:
                statistics.brokenStreams += 1
                end(descriptor)
                return
            case .frame(let head):
                expectWholeFrame(descriptor)
                guard answer(head, on: descriptor, connection) else {
                    end(descriptor)
                    return
                }
            }
        }
        waiting.append(descriptor)
    }

    private mutating func answer(_ head: ServerFrame, on descriptor: Int32, _ connection: Connection) -> Bool {
        statistics.requests += 1
        let endpoint = connection.endpoint
        let exception: ServerException
        if let bank = endpoints[endpoint].units[head.unit] {
            endpoints[endpoint].refresh?(head.unit)
            let faults = endpoints[endpoint].faults?.faults(of: head.unit)
            // A good reply waits for the slow ones before it.
            if faults != nil || connection.waitingReplies > 0 {
                return answerFaulty(head, on: descriptor, endpoint, faults ?? UnitFaults())
            }
            switch head.content {
            case .refused(let reason): exception = reason
            case .request(let request):
                switch bank.serve(request) {
                case .words(let words):
                    return lane.answer(head, to: descriptor, reading: request.reading, words: words)
                case .exception(let reason): exception = reason
                }
            }
        } else {
            exception = .gatewayTargetFailed
        }
        statistics.exceptions += 1
        return lane.refuse(head, frame, to: descriptor, with: exception)
    }

    private mutating func expectWholeFrame(_ descriptor: Int32) {
        guard case .connection(var connection) = slots[Int(descriptor)], connection.halfFrameSince != 0 else { return }
        halfFrames -= 1
        connection.halfFrameSince = 0
        slots[Int(descriptor)] = .connection(connection)
    }

    /// Closes connections whose half frame has not become whole in time.
    private mutating func closeLateFrames() {
        let now = cmodbus_monotonic()
        for (position, slot) in slots.enumerated() {
            guard case .connection(let connection) = slot, connection.halfFrameSince != 0,
                now - connection.halfFrameSince > limits.frameTimeout.wholeNanoseconds
            else { continue }
            statistics.brokenStreams += 1
            end(Int32(position))
        }
    }

    mutating func end(_ descriptor: Int32) {
        guard case .connection(let connection) = slots[Int(descriptor)] else { return }
        if connection.halfFrameSince != 0 { halfFrames -= 1 }
        connections -= 1
        connectionsOf[connection.endpoint] -= 1
        slots[Int(descriptor)] = .free
        _ = cmodbus_epoll_remove(epoll, descriptor)
        lane.release(descriptor)
        close(descriptor)
    }
}

extension ServerRequest {
    /// The range whose words the answer carries; nil where it carries none.
    var reading: RegisterRange? {
        switch self {
        case .read(let table, let addresses):
            RegisterRange(table: table, address: UInt16(addresses.lowerBound), count: addresses.count)
        case .writeAndRead(_, _, let addresses):
            RegisterRange(table: .holdingRegister, address: UInt16(addresses.lowerBound), count: addresses.count)
        case .write, .maskWrite: nil
        }
    }
}
