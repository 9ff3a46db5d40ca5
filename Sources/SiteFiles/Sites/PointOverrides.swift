// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// What one device does differently from its map: `points: {active_power: {scale: 200, poll: fast}}`.
///
/// For settings that sit in the device, not in the product: transformer ratios, a narrower range, a faster poll.
struct PointOverrides {
    /// The map as it is in its file; nil where it could not be read.
    let map: DeviceMap?

    /// The map with the overrides in place.
    var rule: Rule<DeviceMap> {
        Rule { node, key, problems in
            guard case .mapping(let entries) = node.content else {
                problems.error(
                    node.place,
                    "'\(key)' must be a mapping from point names to settings, but is \(node.kind)"
                )
                return nil
            }
            guard var map else { return nil }
            for entry in entries {
                guard let position = map.points.firstIndex(where: { $0.name == entry.key }) else {
                    let names = map.points.map(\.name)
                    let hint = NearestName.hint(for: entry.key, in: names, called: "its points")
                    problems.error(entry.keyPlace, "map \(map.name) has no point '\(entry.key.shortened)'; \(hint)")
                    continue
                }
                let rule = Self.point(map.points[position])
                if let point = rule.read(entry.value, entry.key, problems) { map.points[position] = point }
            }
            return map
        }
    }

    private static func point(_ original: MapPoint) -> Rule<MapPoint> {
        .mapping("the settings of point '\(original.name)'") { fields in
            var point = original
            let amount = Rule<Double>.amount(in: original.unit)
            point.pollClass = fields.optional("poll", Rule<PollClass>.word, default: original.pollClass)
            point.scale = fields.optional("scale", .number(), default: original.scale)
            point.offset = fields.optional("offset", .number(), default: original.offset)
            if let range = fields.optional("valid_range", .range(of: amount)) { point.validRange = range }
            if let range = fields.optional("write_range", .range(of: amount)) {
                narrow(&point, to: range, fields)
            }
            if point.scale == 0 {
                fields.problems.error(fields.place(of: "scale"), "'scale' is 0, so every value would be; correct it")
            }
            point.carryToCodes(from: original)
            if point.scale != original.scale, let counter = original.counter {
                let ratio = abs(point.scale / original.scale)
                point.counter = CounterBehavior(
                    rollover: counter.rollover.map { $0 * ratio },
                    resolution: counter.resolution.map { $0 * ratio }
                )
            }
            return point
        }
    }

    private static func narrow(_ point: inout MapPoint, to range: ClosedRange<Double>, _ fields: Fields) {
        let place = fields.place(of: "write_range")
        guard let allowed = point.write?.range else {
            fields.problems.error(place, "the map does not allow writing point '\(point.name)'; remove 'write_range'")
            return
        }
        guard range.lowerBound >= allowed.lowerBound, range.upperBound <= allowed.upperBound else {
            let low = NumberText.short(point.unit.fromBase(allowed.lowerBound))
            let high = NumberText.short(point.unit.fromBase(allowed.upperBound))
            fields.problems.error(
                place,
                "a site may only narrow the map's write range of \(low)...\(high) \(point.unit.spelling)"
            )
            return
        }
        point.write?.range = range
    }
}
