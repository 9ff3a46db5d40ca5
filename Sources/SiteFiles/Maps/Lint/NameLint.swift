// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Whether points are called what the same quantity is called in every other map.
struct NameLint {
    let points: [PlacedPoint]

    var findings: [LintFinding] { points.compactMap { unknown($0) ?? otherUnit($0) ?? otherKind($0) } }

    private func unknown(_ entry: PlacedPoint) -> LintFinding? {
        let name = entry.point.name
        guard CanonicalNames.entry(for: name) == nil else { return nil }
        let near = NearestName.candidates(
            for: CanonicalNames.pattern(of: name),
            in: CanonicalNames.all.map(\.pattern)
        )
        let hint =
            near.isEmpty
            ? "see 'thermocline maps names', or add it to the list"
            : "did you mean \(near.map { "'\($0)'" }.joined(separator: " or "))?"
        return LintFinding(
            rule: .name,
            point: name,
            place: entry.place,
            message: "'\(name)' is not on the list of canonical names; \(hint)"
        )
    }

    private func otherUnit(_ entry: PlacedPoint) -> LintFinding? {
        let point = entry.point
        guard let unit = CanonicalNames.entry(for: point.name)?.unit, !point.type.isText, unit != point.baseUnit,
            !(Self.isCode(unit) && Self.isCode(point.baseUnit))
        else { return nil }
        return LintFinding(
            rule: .name,
            point: point.name,
            place: entry.place(of: "unit"),
            message: "'\(point.name)' is in \(point.baseUnit.rawValue), the canonical name stands for "
                + "\(unit.rawValue); correct the unit or choose another name"
        )
    }

    private func otherKind(_ entry: PlacedPoint) -> LintFinding? {
        let name = entry.point.name
        guard entry.point.write != nil, let ending = ["_feedback", "_status"].first(where: name.hasSuffix) else {
            return nil
        }
        return LintFinding(
            rule: .name,
            point: name,
            place: entry.place,
            message: "'\(name)' can be written, but a name in '\(ending)' is what a device says; a command ends in "
                + "'_command' or '_setpoint'"
        )
    }

    /// Units of numbers that measure nothing.
    private static func isCode(_ unit: PointUnit) -> Bool {
        unit == .boolean || unit == .enumeration || unit == .bitField || unit == .count
    }
}
