// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A progress bar on standard error, where that is a terminal.
enum SimulateProgress {
    private static let width = 40

    /// Draws the bar over the one before; the end of the work clears the line.
    static func show(_ share: Double) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        let full = Int((share * Double(width)).rounded(.down))
        let bar = String(repeating: "#", count: full) + String(repeating: ".", count: width - full)
        let text = share >= 1 ? "\r\u{1B}[K" : "\r[\(bar)] \(Int(share * 100)) %"
        FileHandle.standardError.write(Data(text.utf8))
    }
}
