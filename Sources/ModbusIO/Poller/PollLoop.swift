// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import CModbus
import Glibc
import Plant
import Synchronization

/// What other threads have to tell a worker.
final class Inbox: Sendable {
    struct Resolution: Sendable {
        let endpoint: Int
        let address: cmodbus_address?
    }

    private struct Contents {
        var resolutions: [Resolution] = []
        var orders: [WriteMail] = []
        var isStopping = false
        var isClosed = false
    }

    /// What has come in.
    struct Mail: Sendable {
        let resolutions: [Resolution]
        let orders: [WriteMail]
    }

    let bell: Bell
    private let contents = Mutex(Contents())

    init() throws(ModbusProblem) { bell = try Bell() }

    func stop() {
        contents.withLock { $0.isStopping = true }
        bell.ring()
    }

    func deliver(_ resolution: Resolution) {
        contents.withLock { $0.resolutions.append(resolution) }
        bell.ring()
    }

    /// Hands writes over; false where nobody takes them any more.
    func post(_ orders: [WriteMail]) -> Bool {
        let isOpen = contents.withLock { contents in
            if !contents.isClosed { contents.orders += orders }
            return !contents.isClosed
        }
        if isOpen { bell.ring() }
        return isOpen
    }

    /// Takes the writes that nobody has taken and lets no more in.
    func close() -> [WriteMail] {
        contents.withLock { contents in
            defer { contents.orders = [] }
            contents.isClosed = true
            return contents.orders
        }
    }

    /// Takes what has come in; nil once the worker is to stop.
    func take() -> Mail? {
        bell.silence()
        return contents.withLock { contents in
            guard !contents.isStopping else { return nil }
            defer {
                contents.resolutions = []
                contents.orders = []
            }
            return Mail(resolutions: contents.resolutions, orders: contents.orders)
        }
    }
}

/// The one thread's work of a worker: carries out what its sessions decide and tells them what happened.
///
/// Nothing an endpoint does or leaves undone can block it: connecting does not wait, a reply is received only once
/// it is whole, names are looked up elsewhere, and every wait ends at the earliest deadline of all endpoints.
struct PollLoop: ~Copyable {
    /// One endpoint; a class, so that its session is never copied.
    final class Slot {
        let work: EndpointWork
        let hasNumericHost: Bool
        var session: EndpointSession
        /// The connection's descriptor; -1 for none.
        var socket: Int32 = -1
        /// Counts connections, so that an event of an earlier one is known.
        var generation: UInt32 = 0
        var address: cmodbus_address?

        init(_ work: EndpointWork, start: MonotonicTime) {
            self.work = work
            session = EndpointSession(
                plan: work.plan,
                start: start,
                firstAttempt: start + work.firstAttempt,
                seed: work.seed
            )
            address = Resolver.numeric(work.host, work.port)
            hasNumericHost = address != nil
        }
    }

    private var wire: Wire
    let inbox: Inbox
    private let board: ReadingBoard
    private let outcomes: OutcomeQueue
    private let clock: any PlantClock
    private let resolver: Resolver
    let slots: [Slot]
    private var deadlines: DeadlineHeap

    /// The longest wait when nothing is due, in nanoseconds: ten seconds.
    private static let idleWait: Int64 = 10_000_000_000

    init(
        _ shard: ShardPlan,
        board: ReadingBoard,
        outcomes: OutcomeQueue,
        inbox: Inbox,
        clock: any PlantClock,
        resolver: Resolver,
        start: MonotonicTime
    ) throws(ModbusProblem) {
        wire = try Wire(bell: inbox.bell)
        self.inbox = inbox
        self.board = board
        self.outcomes = outcomes
        self.clock = clock
        self.resolver = resolver
        slots = shard.endpoints.map { Slot($0, start: start) }
        deadlines = DeadlineHeap(count: slots.count)
    }

    /// Polls until the inbox says to stop, lets the writes out that wait, then closes every connection.
    mutating func run() {
        for endpoint in slots.indices { serve(endpoint, at: .now()) }
        while takeTurn() {}
        drain()
        for endpoint in slots.indices { close(endpoint) }
    }

    /// Waits for the next event or deadline and deals with all there is; false once it is to stop.
    mutating func takeTurn(until limit: MonotonicTime = .never) -> Bool {
        let earliest = min(deadlines.earliest?.deadline ?? .never, limit)
        var mayGoOn = true
        let wait = min(max(0, earliest - MonotonicTime.now()), Self.idleWait)
        for event in 0..<wire.wait(atMost: wait) {
            let token = wire.token(event)
            if token == Wire.bellToken {
                guard let mail = inbox.take() else {
                    mayGoOn = false
                    continue
                }
                for resolution in mail.resolutions { resolved(resolution, at: .now()) }
                accept(mail.orders)
            } else {
                dealWith(token, isHungUp: wire.isHungUp(event))
            }
        }
        let now = MonotonicTime.now()
        while let next = deadlines.earliest, next.deadline <= now { serve(next.key, at: now) }
        return mayGoOn
    }

    /// Carries out what a session wants until it wants to wait.
    mutating func serve(_ endpoint: Int, at now: MonotonicTime) {
        while true {
            switch slots[endpoint].session.next(at: now) {
            case .wait(let until):
                // A wait always lies ahead, so that a turn has an end.
                deadlines.update(endpoint, to: max(until, now + 1_000))
                if !slots[endpoint].session.effects.isEmpty { publish(endpoint) }
                return
            case .connect:
                connect(endpoint, at: now)
            case .close:
                close(endpoint)
            case .send(let request):
                if !wire.send(request, to: slots[endpoint].socket) { lose(endpoint, .connectionLost, at: now) }
            case .sendWrite(let request):
                if !wire.send(request, to: slots[endpoint].socket) { lose(endpoint, .connectionLost, at: now) }
            }
        }
    }

    private mutating func connect(_ endpoint: Int, at now: MonotonicTime) {
        guard let address = slots[endpoint].address else {
            let work = slots[endpoint].work
            let inbox = inbox
            resolver.resolve(work.host, work.port) { inbox.deliver(.init(endpoint: endpoint, address: $0)) }
            return
        }
        slots[endpoint].generation &+= 1
        let token = UInt64(slots[endpoint].generation) << 32 | UInt64(endpoint)
        guard let socket = wire.connect(address, token: token) else {
            lose(endpoint, .ofError(errno), at: now)
            return
        }
        slots[endpoint].socket = socket
    }

    /// A name was looked up; the attempt that wanted it may have run out of time meanwhile.
    private mutating func resolved(_ resolution: Inbox.Resolution, at now: MonotonicTime) {
        let endpoint = resolution.endpoint
        slots[endpoint].address = resolution.address
        guard case .connecting = slots[endpoint].session.connection.phase, slots[endpoint].socket < 0 else { return }
        if resolution.address == nil {
            lose(endpoint, .connectionLost, at: now)
        } else {
            connect(endpoint, at: now)
        }
        serve(endpoint, at: now)
    }

    private mutating func close(_ endpoint: Int) {
        if !slots[endpoint].hasNumericHost { slots[endpoint].address = nil }
        guard slots[endpoint].socket >= 0 else { return }
        wire.close(slots[endpoint].socket)
        slots[endpoint].socket = -1
    }

    private mutating func lose(_ endpoint: Int, _ cause: QualityCause, at now: MonotonicTime) {
        close(endpoint)
        slots[endpoint].session.lose(cause, at: now)
    }
}

/// What arrives.
extension PollLoop {
    private mutating func dealWith(_ token: UInt64, isHungUp: Bool) {
        let endpoint = Int(truncatingIfNeeded: token & 0xFFFF_FFFF)
        guard slots[endpoint].socket >= 0, UInt64(slots[endpoint].generation) == token >> 32 else { return }
        let now = MonotonicTime.now()
        switch slots[endpoint].session.connection.phase {
        case .waiting:
            return
        case .connecting:
            let error = cmodbus_socket_error(slots[endpoint].socket)
            if error == 0 {
                slots[endpoint].session.connected(at: now)
            } else {
                lose(endpoint, .ofError(error), at: now)
            }
        case .settling, .open:
            read(endpoint, at: now)
        }
        // The peer has closed: half a frame that is left will never be whole, and no other event will come.
        if isHungUp, slots[endpoint].socket >= 0 { lose(endpoint, .connectionLost, at: now) }
        serve(endpoint, at: now)
    }

    /// Takes every whole frame out of a stream.
    private mutating func read(_ endpoint: Int, at now: MonotonicTime) {
        while slots[endpoint].socket >= 0 {
            let socket = slots[endpoint].socket
            let available = wire.peek(socket)
            guard available > 0 else {
                if available < 0, errno == EAGAIN { return }
                if available < 0, errno == EINTR { continue }
                lose(endpoint, .connectionLost, at: now)
                return
            }
            let taken: Int
            switch slots[endpoint].session.judge(wire.frame.span.extracting(0..<available)) {
            case .incomplete:
                slots[endpoint].session.receivedPart()
                return
            case .malformed:
                close(endpoint)
                slots[endpoint].session.malformed(at: now)
                return
            case .late(let transaction, let length):
                guard wire.discard(length, from: socket) else {
                    lose(endpoint, .connectionLost, at: now)
                    return
                }
                slots[endpoint].session.discardedLate(transaction)
                taken = length
            case .exception(let code, let length):
                guard receive(endpoint, length, at: now) else { return }
                let exception = ModbusException(code: code)
                if slots[endpoint].session.exchange == nil {
                    slots[endpoint].session.refused(with: exception, at: now)
                } else {
                    slots[endpoint].session.writeRefused(with: exception, at: now)
                }
                taken = length
            case .reply(let length):
                guard receive(endpoint, length, at: now) else { return }
                answered(endpoint, at: now)
                taken = length
            }
            if taken == available { return }
        }
    }

    private mutating func receive(_ endpoint: Int, _ length: Int, at now: MonotonicTime) -> Bool {
        if wire.receive(length, from: slots[endpoint].socket) { return true }
        lose(endpoint, .connectionLost, at: now)
        return false
    }

    private mutating func answered(_ endpoint: Int, at now: MonotonicTime) {
        let slot = slots[endpoint]
        let plantTime = clock.now()
        if let exchange = slot.session.exchange {
            writeAnswered(slot, exchange, at: now, plantTime: plantTime)
            publish(endpoint)
            return
        }
        guard let request = slot.session.outstanding else { return }
        wire.unpack(request.request.block.range)
        slot.session.answered(at: now, plantTime: plantTime)
        let words = wire.words
        board.contents.withLock { contents in
            let targets = slot.work.targets[request.job.group]
            Self.decode(words, request.request.block, targets, at: plantTime, into: &contents.cells)
            Self.publish(slot, at: plantTime, into: &contents)
        }
        finishPublishing(slot, at: plantTime)
    }

    private mutating func writeAnswered(
        _ slot: Slot,
        _ exchange: OutstandingWrite,
        at now: MonotonicTime,
        plantTime: Timestamp
    ) {
        var words: [UInt16] = []
        if case .read(let range) = exchange.request.message {
            wire.unpack(range)
            words = Array(wire.words.prefix(range.count))
        }
        slot.session.writeAnswered(words, at: now, plantTime: plantTime)
    }

    private static func decode(
        _ words: [UInt16],
        _ block: ReadBlock,
        _ targets: GroupTargets,
        at plantTime: Timestamp,
        into cells: inout [ReadingBoard.Cell]
    ) {
        let words = words.span
        let points = targets.points.span
        for position in block.points {
            let start = points[position].address - Int(block.address)
            let decoded = points[position].decoder.decode(
                words.extracting(start..<start + points[position].count),
                scaleFactorWord: points[position].scaleFactorAddress.map { words[$0 - Int(block.address)] }
            )
            cells[targets.firstCell + points[position].mapPoint] = ReadingBoard.Cell(
                value: decoded.value,
                time: plantTime.milliseconds,
                quality: decoded.cause == .none ? .good : .bad,
                cause: decoded.cause
            )
        }
    }

    /// Writes what a session had to say onto the board.
    func publish(_ endpoint: Int) {
        let slot = slots[endpoint]
        let plantTime = clock.now()
        board.contents.withLock { Self.publish(slot, at: plantTime, into: &$0) }
        finishPublishing(slot, at: plantTime)
    }

    /// Hands the outcomes of writes on, once the board shows what they read back, and forgets the effects.
    private func finishPublishing(_ slot: Slot, at plantTime: Timestamp) {
        for case .writeEnded(let end) in slot.session.effects { outcomes.append([WriteOutcome(end, at: plantTime)]) }
        slot.session.clearEffects()
    }

    private static func publish(_ slot: Slot, at plantTime: Timestamp, into contents: inout ReadingBoard.Contents) {
        for effect in slot.session.effects {
            switch effect {
            case .deviceChanged(let device):
                contents.devices[slot.work.boardDevices[device]] = slot.session.state(ofDevice: device)
            case .pointsFailed(let group, let points, let cause):
                let targets = slot.work.targets[group]
                for position in points { contents.cells[targets.cell(position)].failure = cause }
            case .pointRead(let device, let mapPoint, let value):
                contents.cells[slot.work.firstCells[device] + mapPoint] = ReadingBoard.Cell(value, at: plantTime)
            case .writeEnded:
                break
            }
        }
    }
}

extension QualityCause {
    /// The cause that an errno of a connection attempt stands for.
    static func ofError(_ code: Int32) -> QualityCause {
        switch code {
        case ECONNREFUSED: .connectionRefused
        case ETIMEDOUT: .timeout
        default: .connectionLost
        }
    }
}
