// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant

/// A map with the places that checks of the whole need.
struct DecodedMap {
    let map: DeviceMap
    let points: [PlacedPoint]
    /// The keys of the file as they count in the end, with what the map takes over from another one.
    let entries: [YAMLEntry]
    /// Where the map begins.
    let place: Place
    let allowances: [LintAllowance]

    /// The value of a key of the file, or nil.
    func node(_ key: String) -> YAMLNode? { entries.first { $0.key == key }?.value }
}

/// Builds a ``DeviceMap`` from a map file.
enum MapDecoder {
    /// Reads one map file; its problems are collected, and nil is returned where nothing can be made of it.
    static func load(path: String, problems: ProblemCollector) -> DeviceMap? {
        decoded(path: path, problems: problems)?.map
    }

    /// As ``load(path:problems:)``, with the places of what was read.
    static func decoded(path: String, problems: ProblemCollector) -> DecodedMap? {
        guard let written = YAMLFile.read(path, problems: problems) else { return nil }
        let file = URL(fileURLWithPath: path).lastPathComponent
        let name = file.hasSuffix(".yaml") ? String(file.dropLast(5)) : file
        if Rule<String>.pointName.read(
            YAMLNode(content: .scalar(name, isPlain: true), place: .start(of: path)),
            "the map's file name",
            problems
        ) == nil {
            return nil
        }
        guard let tree = MapInheritance(problems: problems).resolve(written, path: path) else { return nil }
        return Rule<DecodedMap>.mapping("a device map") { decode($0, name: name, tree: tree) }
            .read(tree, name, problems)
    }

    private static func decode(_ fields: Fields, name: String, tree: YAMLNode) -> DecodedMap? {
        let format = fields.required("format", .integer(1...1, "the version of the map format"))
        let title = fields.optional("title", .text(upTo: 200), default: "")
        let vendor = fields.required("vendor", .text(upTo: 100))
        let model = fields.required("model", .text(upTo: 100))
        let category = fields.required("category", Rule<DeviceCategory>.word)
        let confirmation = fields.required("confirmation", Rule<Confirmation>.word)
        let sources = fields.required("sources", Self.sources)
        let defaultUnit = fields.optional("default_unit", .integer(0...255, "unit ids"))
        let functions = fields.optional("functions", DeviceRules.functions, default: [])
        let limits = fields.optional("limits", DeviceRules.requestLimits, default: RequestLimits())
        let identity = fields.optional("identity", DeviceRules.identityProbe)
        let numbering = fields.optional("numbering", Rule<Numbering>.word)
        let defaults = fields.optional("defaults", mappingEntries) ?? []
        let allowances = fields.optional("lint", LintAllowance.list, default: [])
        var map: DeviceMap?
        if format != nil, let vendor, let model, let category, let confirmation, let sources {
            map = DeviceMap(
                name: name,
                title: title.isEmpty ? "\(vendor) \(model)" : title,
                vendor: vendor,
                model: model,
                category: category,
                confirmation: confirmation,
                defaultUnit: defaultUnit,
                functions: functions,
                sources: sources,
                limits: limits,
                identity: identity,
                points: []
            )
        }
        let points: [PlacedPoint]
        if fields.has("models") {
            let rule = SunSpecDecoder(defaults: defaults, numbering: numbering, functions: functions, limits: limits)
            let models = rule.models(of: fields)
            points = SunSpecDecoder.inARow(models)
            map?.take(models.map(\.layout))
        } else {
            let decoder = MapPointDecoder(defaults: defaults, numbering: numbering, functions: functions)
            points = self.points(fields, decoder, limits: limits, functions: functions)
            let golden = golden(fields, points: points, names: decoder.names)
            map?.points = points.map(\.point)
            map?.goldenVectors = golden
        }
        return map.map { map in
            DecodedMap(
                map: map,
                points: points,
                entries: tree.entries ?? [],
                place: fields.place,
                allowances: allowances
            )
        }
    }

    /// The points of a map of fixed addresses.
    private static func points(
        _ fields: Fields,
        _ decoder: MapPointDecoder,
        limits: RequestLimits,
        functions: [UInt8]
    ) -> [PlacedPoint] {
        let written = fields.required("points", .entries(atMost: Limits.pointsPerMap, decoder.point(named:at:))) ?? []
        if written.isEmpty, fields.has("points"), !fields.problems.hasErrors {
            fields.problems.error(fields.place(of: "points"), "a device map needs at least one point; add one")
        }
        let points = Preconditions(points: written, names: decoder.names, problems: fields.problems).resolved()
        MapChecks(
            points: points,
            names: decoder.names,
            limits: limits,
            functions: functions,
            problems: fields.problems
        ).run()
        return points
    }

    private static var sources: Rule<[String]> {
        Rule<[String]>.list(of: .text(upTo: 1_000), named: "a source", atMost: 50)
            .check { $0.isEmpty ? "is empty; name the document or repository the facts come from" : nil }
    }

    static func golden(_ fields: Fields, points: [PlacedPoint], names: NameRegistry) -> [GoldenVector] {
        let vector = GoldenVectors.vector(points: points.map(\.point), names: names)
        let golden = fields.optional("golden", .list(of: vector, named: "a golden vector", atMost: 10_000), default: [])
        if golden.isEmpty, !fields.has("golden") {
            fields.problems.warning(
                fields.place,
                "the map has no 'golden' vectors, so nothing proves its coding; add some"
            )
        }
        return golden
    }

    static var mappingEntries: Rule<[YAMLEntry]> {
        Rule<[YAMLEntry]> { node, key, problems in
            guard case .mapping(let entries) = node.content else {
                problems.error(node.place, "'\(key)' must be a mapping of point keys to values, but is \(node.kind)")
                return nil
            }
            return entries
        }
    }
}

extension Rule where Value == String {
    /// A canonical point name: lower snake case, at most 64 characters, a letter first.
    static var pointName: Rule {
        Rule.text(upTo: 64).check { text in
            let isWellFormed = text.utf8.enumerated().allSatisfy { position, byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): position > 0
                default: false
                }
            }
            return isWellFormed ? nil : "is '\(text.shortened)'; write lower snake case, such as 'active_power'"
        }
    }
}
