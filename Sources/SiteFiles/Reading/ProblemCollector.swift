// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Where a value stands in a file.
struct Place: Hashable {
    let file: String
    /// The line, counted from 1.
    let line: Int
    /// The column in Unicode scalars, counted from 1.
    let column: Int
    /// The number `n` where the value comes out of a `repeat`.
    var repetition: Int?

    /// The first character of a file.
    static func start(of file: String) -> Place { Place(file: file, line: 1, column: 1) }

    /// The place as a message names it: `line 12`, with the file where it is another one than `file`.
    func seen(from file: String) -> String { self.file == file ? "line \(line)" : "\(self.file):\(line)" }
}

extension Place {
    /// Where a file cannot be read.
    init(_ fault: TextFile.Fault, in file: String) {
        self.init(file: file, line: fault.line ?? 1, column: fault.column)
    }
}

/// Collects the problems of one load.
final class ProblemCollector {
    private var problems: [SiteProblem] = []
    /// Files read, and files with problems, in the order they came up.
    private(set) var files: [String] = []
    private var seen: Set<SiteProblem> = []
    private var repeatedPlaces: [Place: Int] = [:]
    private(set) var hasErrors = false

    func error(_ place: Place, _ message: String) {
        hasErrors = true
        add(place, message, .error)
    }

    func warning(_ place: Place, _ message: String) { add(place, message, .warning) }

    /// What was found, by file in the order of reading, then by line and column.
    func sorted() -> [SiteProblem] {
        let rank = Dictionary(files.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var list = problems.enumerated().sorted { left, right in
            let leftKey = (rank[left.element.file] ?? 0, left.element.line, left.element.column, left.offset)
            let rightKey = (rank[right.element.file] ?? 0, right.element.line, right.element.column, right.offset)
            return leftKey < rightKey
        }.map(\.element)
        if list.count > Limits.problems, let last = list.prefix(Limits.problems).last {
            let rest = list.count - Limits.problems
            list.removeLast(rest)
            let message = "\(rest) more problems are not listed; correct these first"
            list.append(
                SiteProblem(file: last.file, line: last.line, column: last.column, message: message, severity: .error)
            )
        }
        return list
    }

    /// Takes a file into the order of the report.
    func open(file: String) {
        if !files.contains(file) { files.append(file) }
    }

    private func add(_ place: Place, _ message: String, _ severity: SiteProblem.Severity) {
        open(file: place.file)
        var text = message
        if let repetition = place.repetition {
            // A slip in a repeated entry is one slip, however often it is repeated.
            let anywhere = Place(file: place.file, line: place.line, column: place.column)
            guard repeatedPlaces[anywhere, default: repetition] == repetition else { return }
            repeatedPlaces[anywhere] = repetition
            text += " (seen at n = \(repetition))"
        }
        let problem = SiteProblem(
            file: place.file,
            line: place.line,
            column: place.column,
            message: text,
            severity: severity
        )
        guard problems.count < 50 * Limits.problems, seen.insert(problem).inserted else { return }
        problems.append(problem)
    }
}
