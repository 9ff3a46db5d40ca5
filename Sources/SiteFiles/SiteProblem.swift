// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// One thing that is wrong, or doubtful, in a site file or device map.
package struct SiteProblem: Hashable, Sendable, CustomStringConvertible {
    /// Whether the file can be used all the same.
    package enum Severity: String, Sendable {
        /// The file cannot be used.
        case error
        /// The file can be used, but probably says something else than was meant.
        case warning
    }

    /// The path as it was given.
    package let file: String
    /// The line, counted from 1.
    package let line: Int
    /// The column in Unicode scalars, counted from 1.
    package let column: Int
    /// What is wrong, why, and what to do.
    package let message: String
    package let severity: Severity

    package init(file: String, line: Int, column: Int, message: String, severity: Severity) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.severity = severity
    }

    /// `file:line:column: message`, the form that editors and CI systems turn into links.
    package var description: String {
        "\(file):\(line):\(column): \(severity == .warning ? "warning: " : "")\(message)"
    }
}

/// What came of reading a file.
package struct Loaded<Value: Sendable>: Sendable {
    /// The value; nil when any problem is an error.
    package let value: Value?
    /// Every problem found, by file in the order of reading, then by line and column.
    package let problems: [SiteProblem]
    /// The path of every file that was read for it, in the order of reading, the one asked for first.
    package let files: [String]

    package init(value: Value?, problems: [SiteProblem], files: [String] = []) {
        self.value = problems.contains { $0.severity == .error } ? nil : value
        self.problems = problems
        self.files = files
    }
}
