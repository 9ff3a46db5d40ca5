// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Agent
import ArgumentParser
import Foundation
import Logging
import Observe

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the agent of one site.",
        discussion: "New sites start advisory: loops compute and record, and write nothing until promoted."
    )

    @Argument(help: "The site file.")
    var site: String

    @OptionGroup var maps: MapOptions

    @Option(help: "Directory of the store.")
    var store = "thermocline-store"

    @Option(help: "Address to serve HTTP on.")
    var listen = "127.0.0.1:9750"

    @Option(help: "Path of the command socket; 'command.socket' in the store's directory where not given.")
    var socket: String?

    @Flag(help: "Keep every loop advisory, whatever was promoted before.")
    var advisory = false

    @Option(help: "Least severe log level that is written: trace, debug, info, notice, warning, error.")
    var logLevel = "info"

    func run() async throws {
        LoggingSystem.bootstrap { label in StreamLogHandler.standardError(label: label) }
        var logger = Logger(label: "thermocline")
        guard let level = Logger.Level(rawValue: logLevel) else {
            throw ValidationError("--log-level '\(logLevel)' is none of trace, debug, info, notice, warning, error.")
        }
        logger.logLevel = level
        let address: ListenAddress
        do { address = try ListenAddress(listen) } catch {
            throw ValidationError("--listen \(error).")
        }
        let options = AgentOptions(
            sitePath: site,
            mapDirectories: maps.resolved(beside: site),
            storeDirectory: store,
            listen: address,
            commandSocket: socket,
            isAdvisoryOnly: advisory
        )
        let log = logger
        do {
            try await AgentRun.run(options, logger: logger) { address in log.info("serving http://\(address)") }
        } catch let problem as AgentProblem {
            printError("\(problem)")
            throw ExitStatus.input
        } catch {
            printError("\(error)")
            throw ExitStatus.world
        }
    }
}
