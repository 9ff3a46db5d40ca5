// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import CModbus
import Glibc
import Plant
import Synchronization

/// The one thread's work of a worker: carries out what its sessions decide and tells them what happened.
///
/// Nothing an endpoint does or leaves undone can block it: connecting does not wait, a reply is received only once
/// it is whole, names are looked up elsewhere, and every wait ends at the earliest deadline of all endpoints.
struct PollLoop: ~Copyable {
    /// One endpoint; a class, so that its session is never copied.
    final class Slot {
        let work: EndpointWork
        /// Position among the worker's endpoints.
        let position: Int
        let hasNumericHost: Bool
        var session: EndpointSession
        /// Where the points of each group of the session go, as its devices' models stand now.
        var targets: [GroupTargets]
        /// The connection's descriptor; -1 for none.
        var socket: Int32 = -1
        /// Counts connections, so that an event of an earlier one is known.
        var generation: UInt32 = 0
        var address: cmodbus_address?

        init(_ work: EndpointWork, position: Int, start: MonotonicTime) {
            self.work = work
            self.position = position
            targets = work.targets
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

    var wire: Wire
    let inbox: Inbox
    let board: ReadingBoard
    let outcomes: OutcomeQueue
    let events: PollEvents
    let clock: any PlantClock
    private let resolver: Resolver
    let slots: [Slot]
    private var deadlines: DeadlineHeap
    /// Room for the values of any block.
    var decoded: [DecodedValue]

    /// The longest wait when nothing is due, in nanoseconds: ten seconds.
    private static let idleWait: Int64 = 10_000_000_000

    init(
        _ shard: ShardPlan,
        board: ReadingBoard,
        outcomes: OutcomeQueue,
        events: PollEvents,
        inbox: Inbox,
        clock: any PlantClock,
        resolver: Resolver,
        start: MonotonicTime
    ) throws(ModbusProblem) {
        wire = try Wire(bell: inbox.bell)
        self.inbox = inbox
        self.board = board
        self.outcomes = outcomes
        self.events = events
        self.clock = clock
        self.resolver = resolver
        slots = shard.endpoints.enumerated().map { Slot($1, position: $0, start: start) }
        deadlines = DeadlineHeap(count: slots.count)
        let searched = shard.endpoints.flatMap(\.plan.devices).map { $0.search?.map.points.count ?? 0 }.max() ?? 0
        let room = shard.endpoints.flatMap(\.targets).reduce(searched) { max($0, $1.shared.mapPoints.count) }
        decoded = Array(repeating: .bad(.notYetRead), count: room)
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
                arrived(token, isHungUp: wire.isHungUp(event))
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
            lose(endpoint, .hostUnknown, at: now)
        } else {
            connect(endpoint, at: now)
        }
        serve(endpoint, at: now)
    }

    mutating func close(_ endpoint: Int) {
        if !slots[endpoint].hasNumericHost { slots[endpoint].address = nil }
        guard slots[endpoint].socket >= 0 else { return }
        wire.close(slots[endpoint].socket)
        slots[endpoint].socket = -1
    }

    mutating func lose(_ endpoint: Int, _ cause: QualityCause, at now: MonotonicTime) {
        close(endpoint)
        slots[endpoint].session.lose(cause, at: now)
    }
}
