// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Reads the conditions of writes and of values once every point of the map is known.
struct Preconditions {
    let points: [PlacedPoint]
    let names: NameRegistry
    let problems: ProblemCollector

    /// The points with their conditions.
    func resolved() -> [PlacedPoint] {
        points.map { entry in
            guard entry.precondition != nil || entry.validWhile != nil else { return entry }
            var entry = entry
            if let written = entry.precondition {
                let condition = condition(written, of: entry, at: "precondition")
                entry.point.write?.precondition = condition
            }
            if let written = entry.validWhile {
                let condition = condition(written, of: entry, at: "valid_while")
                entry.point.validWhile = condition
                // While the device is set otherwise, a value that is written would mean something else to it.
                if entry.precondition == nil { entry.point.write?.precondition = condition }
            }
            return entry
        }
    }

    private func condition(
        _ written: Writes.Precondition,
        of entry: PlacedPoint,
        at key: String
    ) -> PointCondition? {
        let name = written.point.value
        if key == "valid_while", name == entry.point.name {
            problems.error(
                written.point.place,
                "'valid_while' names the point itself; name the setting it depends on, or use 'valid_range'"
            )
            return nil
        }
        guard names.position(of: name) != nil else {
            let hint = NearestName.hint(for: name, in: names.names, called: "the points")
            problems.error(written.point.place, "'\(key)' names no point of this map: '\(name)'; \(hint)")
            return nil
        }
        guard let other = points.first(where: { $0.point.name == name })?.point else { return nil }
        guard other.isReadable, !other.type.isText else {
            problems.error(
                written.point.place,
                "'\(key)' names '\(name)', which cannot be read as a number; name the point that shows "
                    + (key == "precondition" ? "whether the device follows" : "how the device is set")
            )
            return nil
        }
        let range = Rule<ClosedRange<Double>>.range(of: .amount(in: other.unit)).read(written.range, "range", problems)
        return range.map { PointCondition(point: name, range: $0) }
    }
}
