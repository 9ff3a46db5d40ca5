// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Agent
import ArgumentParser

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
            ProbeCommand.self, MapsCommand.self,
            ExportCommand.self,
        ]
    )
}
