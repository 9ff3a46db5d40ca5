// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where device maps are looked for: as `--maps` says, else as docs/cli.md says.
enum MapSearch {
    static func directories(given: [String], beside sitePath: String?) -> [String] {
        if !given.isEmpty { return given }
        if let fromEnvironment = ProcessInfo.processInfo.environment["THERMOCLINE_MAPS"] { return [fromEnvironment] }
        let current = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
        var directory = sitePath.map { URL(fileURLWithPath: $0).deletingLastPathComponent() } ?? current
        directory = directory.standardizedFileURL
        while true {
            let candidate = directory.appendingPathComponent("devicemaps").path
            if FileManager.default.fileExists(atPath: candidate) { return [candidate] }
            let parent = directory.deletingLastPathComponent()
            if parent.path == directory.path { return ["/usr/share/thermocline/devicemaps"] }
            directory = parent
        }
    }
}
