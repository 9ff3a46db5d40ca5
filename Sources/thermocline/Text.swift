// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation

extension String {
    /// The text with blanks behind it up to a width; longer text is left as it is.
    func padded(to width: Int) -> String { count >= width ? self : self + String(repeating: " ", count: width - count) }
}

/// A number with its noun: `1 map`, `3 maps`.
func counted(_ number: Int, _ noun: String, _ several: String? = nil) -> String {
    "\(number) \(number == 1 ? noun : several ?? noun + "s")"
}

/// The path of a map by its name, first match in the directories wins.
func mapPath(_ name: String, in directories: [String]) -> String? {
    directories.map { "\($0)/\(name).yaml" }.first { FileManager.default.fileExists(atPath: $0) }
}

/// A span of docs/cli.md in seconds: a number, then ms, s, min, h or d, with or without a blank between; nil for
/// anything else.
func spanInSeconds(_ text: String) -> Double? {
    let units: [(String, Double)] = [("ms", 0.001), ("min", 60), ("s", 1), ("h", 3_600), ("d", 86_400)]
    for (unit, factor) in units where text.hasSuffix(unit) {
        let number = text.dropLast(unit.count).trimmingCharacters(in: .whitespaces)
        if let value = Double(number), value > 0, value.isFinite { return value * factor }
    }
    return nil
}
