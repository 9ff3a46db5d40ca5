// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Yams

/// Reads one YAML file into nodes that know their place.
struct YAMLFile {
    let path: String
    let problems: ProblemCollector
    private var nodesLeft = Limits.nodesPerFile

    /// Reads the file; nil, with a problem collected, where there is no tree to go on with.
    static func read(_ path: String, problems: ProblemCollector) -> YAMLNode? {
        problems.open(file: path)
        var file = YAMLFile(path: path, problems: problems)
        guard let text = file.text() else { return nil }
        return file.tree(of: text)
    }

    private init(path: String, problems: ProblemCollector) {
        self.path = path
        self.problems = problems
    }

    // MARK: Bytes to text

    private func text() -> String? {
        do throws(TextFile.Fault) { return try TextFile.yaml.read(path) } catch {
            problems.error(Place(error, in: path), error.message)
            return nil
        }
    }

    // MARK: Text to nodes

    private mutating func tree(of text: String) -> YAMLNode? {
        if let finding = YAMLScan.firstFinding(in: text) {
            problems.error(Place(file: path, line: finding.line, column: finding.column), finding.message)
            return nil
        }
        var source = text
        for attempt in 0..<DuplicateKeys.attempts {
            do {
                let parser = try Parser(yaml: source, resolver: .basic, constructor: .default, encoding: .utf8)
                guard let root = try parser.singleRoot() else { break }
                return node(from: root, depth: 0)
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let place = Place(file: path, line: context.mark.line, column: context.mark.column)
                let key = keys.first ?? ""
                problems.error(
                    place,
                    "the key '\(key.shortened)' stands more than once in this mapping, here first; keep one of them"
                )
                guard let renamed = DuplicateKeys.rename(key, at: place, in: source, attempt: attempt) else {
                    return nil
                }
                source = renamed
            } catch {
                report(error)
                return nil
            }
        }
        problems.error(.start(of: path), "the file holds no YAML document; write the sections its format asks for")
        return nil
    }

    private func report(_ error: any Error) {
        guard let error = error as? YamlError else {
            problems.error(.start(of: path), "the YAML cannot be read: \(error)")
            return
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let around = context.map { " (\($0.text), from line \($0.mark.line))" } ?? ""
            problems.error(
                Place(file: path, line: mark.line, column: mark.column),
                "YAML syntax: \(problem)\(around); check indentation, quotes and brackets here and on the line before"
            )
        default:
            problems.error(.start(of: path), "the YAML cannot be read: \(error)")
        }
    }

    /// Turns the parser's node into one that knows its place; nil, with one problem, past the limits.
    private mutating func node(from node: Node, depth: Int) -> YAMLNode? {
        let place = Place(file: path, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
        nodesLeft -= 1
        guard nodesLeft > 0 else {
            problems.error(
                place,
                "the file holds more than \(Limits.nodesPerFile) values with its aliases followed; use fewer aliases"
            )
            return nil
        }
        guard depth <= Limits.nesting else {
            problems.error(place, "lists and mappings are nested deeper than \(Limits.nesting); no section needs that")
            return nil
        }
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain && scalar.tag.description == Tag.Name.implicit.rawValue
            return YAMLNode(content: .scalar(scalar.string, isPlain: isPlain), place: place)
        case .sequence(let sequence):
            var nodes: [YAMLNode] = []
            for element in sequence {
                guard let element = self.node(from: element, depth: depth + 1) else { return nil }
                nodes.append(element)
            }
            return YAMLNode(content: .sequence(nodes), place: place)
        case .mapping(let mapping):
            return self.mapping(mapping, place: place, depth: depth)
        case .alias:
            problems.error(place, "an alias stands where its anchor is not known; write the value out")
            return nil
        }
    }

    private mutating func mapping(_ mapping: Node.Mapping, place: Place, depth: Int) -> YAMLNode? {
        var entries: [YAMLEntry] = []
        for (key, value) in mapping {
            let keyPlace = Place(file: path, line: key.mark?.line ?? 1, column: key.mark?.column ?? 1)
            guard let value = node(from: value, depth: depth + 1) else { return nil }
            guard let name = key.scalar?.string else {
                problems.error(keyPlace, "a key must be plain text; write 'key: value'")
                continue
            }
            if DuplicateKeys.isRenamed(name) { continue }
            if name == "<<" {
                problems.error(keyPlace, "YAML merge keys are not supported; use 'repeat' or 'defaults'")
                continue
            }
            entries.append(YAMLEntry(key: name, keyPlace: keyPlace, value: value))
        }
        return YAMLNode(content: .mapping(entries), place: place)
    }
}

/// Gets past a key that stands twice, at which the parser gives up, so that the rest of the file is checked too.
///
/// The first character of the first one is replaced with one of the private use area, which keeps every line and
/// column, and what stands under it is left out.
private enum DuplicateKeys {
    static let attempts = 16
    private static let firstMark: UInt32 = 0xE000

    static func isRenamed(_ key: String) -> Bool {
        guard let first = key.unicodeScalars.first else { return false }
        return (firstMark..<firstMark + UInt32(attempts)).contains(first.value)
    }

    static func rename(_ key: String, at place: Place, in text: String, attempt: Int) -> String? {
        guard let mark = Unicode.Scalar(firstMark + UInt32(attempt)) else { return nil }
        var scalars = text.unicodeScalars
        var index = scalars.startIndex
        for _ in 1..<max(place.line, 1) {
            guard let lineEnd = scalars[index...].firstIndex(of: "\n") else { return nil }
            index = scalars.index(after: lineEnd)
        }
        guard let start = scalars.index(index, offsetBy: place.column - 1, limitedBy: scalars.endIndex),
            start < scalars.endIndex
        else { return nil }
        let isQuoted = scalars[start] == "\"" || scalars[start] == "'"
        let begin = isQuoted ? scalars.index(after: start) : start
        guard !key.isEmpty, scalars[begin...].starts(with: key.unicodeScalars) else { return nil }
        scalars.replaceSubrange(begin...begin, with: CollectionOfOne(mark))
        return String(scalars)
    }
}
