// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Reads the part of TOML 1.0 that collectors are configured with, into the tree that YAML is read into.
///
/// Tables, arrays of tables, dotted and quoted keys, one-line strings, numbers, truth values, arrays over several
/// lines, inline tables, comments. Multi-line strings are refused by name; dates stay text.
struct TOMLText {
    private struct Failure: Error {
        let line: Int
        let column: Int
        let message: String
    }

    private let scalars: [Unicode.Scalar]
    private let file: String
    private var position = 0
    private var line = 1
    private var lineStart = 0
    private var nodesLeft = Limits.nodesPerFile

    /// The tree of a text; nil, with a problem that names the place, where it is no TOML this reads.
    static func tree(of text: String, file: String, problems: ProblemCollector) -> YAMLNode? {
        var reader = TOMLText(scalars: Array(text.replacing("\r\n", with: "\n").unicodeScalars), file: file)
        do {
            return try reader.document()
        } catch let failure as Failure {
            let place = Place(file: file, line: failure.line, column: failure.column)
            problems.error(place, "TOML syntax: \(failure.message)")
        } catch {
            problems.error(.start(of: file), "the TOML cannot be read: \(error)")
        }
        return nil
    }

    private init(scalars: [Unicode.Scalar], file: String) {
        self.scalars = scalars
        self.file = file
    }

    // MARK: Tables

    private mutating func document() throws -> YAMLNode {
        var root = YAMLNode(content: .mapping([]), place: .start(of: file))
        var current: [String] = []
        while true {
            skip(lines: true)
            guard let scalar = peek else { return root }
            if scalar == "[" {
                let place = here
                advance()
                let isList = peek == "["
                if isList { advance() }
                current = try keys()
                for _ in 0..<(isList ? 2 : 1) { try expect("]") }
                let table = YAMLNode(content: .mapping([]), place: place)
                try Self.put(table, at: current[...], appending: isList, in: &root, fail: failure)
            } else {
                let place = here
                let path = try keys()
                try expect("=")
                skip(lines: false)
                var value = try value(depth: 0)
                if value.entries == nil { value.place = place }
                try Self.put(value, at: (current + path)[...], appending: false, in: &root, fail: failure)
            }
            skip(lines: false)
            guard peek == nil || peek == "\n" else { throw failure("there is something behind the value") }
        }
    }

    /// Puts a value where a path leads; lists on the way are followed to their last element.
    private static func put(
        _ value: YAMLNode,
        at path: ArraySlice<String>,
        appending: Bool,
        in node: inout YAMLNode,
        fail: (String) -> Failure
    ) throws {
        if case .sequence(var nodes) = node.content, var last = nodes.popLast() {
            try put(value, at: path, appending: appending, in: &last, fail: fail)
            node.content = .sequence(nodes + [last])
            return
        }
        guard let key = path.first, case .mapping(var entries) = node.content else {
            throw fail("a key stands under something that is no table")
        }
        let rest = path.dropFirst()
        guard let index = entries.firstIndex(where: { $0.key == key }) else {
            var new = value
            if !rest.isEmpty {
                new = YAMLNode(content: .mapping([]), place: value.place)
                try put(value, at: rest, appending: appending, in: &new, fail: fail)
            } else if appending {
                new = YAMLNode(content: .sequence([value]), place: value.place)
            }
            entries.append(YAMLEntry(key: key, keyPlace: value.place, value: new))
            node.content = .mapping(entries)
            return
        }
        if !rest.isEmpty {
            try put(value, at: rest, appending: appending, in: &entries[index].value, fail: fail)
        } else if appending, case .sequence(let nodes) = entries[index].value.content {
            entries[index].value.content = .sequence(nodes + [value])
        } else if appending || value.entries == nil || entries[index].value.entries == nil {
            throw fail("the key '\(key.shortened)' stands twice")
        }
        node.content = .mapping(entries)
    }

    private mutating func keys() throws -> [String] {
        var keys: [String] = []
        while true {
            skip(lines: false)
            if peek == "\"" || peek == "'" {
                keys.append(try string())
            } else {
                var key = ""
                while let scalar = peek,
                    scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                        || scalar == "_" || scalar == "-"
                {
                    key.unicodeScalars.append(scalar)
                    advance()
                }
                guard !key.isEmpty else { throw failure("a key is expected here") }
                keys.append(key)
            }
            guard keys.count <= Limits.nesting else { throw failure("keys are nested too deep") }
            skip(lines: false)
            guard peek == "." else { return keys }
            advance()
        }
    }

    // MARK: Values

    private mutating func value(depth: Int) throws -> YAMLNode {
        nodesLeft -= 1
        guard nodesLeft > 0, depth <= Limits.nesting else { throw failure("there are too many values") }
        let place = here
        switch peek {
        case "\"", "'": return YAMLNode(content: .scalar(try string(), isPlain: false), place: place)
        case "[": return YAMLNode(content: .sequence(try array(depth: depth)), place: place)
        case "{": return try inlineTable(at: place, depth: depth)
        default:
            var text = ""
            while let scalar = peek, !",]}#\n".unicodeScalars.contains(scalar) {
                text.unicodeScalars.append(scalar)
                advance()
            }
            while text.last == " " || text.last == "\t" { text.removeLast() }
            guard !text.isEmpty else { throw failure("a value is expected here") }
            let plain = text.replacing("_", with: "")
            return YAMLNode(content: .scalar(Double(plain) == nil ? text : plain, isPlain: true), place: place)
        }
    }

    private mutating func array(depth: Int) throws -> [YAMLNode] {
        advance()
        var nodes: [YAMLNode] = []
        while true {
            skip(lines: true)
            if peek == "]" { break }
            nodes.append(try value(depth: depth + 1))
            skip(lines: true)
            if peek == "," { advance() } else if peek != "]" { throw failure("',' or ']' is expected here") }
        }
        advance()
        return nodes
    }

    private mutating func inlineTable(at place: Place, depth: Int) throws -> YAMLNode {
        advance()
        var node = YAMLNode(content: .mapping([]), place: place)
        while true {
            skip(lines: true)
            if peek == "}" { break }
            let path = try keys()
            try expect("=")
            skip(lines: false)
            let value = try value(depth: depth + 1)
            try Self.put(value, at: path[...], appending: false, in: &node, fail: failure)
            skip(lines: true)
            if peek == "," { advance() } else if peek != "}" { throw failure("',' or '}' is expected here") }
        }
        advance()
        return node
    }

    private mutating func string() throws -> String {
        guard let quote = peek else { throw failure("a text is expected here") }
        if position + 2 < scalars.count, scalars[position + 1] == quote, scalars[position + 2] == quote {
            throw failure("texts over several lines are not read; write it on one line")
        }
        advance()
        var text = ""
        while let scalar = peek, scalar != "\n" {
            advance()
            if scalar == quote { return text }
            guard scalar == "\\", quote == "\"", let escaped = peek else {
                text.unicodeScalars.append(scalar)
                continue
            }
            advance()
            switch escaped {
            case "n": text += "\n"
            case "t": text += "\t"
            case "\"", "\\": text.unicodeScalars.append(escaped)
            default: throw failure("the escape \\\(escaped) is not read")
            }
        }
        throw failure("a text has no end on its line")
    }

    // MARK: Scalars

    private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private var here: Place { Place(file: file, line: line, column: position - lineStart + 1) }

    private func failure(_ message: String) -> Failure {
        Failure(line: line, column: position - lineStart + 1, message: message)
    }

    private mutating func advance() {
        if peek == "\n" {
            line += 1
            lineStart = position + 1
        }
        position += 1
    }

    private mutating func expect(_ scalar: Unicode.Scalar) throws {
        skip(lines: false)
        guard peek == scalar else { throw failure("'\(scalar)' is expected here") }
        advance()
    }

    /// Passes blanks and comments, and line ends where they mean nothing.
    private mutating func skip(lines: Bool) {
        while let scalar = peek {
            if scalar == " " || scalar == "\t" || (lines && scalar == "\n") {
                advance()
            } else if scalar == "#" {
                while let scalar = peek, scalar != "\n" { _ = scalar; advance() }
            } else {
                return
            }
        }
    }
}
