// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import ModbusIO
import Plant
import SiteFiles

struct SiteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "site",
        abstract: "Make site files.",
        subcommands: [Draft.self]
    )

    struct Draft: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Look at devices and write a first site file for them.",
            discussion: """
                Reads only; nothing is written to a device. What did not answer stands in the draft as a comment. \
                Where nothing answered there is no draft, and it ends with 3.
                """
        )

        @Argument(help: "Addresses or names, each with a port where it is not 502: 10.0.0.7, meter-3:1502.")
        var hosts: [String] = []

        @Option(help: "The devices' map, by name.")
        var map: String?

        @Option(help: "Modbus unit id, 0 to 255; may be given several times.")
        var unit: [UInt8] = []

        @Flag(help: "Find the unit ids that answer behind each address; --unit is not used.")
        var scan = false

        @Option(help: "CSV file of devices; its first line names the columns: host, port, unit, map, id, equipment.")
        var from: String?

        @Option(help: "The site's id.")
        var id = "site-1"

        @Option(help: "How long a reply may take; what the map says where not given, with --scan 1 s at most.")
        var timeout: String?

        @Option(help: "Write the draft to this file, which must not be there yet.")
        var output: String?

        @OptionGroup var maps: MapOptions

        func validate() throws {
            if hosts.isEmpty, from == nil { throw ValidationError("Give HOST[:PORT], or --from FILE.") }
            if !hosts.isEmpty, map == nil { throw ValidationError("Give --map NAME for the hosts.") }
            if scan, !unit.isEmpty { throw ValidationError("Give either --unit or --scan.") }
            for host in hosts where ProbeCommand.split(host) == nil {
                throw ValidationError("'\(host)' is not HOST or HOST:PORT.")
            }
            if let timeout, spanInSeconds(timeout) == nil {
                throw ValidationError("'\(timeout)' is not a span; write 500 ms, 2 s.")
            }
            if id.wholeMatch(of: /[a-z0-9][a-z0-9._-]{0,63}/) == nil {
                throw ValidationError("'\(id)' is not an id; write lower-case letters, digits, '-', '_' and '.'.")
            }
        }

        func run() throws {
            if let output, FileManager.default.fileExists(atPath: output) {
                printError("site draft: '\(output)' is there already; give another --output or move it away")
                throw ExitStatus.input
            }
            var survey = SiteSurvey(
                directories: maps.resolved(),
                limit: timeout.flatMap(spanInSeconds).map { Duration.seconds($0) }
            )
            for wish in try wishes() { try survey.look(wish) }
            if survey.found.isEmpty { throw ExitStatus.world }
            try write(SiteDraft(id: id, found: survey.found, silent: survey.silent).text)
        }

        /// What is to be looked at: the hosts first, then the lines of the file.
        private func wishes() throws -> [SurveyWish] {
            var wishes: [SurveyWish] = []
            for host in hosts {
                guard let (name, port) = ProbeCommand.split(host), let map else { continue }
                let units = scan ? nil : unit
                wishes.append(SurveyWish(host: name, port: port, units: units, map: map))
            }
            guard let from else { return wishes }
            let text: String
            do throws(InputTextError) { text = try SiteFiles.inputText(of: from) } catch {
                printError(error.description(in: from))
                throw ExitStatus.input
            }
            switch SurveyTable.wishes(text, file: from, map: map, isScan: scan) {
            case .success(let rows): return wishes + rows
            case .failure(let problem):
                printError(problem.description)
                throw ExitStatus.input
            }
        }

        private func write(_ text: String) throws {
            guard let output else { return print(text, terminator: "") }
            do {
                try Data(text.utf8).write(to: URL(fileURLWithPath: output), options: .withoutOverwriting)
            } catch {
                printError("site draft: '\(output)' cannot be written: \(error.localizedDescription)")
                throw ExitStatus.world
            }
        }
    }
}
