// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Every import is one that ``ModuleTable`` allows.
enum ImportRule {
    /// The modules a file imports, with the line of each, counted from 0.
    static func imports(of file: ScannedFile) -> [(index: Int, module: String)] {
        let pattern =
            #/
            ^ \s* (?: @\w+ (?: \([^)]*\) )? \s+ | (?: package|public|internal|private|fileprivate ) \s+ )*
            import \s+ (?: (?: struct|class|enum|protocol|func|var|let|typealias ) \s+ )? (\w+)
            /#
        return file.lines.indices.compactMap { index in
            guard file.lines[index].code.contains("import"),
                let match = file.lines[index].code.firstMatch(of: pattern)
            else { return nil }
            return (index, String(match.1))
        }
    }

    static func check(_ file: ScannedFile) -> [Finding] {
        guard let module = file.module else { return [] }
        guard let rule = ModuleTable.rule(module) else {
            return [file.finding(0, "target \(module) is not in the module table")]
        }
        var allowed = rule.imports.union(ModuleTable.exceptions[file.path] ?? [])
        if rule.layer != .pure { allowed.formUnion(ModuleTable.system) }
        return imports(of: file).filter { !allowed.contains($0.module) }.map {
            file.finding($0.index, "\(module) must not import \($0.module)")
        }
    }

    /// The targets that import a module, sorted.
    static func importers(of module: String, in files: [ScannedFile]) -> [String] {
        let targets = files.filter { file in imports(of: file).contains { $0.module == module } }.compactMap(\.module)
        return Set(targets).sorted()
    }
}

/// No pure target prints, reads a clock or the environment, or draws from the system's random source.
enum PurityRule {
    static let forbiddenWords = [
        "CommandLine", "ContinuousClock", "Dispatch", "DispatchQueue", "FileHandle", "FileManager", "Foundation",
        "ProcessInfo", "SuspendingClock", "SystemRandomNumberGenerator", "Task", "Thread", "URLSession", "UUID",
        "getenv",
    ]

    static let forbiddenCalls = ["Date", "debugPrint", "dump", "print", "readLine"]

    static func check(_ file: ScannedFile) -> [Finding] {
        guard let module = file.module, ModuleTable.rule(module)?.layer == .pure else { return [] }
        return file.lines.indices.flatMap { index -> [Finding] in
            let code = file.lines[index].code
            let words = Words(code)
            var findings = forbiddenWords.filter { words.contains($0) }.map {
                file.finding(index, "\(module) is pure and must not use \($0)")
            }
            findings += forbiddenCalls.filter { words.calls($0) }.map {
                file.finding(index, "\(module) is pure and must not call \($0)()")
            }
            if code.contains(/[Cc]lock(?:\(\))?\.now\b/) || code.contains(/\bDate\.now\b/) {
                findings.append(file.finding(index, "\(module) is pure and must not read a clock"))
            }
            return findings + randomCalls(file, index)
        }
    }

    /// Calls that draw random numbers without naming a generator.
    private static func randomCalls(_ file: ScannedFile, _ index: Int) -> [Finding] {
        let code = file.lines[index].code
        guard code.contains("random") || code.contains("shuffle") else { return [] }
        return code.matches(of: /\.(random|randomElement|shuffle|shuffled)\(/).compactMap { match in
            let column = code.distance(from: code.startIndex, to: match.range.upperBound)
            guard !file.argumentList(from: index, column: column).contains("using:") else { return nil }
            return file.finding(index, "\(match.1)() draws from the global random source; pass a generator with using:")
        }
    }
}

extension ScannedFile {
    /// The code from a place behind an opening parenthesis to the one that closes it.
    fileprivate func argumentList(from index: Int, column: Int) -> String {
        var depth = 1
        var text = ""
        for position in index..<lines.count {
            let code = lines[position].code
            for character in position == index ? code.dropFirst(column) : code[...] {
                if character == "(" { depth += 1 }
                if character == ")" { depth -= 1 }
                if depth == 0 { return text }
                text.append(character)
            }
        }
        return text
    }
}

/// The identifiers of a line, each with what stands around it.
struct Words {
    private let words: [(text: Substring, before: Character?, after: Character?)]

    init(_ line: String) {
        var words: [(Substring, Character?, Character?)] = []
        var before: Character?
        var rest = line[...]
        while let first = rest.first {
            if Self.isPart(first) {
                let word = rest.prefix(while: Self.isPart)
                rest = rest.dropFirst(word.count)
                words.append((word, before, rest.first))
                before = word.last
            } else {
                before = first
                rest = rest.dropFirst()
            }
        }
        self.words = words
    }

    static func isPart(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }

    /// Whether the word stands there, other than as a member of something.
    func contains(_ word: String) -> Bool { words.contains { $0.text == word && $0.before != "." } }

    /// Whether the word is called, other than as a member of something.
    func calls(_ word: String) -> Bool { words.contains { $0.text == word && $0.before != "." && $0.after == "(" } }
}
