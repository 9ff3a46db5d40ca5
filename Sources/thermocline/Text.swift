// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation

extension String {
    /// The text with blanks behind it up to a width; longer text is left as it is.
    func padded(to width: Int) -> String { count >= width ? self : self + String(repeating: " ", count: width - count) }
}

/// The path of a map by its name, first match in the directories wins.
func mapPath(_ name: String, in directories: [String]) -> String? {
    directories.map { "\($0)/\(name).yaml" }.first { FileManager.default.fileExists(atPath: $0) }
}
