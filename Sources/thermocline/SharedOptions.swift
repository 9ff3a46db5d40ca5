// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import SiteFiles

/// Where device maps are looked for.
struct MapOptions: ParsableArguments {
    @Option(name: .customLong("maps"), help: "Directory of device maps; may be given several times.")
    var directories: [String] = []

    /// The directories to search, for a site file where there is one.
    func resolved(beside sitePath: String? = nil) -> [String] {
        SiteFiles.mapDirectories(given: directories, beside: sitePath)
    }
}

/// Where a running agent answers.
struct AgentURLOption: ParsableArguments {
    @Option(name: .customLong("url"), help: "Base URL of the agent's API.")
    var url = "http://127.0.0.1:9750"
}

/// Writes a line to standard error.
func printError(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}

/// Ends the command with an exit code of docs/cli.md.
enum ExitStatus {
    /// The input or the site is at fault.
    static let input = ExitCode(1)
    /// The command line cannot be understood.
    static let usage = ExitCode(2)
    /// The world is at fault: unreachable, disk full, address in use.
    static let world = ExitCode(3)
}
