// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// What is wrong with the text that a run is fed with: a weather file, a load trace, a recording, a list of hosts.
package struct InputTextError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, counted from 1; nil where the file as a whole is concerned.
    package let line: Int?
    /// What is wrong and what to do.
    package let message: String

    package init(line: Int?, message: String) {
        self.line = line
        self.message = message
    }

    package var description: String { line.map { "line \($0): \(message)" } ?? message }

    /// `path:line: message`, the form that editors and CI systems turn into links.
    package func description(in path: String) -> String { "\(path):\(line.map { "\($0):" } ?? "") \(message)" }
}
