// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation

extension SiteFiles {
    /// The directories in which device maps are looked for, in the order of docs/cli.md.
    ///
    /// - Parameters:
    ///   - given: What the caller was told to search; where it names any directory, only those are searched.
    ///   - sitePath: The site file beside or above which `devicemaps` may lie; nil searches from the current directory.
    /// - Returns: The directories, the first that has a map wins.
    package static func mapDirectories(given: [String], beside sitePath: String? = nil) -> [String] {
        if !given.isEmpty { return given }
        if let fromEnvironment = ProcessInfo.processInfo.environment["THERMOCLINE_MAPS"] { return [fromEnvironment] }
        let start =
            sitePath.map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
            ?? URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
        var directory = start.standardizedFileURL
        while true {
            let candidate = directory.appendingPathComponent("devicemaps").path
            if FileManager.default.fileExists(atPath: candidate) { return [candidate] }
            let parent = directory.deletingLastPathComponent()
            if parent.path == directory.path { return ["/usr/share/thermocline/devicemaps"] }
            directory = parent
        }
    }
}
