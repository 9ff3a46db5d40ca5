// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// What commands must have to be safe to send.
struct WriteLint {
    let points: [PlacedPoint]

    var findings: [LintFinding] {
        points.flatMap { entry -> [LintFinding] in
            guard let write = entry.point.write else { return [] }
            return [lease(entry, write), range(entry, write), feedback(entry, write)].compactMap(\.self)
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
        guard let other = points.first(where: { $0.point.name == name }), !other.point.isReadable else { return nil }
        let message = "'feedback' \(name) cannot be read; name a point that can"
        return finding(.feedback, entry, "feedback", message)
    }
}
