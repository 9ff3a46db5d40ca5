// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant

/// Milliseconds of virtual wall time.
func milliseconds(_ count: Int64) -> Int64 { count * 1_000_000 }

func at(_ count: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: milliseconds(count)) }

/// A plan of devices, one unit each from 1 on, whose groups are given as points and interval in milliseconds.
func endpointPlan(
    _ devices: [[(points: Int, interval: Int64)]],
    timeout: Int64 = 100,
    pause: Int64 = 0,
    settle: Int64 = 0,
    limits: RequestLimits = RequestLimits(oneRequestPerPoint: true),
    identity: IdentityReader? = nil
) throws -> EndpointPlan {
    let plans = try devices.enumerated().map { position, groups in
        DevicePlan(
            device: position,
            unit: UInt8(position + 1),
            responseTimeout: milliseconds(timeout),
            groups: try groups.map { group in
                let map = registerMap(group.points, limits: limits)
                let reads = try ReadPlanner(limits: limits).plan(map, pollClass: .fast)
                return GroupPlan(interval: milliseconds(group.interval), reads: reads)
            },
            identity: identity
        )
    }
    return EndpointPlan(
        endpoint: 0,
        devices: plans,
        settleTime: milliseconds(settle),
        requestPause: milliseconds(pause)
    )
}

/// One endpoint in virtual time: a session, and a world that does with each request what a test says.
struct VirtualEndpoint {
    enum Answer {
        case reply(after: Int64)
        /// What the identity registers hold.
        case identity([UInt16], after: Int64)
        case exception(UInt8, after: Int64)
        /// Nothing comes in time, but so many milliseconds after the request.
        case late(after: Int64)
        case silence
        /// Half a frame comes, and then nothing.
        case half
        case malformed
        case close
    }

    /// What becomes of a message of a write.
    enum WriteAnswer {
        /// The words a read shows; none for a write that is acknowledged.
        case words([UInt16], after: Int64)
        case exception(UInt8, after: Int64)
        case silence
        case close
    }

    struct Sent {
        let time: MonotonicTime
        let request: ReadRequest
    }

    var session: EndpointSession
    var now = at(0)
    var isReachable = true
    /// Every request, in order.
    private(set) var sent: [Sent] = []
    private(set) var connections: [MonotonicTime] = []
    private(set) var closes = 0
    private(set) var effects: [SessionEffect] = []
    /// Every message of a write, in order.
    private(set) var writes: [(time: MonotonicTime, message: WriteMessage)] = []
    /// What the world does with the messages of writes.
    var writeWorld: (WriteMessage, MonotonicTime) -> WriteAnswer = { _, _ in .silence }
    private var lateReplies: [(time: MonotonicTime, transaction: UInt16)] = []

    init(_ plan: EndpointPlan, seed: UInt64 = 1) {
        session = EndpointSession(plan: plan, start: at(0), firstAttempt: at(0), seed: seed)
    }

    /// Lets time pass up to a moment.
    mutating func run(until end: MonotonicTime, _ world: (ReadRequest, MonotonicTime) -> Answer) {
        while true {
            switch session.next(at: now) {
            case .connect:
                connections.append(now)
                if isReachable { session.connected(at: now) } else { session.lose(.connectionRefused, at: now) }
            case .close:
                closes += 1
            case .send(let request):
                sent.append(Sent(time: now, request: request))
                answer(request, world(request, now))
            case .sendWrite(let request):
                writes.append((now, request.message))
                answerWrite(writeWorld(request.message, now))
            case .wait(let until):
                effects += session.effects
                session.clearEffects()
                let next = min(until, lateReplies.map(\.time).min() ?? .never)
                guard next <= end else {
                    now = max(now, end)
                    return
                }
                now = max(now, next)
                deliverLate()
            }
        }
    }

    private mutating func answer(_ request: ReadRequest, _ answer: Answer) {
        switch answer {
        case .reply(let after):
            now = now + milliseconds(after)
            session.answered(at: now, plantTime: Timestamp(milliseconds: now.nanoseconds / 1_000_000))
        case .identity(let words, let after):
            now = now + milliseconds(after)
            session.identified(words, at: now, plantTime: Timestamp(milliseconds: now.nanoseconds / 1_000_000))
        case .exception(let code, let after):
            now = now + milliseconds(after)
            session.refused(with: ModbusException(code: code), at: now)
        case .late(let after):
            lateReplies.append((now + milliseconds(after), request.transaction))
        case .silence:
            break
        case .half:
            session.receivedPart()
        case .malformed:
            session.malformed(.unit, at: now)
            closes += 1
        case .close:
            session.lose(.connectionLost, at: now)
            closes += 1
        }
    }

    private mutating func answerWrite(_ answer: WriteAnswer) {
        switch answer {
        case .words(let words, let after):
            now = now + milliseconds(after)
            session.writeAnswered(words, at: now, plantTime: Timestamp(milliseconds: now.nanoseconds / 1_000_000))
        case .exception(let code, let after):
            now = now + milliseconds(after)
            session.writeRefused(with: ModbusException(code: code), at: now)
        case .silence:
            break
        case .close:
            session.lose(.connectionLost, at: now)
            closes += 1
        }
    }

    private mutating func deliverLate() {
        for reply in lateReplies where reply.time <= now { session.discardedLate(reply.transaction, at: now) }
        lateReplies.removeAll { $0.time <= now }
    }

    /// Requests to one unit in a stretch of time, in milliseconds.
    func requests(to unit: UInt8, _ stretch: Range<Int64>) -> [Sent] {
        sent.filter { $0.request.unit == unit && stretch.contains($0.time.nanoseconds / 1_000_000) }
    }
}
