// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// What commands must have to be safe to send.
struct WriteLint {
    let points: [PlacedPoint]

    var findings: [LintFinding] {
        points.flatMap { entry -> [LintFinding] in
            guard let write = entry.point.write else { return [] }
            return [
                lease(entry, write), range(entry, write), feedback(entry, write), following(entry, write),
            ]
            .compactMap(\.self)
        }
    }

    private func finding(_ rule: LintRule, _ entry: PlacedPoint, _ key: String, _ message: String) -> LintFinding {
        let keys = entry.entries.first { $0.key == "write" }?.value
        let place = keys?.entries?.first { $0.key == key }?.value.place ?? keys?.place ?? entry.place
        return LintFinding(rule: rule, point: entry.point.name, place: place, message: message)
    }

    private func lease(_ entry: PlacedPoint, _ write: WriteBehavior) -> LintFinding? {
        guard let lease = write.lease else { return nil }
        if write.home == nil {
            let message = "a lease ends in a value of the device's own, but 'home' does not say which; add 'home'"
            return finding(.lease, entry, "lease", message)
        }
        if write.isStored {
            let message =
                "a lease is kept up by writing again and again, and each write wears out memory ('stored: true'); "
                + "one of the two is wrong"
            return finding(.lease, entry, "lease", message)
        }
        guard lease <= write.settle else { return nil }
        return finding(.lease, entry, "lease", "the lease ends before 'settle' is over; correct one of them")
    }

    private func range(_ entry: PlacedPoint, _ write: WriteBehavior) -> LintFinding? {
        let point = entry.point
        if let valid = point.validRange,
            write.range.lowerBound < valid.lowerBound || write.range.upperBound > valid.upperBound
        {
            let message = "'range' lets values be written that would read back as bad; keep it inside 'valid_range'"
            return finding(.writeRange, entry, "range", message)
        }
        guard !point.type.isTruthValue, point.type.partMask == nil, point.labels.isEmpty,
            point.baseUnit != .bitField, let holds = RegisterCodec(point).representableRange,
            write.range.lowerBound <= holds.lowerBound, write.range.upperBound >= holds.upperBound
        else { return nil }
        let message = "'range' is all that the register holds, so it guards nothing; give the document's limits"
        return finding(.writeRange, entry, "range", message)
    }

    private func feedback(_ entry: PlacedPoint, _ write: WriteBehavior) -> LintFinding? {
        guard let name = write.feedback else {
            guard !entry.point.isReadable else { return nil }
            let message =
                "point '\(entry.point.name)' cannot be read back and names no 'feedback', so no write could be "
                + "proven; name the point that shows it"
            return finding(.feedback, entry, "feedback", message)
        }
        if name == entry.point.name {
            let message = "'feedback' is the point itself; remove it, or name the point that shows the effect"
            return finding(.feedback, entry, "feedback", message)
        }
        guard let other = points.first(where: { $0.point.name == name })?.point else { return nil }
        if !other.isReadable {
            let message = "'feedback' \(name) cannot be read; name a point that can"
            return finding(.feedback, entry, "feedback", message)
        }
        guard entry.point.baseUnit == .celsius, other.baseUnit == .celsius, !name.contains("setpoint") else {
            return nil
        }
        let message =
            "'feedback' \(name) is measured, and no controller keeps it within 0.1 K of a setpoint; name the point "
            + "that shows the setpoint the device works to, or none"
        return finding(.feedback, entry, "feedback", message)
    }

    /// Whether the two times say which point they are of.
    private func following(_ entry: PlacedPoint, _ write: WriteBehavior) -> LintFinding? {
        let isReadable = entry.point.isReadable
        if write.feedbackSettle != nil, write.feedback == nil || !isReadable {
            let message =
                isReadable
                ? "'feedback_settle' says how long 'feedback' may take, and there is none; name it, or write 'settle'"
                : "the command cannot be read back, so 'feedback' is its read-back; write 'settle'"
            return finding(.feedback, entry, "feedback_settle", message)
        }
        guard isReadable, write.feedback != nil, write.feedbackSettle == nil, write.settle > Self.longReadBack else {
            return nil
        }
        let message =
            "'settle' is how long the command's own register may take to show the value; where it is the 'feedback' "
            + "that is slow, write 'feedback_settle'"
        return finding(.feedback, entry, "settle", message)
    }

    /// Longer than a register takes to show what was written to it: 15 s.
    private static let longReadBack = Duration.seconds(15)
}
