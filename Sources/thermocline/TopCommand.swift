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
        let location: AgentLocation
        do { location = try AgentLocation(url: agent.url) } catch {
            throw ValidationError("--url \(error).")
        }
        if once || json || !OperatorScreen.isPossible { return try await printOnce(location) }
        try await show(location)
    }

    private func printOnce(_ location: AgentLocation) async throws {
        do {
            let report = try await AgentClient(location).status()
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

    private func show(_ location: AgentLocation) async throws {
        // An operator wants to know soon that nobody answers.
        let client = AgentClient(location, timeLimit: .seconds(3))
        let end: ScreenEnd
        do { end = try await OperatorScreen.run(source: location.description) { try await client.status() } } catch {
            printError("top: \(error)")
            throw ExitStatus.world
        }
        // A shell takes 128 and the number for the end by a signal; Ctrl-C is an ordinary way out of this view.
        if case .signal(let number) = end, number != SIGINT { throw ExitCode(128 + number) }
    }
}
