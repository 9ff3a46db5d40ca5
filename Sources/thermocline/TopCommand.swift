// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OperatorView
import Plant
import Upstream

struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Show what a running agent sees and does."
    )

    @OptionGroup var agent: AgentURLOption

    @Flag(help: "Print one plain snapshot and end.")
    var once = false

    @Flag(help: "Print the status report as JSON and end.")
    var json = false

    func run() async throws {
        do {
            let client = AgentClient(try AgentLocation(url: agent.url))
            let report = try await client.status()
            if json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
                print(String(decoding: try encoder.encode(report), as: UTF8.self))
            } else {
                print(PlainSnapshot.render(report), terminator: "")
            }
        } catch {
            printError("top: \(error)")
            throw ExitStatus.world
        }
    }
}
