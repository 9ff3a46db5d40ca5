// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads a site file and the files it includes into one tree.
///
/// `include: [racks.yaml, meters.yaml]` at the top: paths are relative to the including file. Lists of the same
/// section are joined in the order of the files; any other section may stand in one file only. Every file may name its
/// `format`.
struct SiteTree {
    private let problems: ProblemCollector
    private var files = 0
    /// Canonical paths of every file read, in order.
    private var read: [String] = []

    static func load(path: String, problems: ProblemCollector) -> YAMLNode? {
        var tree = SiteTree(problems: problems)
        guard let root = YAMLFile.read(path, problems: problems) else { return nil }
        guard root.entries != nil else {
            problems.error(root.place, "a site file must be a mapping of sections, but this is \(root.kind)")
            return nil
        }
        guard SiteFormat.accepts(root, problems: problems) else { return nil }
        let entries = tree.entries(of: root, path: path, chain: [Self.canonical(path)])
        let groups = SiteGroups(problems: problems)
        return YAMLNode(content: .mapping(groups.expand(entries)), place: root.place)
    }

    private init(problems: ProblemCollector) { self.problems = problems }

    /// The sections of a file with those of its includes joined in.
    private mutating func entries(of root: YAMLNode, path: String, chain: [String]) -> [YAMLEntry] {
        guard let own = root.entries else { return [] }
        var result = own.filter { $0.key != "include" }
        guard let include = own.first(where: { $0.key == "include" }) else { return result }
        guard case .sequence(let nodes) = include.value.content else {
            problems.error(include.value.place, "'include' must be a list of file names, but is \(include.value.kind)")
            return result
        }
        for node in nodes {
            guard let name = Rule<String>.text(upTo: 500).read(node, "include", problems) else { continue }
            for entry in included(name, at: node.place, from: path, chain: chain) { join(entry, into: &result) }
        }
        return result
    }

    private mutating func included(_ name: String, at place: Place, from path: String, chain: [String]) -> [YAMLEntry] {
        files += 1
        guard files <= Limits.includedFiles else {
            if files == Limits.includedFiles + 1 {
                problems.error(place, "more than \(Limits.includedFiles) files are included; join some of them")
            }
            return []
        }
        let target =
            name.hasPrefix("/")
            ? name : URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent(name).relativePath
        let canonical = Self.canonical(target)
        if chain.contains(canonical) {
            let circle = (chain + [canonical]).map { URL(fileURLWithPath: $0).lastPathComponent }
            problems.error(place, "the includes run in a circle: \(circle.joined(separator: " -> ")); remove one")
            return []
        }
        if read.contains(canonical) {
            problems.error(place, "'\(name)' is included twice; remove one of the two")
            return []
        }
        read.append(canonical)
        guard FileManager.default.fileExists(atPath: target) else {
            problems.error(place, "there is no file '\(target)' to include; paths are relative to the including file")
            return []
        }
        guard let tree = YAMLFile.read(target, problems: problems) else { return [] }
        guard tree.entries != nil else {
            problems.error(tree.place, "an included file must be a mapping of sections, but this is \(tree.kind)")
            return []
        }
        guard SiteFormat.accepts(tree, problems: problems) else { return [] }
        return entries(of: tree, path: target, chain: chain + [canonical]).filter { $0.key != "format" }
    }

    private func join(_ entry: YAMLEntry, into entries: inout [YAMLEntry]) {
        guard let position = entries.firstIndex(where: { $0.key == entry.key }) else {
            entries.append(entry)
            return
        }
        guard case .sequence(let first) = entries[position].value.content,
            case .sequence(let second) = entry.value.content
        else {
            let other = entries[position].keyPlace.seen(from: entry.keyPlace.file)
            problems.error(entry.keyPlace, "the section '\(entry.key)' stands in two files, also at \(other); keep one")
            return
        }
        entries[position].value.content = .sequence(first + second)
    }

    private static func canonical(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
}
