// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OperatorView
import Plant
import Upstream

struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Print the chain from wish to outcome for one point."
    )

    @Argument(help: "The point, as device/point.")
    var point: String

    @OptionGroup var agent: AgentURLOption

    @Flag(help: "Print the chain as JSON.")
    var json = false

    func run() async throws {
        guard let id = PointID(point) else {
            throw ValidationError("'\(point)' is not a point; write device/point, as 'thermocline top' lists them.")
        }
        let report: WhyReport
        do { report = try await AgentClient(try AgentLocation(url: agent.url)).why(point: id) } catch {
            printError("why: \(error)")
            throw ExitStatus.world
        }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            print(String(decoding: try encoder.encode(report), as: UTF8.self))
        } else {
            print(WhyText.render(report), terminator: "")
        }
    }
}
