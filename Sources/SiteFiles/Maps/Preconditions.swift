// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Reads the conditions of writes once every point of the map is known.
struct Preconditions {
    let points: [PlacedPoint]
    let names: NameRegistry
    let problems: ProblemCollector

    /// The points with the conditions of their writes.
    func resolved() -> [PlacedPoint] {
        points.map { entry in
            guard let written = entry.precondition else { return entry }
            var entry = entry
            let condition = condition(written)
            entry.point.write?.precondition = condition
            return entry
        }
    }

    private func condition(_ written: Writes.Precondition) -> WritePrecondition? {
        let name = written.point.value
        guard names.position(of: name) != nil else {
            let hint = NearestName.hint(for: name, in: names.names, called: "the points")
            problems.error(written.point.place, "'precondition' names no point of this map: '\(name)'; \(hint)")
            return nil
        }
        guard let other = points.first(where: { $0.point.name == name })?.point else { return nil }
        guard other.isReadable, !other.type.isText else {
            problems.error(
                written.point.place,
                "'precondition' names '\(name)', which cannot be read as a number; name the point that shows "
                    + "whether the device follows"
            )
            return nil
        }
        let range = Rule<ClosedRange<Double>>.range(of: .amount(in: other.unit)).read(written.range, "range", problems)
        return range.map { WritePrecondition(point: name, range: $0) }
    }
}
