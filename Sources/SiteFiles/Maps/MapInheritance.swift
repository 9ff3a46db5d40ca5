// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant

/// Follows `extends`: a map of a product family says only in what it differs from another map.
///
/// Every value keeps the file and line it was written at. `model`, `title`, `confirmation`, `sources`, `identity` and
/// `default_unit` are of one product and are not taken over.
struct MapInheritance {
    let problems: ProblemCollector

    /// How many maps may extend one another.
    private static let depth = 8
    private static let ownKeys: Set<String> = [
        "model", "title", "confirmation", "sources", "identity", "default_unit", "extends", "omit",
    ]
    /// Keys of a point that may change without making the golden vectors of the other map wrong.
    private static let keysBesideCoding: Set<String> = [
        "address", "vendor_notation", "summary", "source", "poll", "counter", "flat_line_after", "rate_limit", "write",
        "readable", "valid_while",
    ]

    /// The map's tree with what it takes over; nil, with a problem, where that cannot be followed.
    func resolve(_ tree: YAMLNode, path: String) -> YAMLNode? { resolve(tree, chain: [path]) }

    private func resolve(_ tree: YAMLNode, chain: [String]) -> YAMLNode? {
        guard let entries = tree.entries else { return tree }
        guard let clause = entries.first(where: { $0.key == "extends" }) else {
            guard let omit = entries.first(where: { $0.key == "omit" }) else { return tree }
            problems.error(omit.keyPlace, "'omit' leaves out points of the map that 'extends' names; add 'extends'")
            return nil
        }
        guard let path = self.path(clause.value, from: chain) else { return nil }
        guard let written = YAMLFile.read(path, problems: problems),
            let base = resolve(written, chain: chain + [path]),
            let baseEntries = base.entries
        else { return nil }
        var merged = tree
        merged.content = .mapping(merge(baseEntries, with: entries))
        return merged
    }

    /// The file of the map that is extended.
    private func path(_ clause: YAMLNode, from chain: [String]) -> String? {
        guard let name = Rule<String>.pointName.read(clause, "extends", problems), let own = chain.last else {
            return nil
        }
        let beside = URL(fileURLWithPath: own).deletingLastPathComponent().path
        let directories = [beside] + SiteFiles.mapDirectories(given: [], beside: own)
        guard
            let path = directories.map({ "\($0)/\(name).yaml" }).first(where: {
                FileManager.default.fileExists(atPath: $0)
            })
        else {
            let hint = NearestName.hint(for: name, in: SiteFiles.mapNames(in: directories), called: "the maps")
            problems.error(clause.place, "'extends' names no map: '\(name.shortened)'; \(hint)")
            return nil
        }
        func mapName(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }
        func canonical(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
        if chain.contains(where: { canonical($0) == canonical(path) }) {
            let circle = (chain + [path]).map(mapName).joined(separator: " -> ")
            problems.error(clause.place, "the maps extend one another in a circle: \(circle); remove one 'extends'")
            return nil
        }
        guard chain.count < Self.depth else {
            problems.error(clause.place, "more than \(Self.depth) maps extend one another; extend the first one")
            return nil
        }
        return path
    }

    private func merge(_ base: [YAMLEntry], with own: [YAMLEntry]) -> [YAMLEntry] {
        func entry(_ key: String, _ entries: [YAMLEntry]) -> YAMLEntry? { entries.first { $0.key == key } }
        let points = mergedPoints(base, own)
        var result = own.filter { !["extends", "omit", "defaults", "points", "golden"].contains($0.key) }
        for inherited in base where !Self.ownKeys.contains(inherited.key) {
            guard let position = result.firstIndex(where: { $0.key == inherited.key }) else {
                if !["defaults", "points", "golden"].contains(inherited.key) { result.append(inherited) }
                continue
            }
            switch (result[position].value.content, inherited.value.content) {
            case (.mapping(let first), .mapping(let second)) where inherited.key == "limits":
                result[position].value.content = .mapping(Self.joined(first, second))
            case (.mapping(let first), .mapping(let second)) where inherited.key == "lint":
                result[position].value.content = .mapping(Self.lint(first, second))
            default: break
            }
        }
        if let points { result.append(points.entry) }
        let golden = mergedGolden(entry("golden", base), entry("golden", own), without: points?.changed ?? [])
        return result + [golden].compactMap(\.self)
    }

    /// The keys of the first with those of the second that it does not have.
    private static func joined(_ first: [YAMLEntry], _ second: [YAMLEntry]) -> [YAMLEntry] {
        first + second.filter { entry in !first.contains { $0.key == entry.key } }
    }

    private static func lint(_ own: [YAMLEntry], _ base: [YAMLEntry]) -> [YAMLEntry] {
        own.map { entry in
            var entry = entry
            if case .sequence(let first) = entry.value.content,
                case .sequence(let second)? = base.first(where: { $0.key == entry.key })?.value.content
            {
                entry.value.content = .sequence(first + second)
            }
            return entry
        }
    }

    // MARK: Points

    /// The points of both maps, each with the defaults of the file it stands in, and the names whose coding changed.
    private func mergedPoints(_ base: [YAMLEntry], _ own: [YAMLEntry]) -> (entry: YAMLEntry, changed: Set<String>)? {
        func value(_ key: String, _ entries: [YAMLEntry]) -> YAMLEntry? { entries.first { $0.key == key } }
        guard var place = value("points", base) ?? value("points", own) else { return nil }
        let baseDefaults = value("defaults", base)?.value.entries ?? []
        let ownDefaults = Self.joined(value("defaults", own)?.value.entries ?? [], baseDefaults)
        let inherited = Repeats.expand(value("points", base)?.value.entries ?? [], problems: problems)
        let added = Repeats.expand(value("points", own)?.value.entries ?? [], problems: problems)
        let omitted = omitted(value("omit", own)?.value, of: inherited.map(\.key))
        var changed = omitted
        var result: [YAMLEntry] = []
        var taken: Set<String> = []
        for point in inherited where !omitted.contains(point.key) {
            var point = point
            point.value = PointDefaults.apply(baseDefaults, to: point.value)
            if let change = added.first(where: { $0.key == point.key }), case .mapping(let keys) = change.value.content
            {
                taken.insert(point.key)
                if !keys.allSatisfy({ Self.keysBesideCoding.contains($0.key) }) { changed.insert(point.key) }
                point.keyPlace = change.keyPlace
                point.value.content = .mapping(Self.joined(keys, point.value.entries ?? []))
            }
            result.append(point)
        }
        for point in added where !taken.contains(point.key) {
            var point = point
            point.value = PointDefaults.apply(ownDefaults, to: point.value)
            result.append(point)
        }
        place.value.content = .mapping(result)
        return (place, changed)
    }

    private func omitted(_ node: YAMLNode?, of names: [String]) -> Set<String> {
        guard let node else { return [] }
        let name = Rule<String>.text(upTo: 64).check { name in
            if names.contains(name) { return nil }
            let hint = NearestName.hint(for: name, in: names, called: "its points")
            return "names '\(name.shortened)', which the extended map does not have; \(hint)"
        }
        let list = Rule<[String]>.list(of: name, named: "omit", atMost: Limits.pointsPerMap)
        return Set(list.read(node, "omit", problems) ?? [])
    }

    /// The vectors of both maps, but not those whose point is gone or coded otherwise.
    private func mergedGolden(_ base: YAMLEntry?, _ own: YAMLEntry?, without changed: Set<String>) -> YAMLEntry? {
        guard let base, case .sequence(let written) = base.value.content else { return own }
        let kept = Repeats.expand(written, problems: problems).filter { vector in
            guard case .scalar(let name, _)? = vector.entries?.first(where: { $0.key == "point" })?.value.content else {
                return true
            }
            return !changed.contains(name)
        }
        var golden = own ?? base
        var vectors = kept
        if let own {
            guard case .sequence(let added) = own.value.content else { return own }
            vectors += added
        }
        golden.value.content = .sequence(vectors)
        return golden
    }
}
