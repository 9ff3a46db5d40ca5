// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// One point's way through a cycle: who wants what, what came out, whether it is commanded.
struct PointCase: Sendable {
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
    /// By slot; nil where nobody wants anything.
    private(set) var cases: [PointCase?]
    /// What is commanded and accepted, by slot.
    private(set) var accepted: ProposedSet

    private let points: ControlledPoints
    private var limits: [[PointLimit]]

    init(points: ControlledPoints) {
        self.points = points
        cases = Array(repeating: nil, count: points.points.count)
        accepted = ProposedSet(slots: points.points.count)
        limits = Array(repeating: [], count: points.points.count)
    }

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
        for output in outputs {
            for limit in output.limits {
                if let slot = points.slot(of: limit.point) { limits[slot].append(limit) }
            }
        }
        for (loop, output) in outputs.enumerated() where isProposing[loop] {
            for wish in output.wishes {
                guard let slot = points.slot(of: wish.point), cases[slot] == nil else { continue }
                let isCommanded = acting[loop] && states[slot].hold == nil
                consider(slot, wish.value, loops[loop].id, wish.reason, isCommanded, states[slot], image)
            }
        }
        for slot in states.indices {
            guard case .byOperator(let value, let expires, let text, let requester) = states[slot].hold else {
                continue
            }
            let reason = Reason(
                code: "operator_hand",
                text: "\(requester) holds it until \(expires.iso8601): \(text)"
            )
            consider(slot, value, "operator", reason, mayWrite, states[slot], image)
        }
    }

    private mutating func consider(
        _ slot: Int,
        _ wish: Double,
        _ origin: String,
        _ reason: Reason,
        _ isCommanded: Bool,
        _ state: PointWriteState,
        _ image: ProcessImage
    ) {
        let point = points.points[slot]
        let shown = image[point.index].usableValue
        var verdict = PointArbiter.arbitrate(
            wish: wish,
            range: point.range,
            failSafe: point.failSafe ?? state.accepted ?? shown ?? point.home ?? 0,
            limits: limits[slot]
        )
        if let (value, binding) = Self.heldValue(state.hold, point, shown ?? state.confirmed) {
            verdict.value = value ?? verdict.value
            verdict.boundBy.append(binding)
        } else if origin == "operator" {
            verdict.isUrgent = true
        }
        cases[slot] = PointCase(
            wish: wish,
            origin: origin,
            reason: reason,
            isCommanded: isCommanded,
            verdict: verdict
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
        let failSafe = points.points.map(\.failSafe)
        let hard = points.points.indices.map { cases[$0]?.verdict.hard ?? points.points[$0].range }
        var proposed = ProposedSet(slots: cases.count)
        var last = ProposedSet(slots: cases.count)
        var hasAdvice = false
        for (slot, entry) in cases.enumerated() {
            guard let entry else { continue }
            if entry.isCommanded {
                proposed[slot] = entry.verdict.value
                last[slot] = states[slot].accepted
            } else if states[slot].hold == nil {
                hasAdvice = true
            }
        }
        let result = interlocks.resolve(proposed, lastAccepted: last, failSafe: failSafe, hard: hard, image: image)
        accepted = result.set
        move(result, where: \.isCommanded)
        if hasAdvice {
            var advised = accepted
            for (slot, entry) in cases.enumerated() {
                guard let entry, !entry.isCommanded, states[slot].hold == nil else { continue }
                advised[slot] = entry.verdict.value
                last[slot] = image[points.points[slot].index].usableValue
            }
            let advice = interlocks.resolve(advised, lastAccepted: last, failSafe: failSafe, hard: hard, image: image)
            move(advice) { !$0.isCommanded }
        }
        return JointInterlock.allCases.filter { interlock in result.moved.contains { $0.interlock == interlock } }
    }

    private mutating func move(_ result: AcceptedSet, where isConcerned: (PointCase) -> Bool) {
        for moved in result.moved {
            guard let entry = cases[moved.slot], isConcerned(entry), let value = result.set[moved.slot] else {
                continue
            }
            cases[moved.slot]?.verdict.value = value
            cases[moved.slot]?.verdict.isUrgent = true
            cases[moved.slot]?.verdict.boundBy.append(Binding(layer: .safety, reason: moved.interlock.reason))
        }
    }

    /// What each slot shall take, for those that are commanded.
    func intents() -> [WriteIntent?] {
        cases.map { entry in
            guard let entry, entry.isCommanded else { return nil }
            return WriteIntent(value: entry.verdict.value, hard: entry.verdict.hard, isUrgent: entry.verdict.isUrgent)
        }
    }

    func decisions() -> [Decision] {
        cases.enumerated().compactMap { slot, entry in
            guard let entry else { return nil }
            return Decision(
                point: points.points[slot].id,
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
