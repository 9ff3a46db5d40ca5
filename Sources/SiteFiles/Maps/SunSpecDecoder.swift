// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Reads `models`: the SunSpec models that a map takes its points from, in the order of preference.
struct SunSpecDecoder {
    /// One entry of the list.
    struct Entry {
        let layout: SunSpecLayout
        /// The points with their places; addresses count from the model's id.
        let points: [PlacedPoint]
        let place: Place
    }

    /// Keys that the points of every model take where neither they nor their model give them.
    let defaults: [YAMLEntry]
    let numbering: Numbering?
    let functions: [UInt8]
    let limits: RequestLimits

    /// Models that one map may list, and registers that one of them may have.
    private static let modelLimit = 25
    private static let lengthLimit = 1_000

    /// The models of a map, which has no points besides.
    func models(of fields: Fields) -> [Entry] {
        let list = Rule<[Entry]>.list(of: entry, named: "a model", atMost: Self.modelLimit)
        let models = fields.required("models", list) ?? []
        for key in ["points", "golden"] where fields.has(key) {
            fields.problems.error(
                fields.place(of: key),
                "a map has either points of fixed addresses or 'models', each with its own '\(key)'; move it there"
            )
        }
        if models.isEmpty, !fields.problems.hasErrors {
            fields.problems.error(fields.place(of: "models"), "'models' is empty; list those the map reads")
        }
        Self.checkTogether(models, fields.problems)
        return models
    }

    private var entry: Rule<Entry> {
        Rule<Entry>.mapping("a model") { fields in
            let id = Rule<Int>.integer(1...65_534, "SunSpec model ids")
            let ids = fields.required("ids", .list(of: id, named: "ids", atMost: 100, asWhole: true))
            let length = fields.required("length", .integer(1...Self.lengthLimit, "registers behind id and length"))
            let own = fields.optional("defaults", MapDecoder.mappingEntries) ?? []
            let shared = defaults.filter { entry in !own.contains { $0.key == entry.key } }
            let decoder = MapPointDecoder(defaults: own + shared, numbering: numbering, functions: functions)
            let written =
                fields.required("points", .entries(atMost: Limits.pointsPerMap, decoder.point(named:at:))) ?? []
            let points = Preconditions(points: written, names: decoder.names, problems: fields.problems).resolved()
            MapChecks(
                points: points,
                names: decoder.names,
                limits: RequestLimits(maximumRegistersPerRead: limits.maximumRegistersPerRead),
                functions: functions,
                problems: fields.problems
            ).run()
            let golden = MapDecoder.golden(fields, points: points, names: decoder.names)
            guard let ids, let length else { return nil }
            guard !ids.isEmpty else {
                fields.problems.error(fields.place(of: "ids"), "'ids' is empty, so no device would have it; list ids")
                return nil
            }
            let layout = SunSpecLayout(
                ids: ids.map { UInt16($0) },
                length: length,
                points: points.map(\.point),
                goldenVectors: golden
            )
            for point in points { check(point, layout, fields.problems) }
            return Entry(layout: layout, points: points, place: fields.place)
        }
    }

    /// What a point of a model must keep besides what every point must.
    private func check(_ entry: PlacedPoint, _ layout: SunSpecLayout, _ problems: ProblemCollector) {
        let point = entry.point
        if point.table != .holdingRegister {
            problems.error(
                entry.place(of: "table"),
                "the models of a device stand in its holding registers; write table: holding_register"
            )
        }
        if point.write != nil {
            problems.error(
                entry.place(of: "write"),
                "points of models are read only, as their addresses differ from device to device; remove 'write'"
            )
        }
        let model = SunSpecChain.Model(id: 0, address: 0, length: layout.length)
        let first = min(point.address, point.scaleFactorAddress ?? point.address)
        guard Int(first) < SunSpecChain.headerLength || !layout.holds(point, in: model) else { return }
        problems.error(
            entry.place(of: "address"),
            "point '\(point.name)' is not in the model, whose registers are \(SunSpecChain.headerLength)..."
                + "\(layout.length + 1) counted from its id; correct the addresses or 'length'"
        )
    }

    /// Checks that need all models of a map.
    private static func checkTogether(_ entries: [Entry], _ problems: ProblemCollector) {
        var owners: Set<UInt16> = []
        var origins: [String: MapPoint] = [:]
        for entry in entries {
            for id in entry.layout.ids where !owners.insert(id).inserted {
                problems.error(entry.place, "model \(id) is listed already; name it once")
            }
            for placed in entry.points {
                let point = placed.point
                guard let origin = origins[point.name] else {
                    origins[point.name] = point
                    continue
                }
                let isSame =
                    origin.baseUnit == point.baseUnit && origin.type.isText == point.type.isText
                    && (origin.counter == nil) == (point.counter == nil)
                guard !isSame else { continue }
                problems.error(
                    placed.place,
                    "point '\(point.name)' is something else in a model further up; unit, text and 'counter' must agree"
                )
            }
        }
    }

    /// The points of all models one behind the other, as no device has them, for the rules that look at addresses.
    static func inARow(_ entries: [Entry]) -> [PlacedPoint] {
        let chain = SunSpecChain(entries.map { ($0.layout.ids.first ?? 0, $0.layout.length) })
        return zip(entries, chain.models).flatMap { entry, model in
            entry.points.map { placed in
                var placed = placed
                placed.point.address = UInt16(clamping: model.address + Int(placed.point.address))
                placed.point.scaleFactorAddress = placed.point.scaleFactorAddress.map {
                    UInt16(clamping: model.address + Int($0))
                }
                return placed
            }
        }
    }
}
