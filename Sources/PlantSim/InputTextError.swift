// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// What is wrong with the text of a weather file or a load trace.
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
}
