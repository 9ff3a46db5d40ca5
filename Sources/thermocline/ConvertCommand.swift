// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Plant
import SiteFiles

struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Make a draft of a map from another program's register list.",
        discussion: """
            The draft goes to standard output, what it lacks and what the linter doubts to standard error, as \
            draft:line:column: message. What the list does not say is commented out, never made up.
            """
    )

    @Argument(help: "A modbus_exporter or Telegraf configuration, an evcc template, or a CSV file.")
    var file: String

    @Option(help: "What the file is: modbus_exporter, telegraf, evcc or csv; found out where it is not given.")
    var from: RegisterListFormat?

    @Option(help: "The module or plugin, where the file has several.")
    var section: String?

    @Option(help: "Who makes the product.")
    var vendor: String?

    @Option(help: "Which product it is.")
    var model: String?

    @Option(help: "What kind of product it is: power_meter, chiller, ...")
    var category: DeviceCategory?

    func run() throws {
        let facts = DraftFacts(vendor: vendor, model: model, category: category)
        let converted = SiteFiles.convert(path: file, format: from, section: section, facts: facts)
        for problem in converted.problems { printError(problem.description) }
        guard let text = converted.text else { throw ExitStatus.input }
        print(text, terminator: "")
        for finding in converted.findings { printError(finding.description) }
    }
}

extension RegisterListFormat: ExpressibleByArgument {}

extension DeviceCategory: ExpressibleByArgument {}
