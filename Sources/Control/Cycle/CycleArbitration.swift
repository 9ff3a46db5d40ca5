// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// One point's way through a cycle: who wants what, what came out, whether it is commanded.
struct PointCase: Sendable {
    let slot: Int
    /// What is wanted, in the point's base unit.
    let wish: Double
    let origin: String
    let reason: Reason
    /// Whether the result is written, or only recorded.
    let isCommanded: Bool
    var verdict: PointVerdict
}

/// Both steps of arbitration over all controlled points of one cycle.
struct CycleArbitration: Sendable {
    /// Of every point that somebody wants something of, in site order.
    private(set) var cases: [PointCase] = []
    /// What is commanded and accepted, by slot.
    private(set) var accepted: ProposedSet

    private let points: ControlledPoints
    /// By slot: the place in ``cases``, -1 where nobody wants anything.
    private var caseOfSlot: [Int]

    init(points: ControlledPoints) {
        self.points = points
        accepted = ProposedSet(slots: points.points.count)
        caseOfSlot = Array(repeating: -1, count: points.points.count)
    }

    /// The case of a slot; nil where nobody wants anything.
    subscript(slot: Int) -> PointCase? { caseOfSlot[slot] < 0 ? nil : cases[caseOfSlot[slot]] }

    /// Narrows every wish by the limits of its point.
    mutating func collect(
        _ outputs: [LoopOutput],
        loops: [LoopDescription],
        isProposing: [Bool],
        acting: [Bool],
        states: [PointWriteState],
        mayWrite: Bool,
        _ image: ProcessImage
    ) {
        let wishes = wishes(of: outputs, isProposing: isProposing)
        var limits: [PointLimit] = []
        for output in outputs { limits += output.limits }
        let chain = chain(limits)
        var own: [PointLimit] = []
        for slot in caseOfSlot.indices {
            let isInHand = states[slot].isHeldByOperator
            guard isInHand || wishes[slot].loop >= 0 else { continue }
            own.removeAll(keepingCapacity: true)
            var position = chain.first[slot]
            while position >= 0 {
                own.append(limits[position])
                position = chain.next[position]
            }
            if isInHand {
                takeHold(slot, own, states, mayWrite: mayWrite, image)
            } else {
                let loop = wishes[slot].loop
                let wish = outputs[loop].wishes[wishes[slot].position]
                let isCommanded = acting[loop] && !states[slot].isHeld
                consider(slot, wish.value, loops[loop].id, wish.reason, isCommanded, own, states, image)
            }
        }
    }

    /// The limits of each slot as a list: the first of a slot, and the next behind each limit; -1 at the end.
    private func chain(_ limits: [PointLimit]) -> (first: [Int], next: [Int]) {
        var first = Array(repeating: -1, count: caseOfSlot.count)
        var next = Array(repeating: -1, count: limits.count)
        for position in limits.indices.reversed() {
            guard let slot = points.slot(of: limits[position].point) else { continue }
            next[position] = first[slot]
            first[slot] = position
        }
        return (first, next)
    }

    /// Where a wish stands in the outputs of the loops; `loop` is -1 where there is none.
    private struct WishPlace {
        var loop = -1
        var position = 0
    }

    /// By slot: the first wish of a loop that proposes.
    private func wishes(of outputs: [LoopOutput], isProposing: [Bool]) -> [WishPlace] {
        var places = Array(repeating: WishPlace(), count: caseOfSlot.count)
        for loop in outputs.indices where isProposing[loop] {
            for position in outputs[loop].wishes.indices {
                guard let slot = points.slot(of: outputs[loop].wishes[position].point), places[slot].loop < 0
                else { continue }
                places[slot] = WishPlace(loop: loop, position: position)
            }
        }
        return places
    }

    /// What an operator holds a point at stands in the place of every loop's wish.
    private mutating func takeHold(
        _ slot: Int,
        _ limits: [PointLimit],
        _ states: [PointWriteState],
        mayWrite: Bool,
        _ image: ProcessImage
    ) {
        guard case .byOperator(let value, let expires, let text, let requester) = states[slot].hold else { return }
        let reason = Reason(code: "operator_hand", text: "\(requester) holds it until \(expires.iso8601): \(text)")
        consider(slot, value, "operator", reason, mayWrite, limits, states, image)
    }

    private mutating func consider(
        _ slot: Int,
        _ wish: Double,
        _ origin: String,
        _ reason: Reason,
        _ isCommanded: Bool,
        _ limits: [PointLimit],
        _ states: [PointWriteState],
        _ image: ProcessImage
    ) {
        let point = points.points[slot]
        let shown = image[point.index].usableValue
        var verdict = PointArbiter.arbitrate(
            wish: wish,
            range: point.range,
            failSafe: point.failSafe ?? states[slot].accepted ?? shown ?? point.home ?? 0,
            limits: limits
        )
        if states[slot].isBlocked {
            if let (value, binding) = Self.heldValue(states[slot].hold, point, shown ?? states[slot].confirmed) {
                verdict.value = value ?? verdict.value
                verdict.boundBy.append(binding)
            }
        } else if origin == "operator" {
            verdict.isUrgent = true
        }
        caseOfSlot[slot] = cases.count
        if cases.isEmpty { cases.reserveCapacity(caseOfSlot.count) }
        cases.append(
            PointCase(
                slot: slot,
                wish: wish,
                origin: origin,
                reason: reason,
                isCommanded: isCommanded,
                verdict: verdict
            )
        )
    }

    /// What a point that may not be written is left at, and who says so.
    private static func heldValue(
        _ hold: PointHold?,
        _ point: ControlledPoint,
        _ shown: Double?
    ) -> (value: Double?, binding: Binding)? {
        switch hold {
        case .atDevice(let value, _):
            let text = "changed at the device; left alone until released"
            return (shown ?? value, Binding(layer: .operator, reason: Reason(code: "point_in_hand", text: text)))
        case .writesFailed(let detail, _):
            let text = "writing stopped after failures: \(detail)"
            let reason = Reason(code: "writes_stopped", text: text)
            return (shown ?? point.home, Binding(layer: .equipmentProtection, reason: reason))
        case .byOperator, nil: return nil
        }
    }

    /// Takes what is commanded through the joint interlocks, then what is only proposed.
    ///
    /// What is commanded is tested against the plant as it stands, not against proposals that nobody carries out.
    ///
    /// - Returns: the interlocks that moved a command, in their order.
    mutating func resolve(
        _ interlocks: PlantInterlocks,
        states: [PointWriteState],
        _ image: ProcessImage
    ) -> [JointInterlock] {
        for position in cases.indices where cases[position].isCommanded {
            accepted[cases[position].slot] = cases[position].verdict.value
        }
        var tripped: [JointInterlock] = []
        if interlocks.isAnyViolated(image, accepted) {
            var last = ProposedSet(slots: caseOfSlot.count)
            for entry in cases where entry.isCommanded { last[entry.slot] = states[entry.slot].accepted }
            let result = settle(accepted, last, interlocks, image)
            accepted = result.set
            move(result, commanded: true)
            tripped = JointInterlock.allCases.filter { interlock in
                result.moved.contains { $0.interlock == interlock }
            }
        }
        var advised = accepted
        var hasAdvice = false
        for position in cases.indices where isAdvice(position, states) {
            hasAdvice = true
            advised[cases[position].slot] = cases[position].verdict.value
        }
        guard hasAdvice, interlocks.isAnyViolated(image, advised) else { return tripped }
        var last = ProposedSet(slots: caseOfSlot.count)
        for (position, entry) in cases.enumerated() {
            if entry.isCommanded {
                last[entry.slot] = states[entry.slot].accepted
            } else if isAdvice(position, states) {
                last[entry.slot] = image[points.points[entry.slot].index].usableValue
            }
        }
        move(settle(advised, last, interlocks, image), commanded: false)
        return tripped
    }

    /// Whether a case is a proposal that nobody carries out, of a point that nobody holds.
    private func isAdvice(_ position: Int, _ states: [PointWriteState]) -> Bool {
        !cases[position].isCommanded && !states[cases[position].slot].isHeld
    }

    /// Makes a set that trips an interlock one that does not.
    private func settle(
        _ proposed: ProposedSet,
        _ last: ProposedSet,
        _ interlocks: PlantInterlocks,
        _ image: ProcessImage
    ) -> AcceptedSet {
        interlocks.resolve(
            proposed,
            lastAccepted: last,
            failSafe: points.points.map(\.failSafe),
            hard: points.points.indices.map { self[$0]?.verdict.hard ?? points.points[$0].range },
            image: image
        )
    }

    private mutating func move(_ result: AcceptedSet, commanded: Bool) {
        for moved in result.moved {
            let position = caseOfSlot[moved.slot]
            guard position >= 0, cases[position].isCommanded == commanded, let value = result.set[moved.slot] else {
                continue
            }
            cases[position].verdict.value = value
            cases[position].verdict.isUrgent = true
            cases[position].verdict.boundBy.append(Binding(layer: .safety, reason: moved.interlock.reason))
        }
    }

    /// What a slot shall take; nil where it is not commanded.
    func intent(_ slot: Int) -> WriteIntent? {
        let position = caseOfSlot[slot]
        guard position >= 0, cases[position].isCommanded else { return nil }
        return WriteIntent(
            value: cases[position].verdict.value,
            hard: cases[position].verdict.hard,
            isUrgent: cases[position].verdict.isUrgent
        )
    }

    func decisions() -> [Decision] {
        cases.map { entry in
            Decision(
                point: points.points[entry.slot].id,
                wish: entry.wish,
                value: entry.verdict.value,
                origin: entry.origin,
                reason: entry.reason,
                boundBy: entry.verdict.boundBy,
                isSent: entry.isCommanded
            )
        }
    }
}
