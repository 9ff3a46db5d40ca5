// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Plant
import SiteFiles
import Upstream

struct CommandCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "command",
        abstract: "Ask a running agent to do something.",
        discussion: "--socket and --reason may stand before or after the verb.",
        subcommands: [Hand.self, Release.self, Mode.self, Acknowledge.self, Shelve.self]
    )

    @OptionGroup var target: Target

    /// How the agent is reached, and why it is asked.
    struct Target: ParsableArguments {
        @Option(help: "Path of the agent's command socket.")
        var socket = "thermocline-store/command.socket"

        @Option(help: "Why; kept with the request.")
        var reason = ""

        func send(_ action: OperatorRequest.Action, hold: Double? = nil, record: CommissioningRecord? = nil)
            async throws
        {
            let request = OperatorRequest(action: action, holdSeconds: hold, reason: reason, record: record)
            let reply: OperatorReply
            do { reply = try await AgentClient(.socket(path: socket)).command(request) } catch {
                printError("command: \(error)")
                throw ExitStatus.world
            }
            if reply.accepted {
                print(reply.message)
            } else {
                printError("refused: \(reply.message)")
                throw ExitStatus.input
            }
        }
    }

    struct Hand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Hold a point at a value until the time is over.")

        @Argument(help: "The point, as device/point.") var point: String
        @Argument(help: "The value, in the point's base unit.") var value: Double
        @Option(name: .customLong("for"), help: "How long, in plant time: 30 min, 2 h.") var span = "30 min"
        @OptionGroup var command: CommandCommand

        func run() async throws {
            try await command.target.send(.hand(point: try pointID(point), value: value), hold: try seconds(span))
        }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give a point in hand back to its loop.")

        @Argument(help: "The point, as device/point.") var point: String
        @OptionGroup var command: CommandCommand

        func run() async throws { try await command.target.send(.release(point: try pointID(point))) }
    }

    struct Mode: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Promote or demote a loop.",
            discussion: "A promotion to automatic rests on a commissioning record: see docs/SAFETY.md."
        )

        @Argument(help: "The loop.") var loop: String
        @Argument(help: "off, advisory or automatic.") var mode: String
        @Option(help: "The commissioning record, a YAML file.") var record: String?
        @OptionGroup var command: CommandCommand

        func run() async throws {
            guard let wanted = LoopMode(rawValue: mode) else {
                throw ValidationError("'\(mode)' is none of off, hand, advisory, automatic.")
            }
            try await command.target.send(.mode(loop: loop, mode: wanted), record: try record.map(loadRecord))
        }

        private func loadRecord(_ path: String) throws -> CommissioningRecord {
            let loaded = SiteFiles.loadCommissioningRecord(path: path)
            for problem in loaded.problems { printError(problem.description) }
            guard let record = loaded.value else { throw ExitStatus.input }
            return record
        }
    }

    struct Acknowledge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Acknowledge an alarm.")

        @Argument(help: "The alarm.") var alarm: String
        @OptionGroup var command: CommandCommand

        func run() async throws { try await command.target.send(.acknowledge(alarm: alarm)) }
    }

    struct Shelve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shelve an alarm for a time.")

        @Argument(help: "The alarm.") var alarm: String
        @Option(name: .customLong("for"), help: "How long, in plant time: 30 min, 2 h.") var span: String
        @OptionGroup var command: CommandCommand

        func run() async throws { try await command.target.send(.shelve(alarm: alarm), hold: try seconds(span)) }
    }
}

private func pointID(_ text: String) throws -> PointID {
    guard let id = PointID(text) else {
        throw ValidationError("'\(text)' is not a point; write device/point.")
    }
    return id
}

private func seconds(_ text: String) throws -> Double {
    guard let seconds = spanInSeconds(text) else {
        throw ValidationError("'\(text)' is not a span; write 90 s, 30 min, 2 h.")
    }
    return seconds
}
