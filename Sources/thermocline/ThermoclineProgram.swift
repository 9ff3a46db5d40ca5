// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Agent
import ArgumentParser
import Foundation

/// The one binary: parses, wires, runs; everything of substance is in the modules.
@main
struct ThermoclineProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thermocline",
        abstract: "Facility telemetry and thermal management for AI data centres.",
        discussion: "Supervisory control only: hard interlocks belong in the plant's own controllers.",
        version: AgentRun.version,
        subcommands: [
            RunCommand.self, TopCommand.self, CommandCommand.self, WhyCommand.self, CheckCommand.self,
            SiteCommand.self, ProbeCommand.self, MapsCommand.self, ExportCommand.self, SimulateCommand.self,
        ]
    )

    /// Ends with the exit codes of docs/cli.md; a wrong command line would end with another one otherwise.
    static func main() async {
        var kind: any ParsableCommand.Type = Self.self
        do {
            var command = try parseAsRoot()
            kind = type(of: command)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            printError(kind.fullMessage(for: error))
            Foundation.exit(ExitStatus.usage.rawValue)
        }
    }
}
