// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Plant
import Store

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write stored series as CSV or JSON Lines."
    )

    @Option(help: "Directory of the store.")
    var store = "thermocline-store"

    @Option(help: "First moment, ISO 8601.")
    var from: String

    @Option(help: "Moment behind the last, ISO 8601.")
    var to: String

    @Option(help: "Which points, as device/point with * and ?.")
    var points = "*"

    @Option(help: "csv or jsonl.")
    var format = SeriesExport.Format.csv

    @Option(help: "File to write; standard output where not given.")
    var output: String?

    func run() throws {
        let start = try moment(from, option: "--from")
        let end = try moment(to, option: "--to")
        let file = try openOutput()
        do {
            let reader = try StoreReader(directory: store)
            let export = SeriesExport(format: format, points: PointGlob(points), from: start, to: end)
            let count = try export.write(reader, to: file)
            if output != nil { printError("\(count) samples written") }
        } catch {
            printError("export: \(error)")
            throw ExitStatus.world
        }
    }

    private func moment(_ text: String, option: String) throws -> Timestamp {
        guard let time = Timestamp(iso8601: text) else {
            throw ValidationError("\(option) '\(text)' is not a time; write 2026-03-01T06:00:00Z.")
        }
        return time
    }

    private func openOutput() throws -> FileHandle {
        guard let output else { return .standardOutput }
        guard FileManager.default.createFile(atPath: output, contents: nil),
            let handle = FileHandle(forWritingAtPath: output)
        else {
            printError("export: \(output) cannot be written; choose another --output")
            throw ExitStatus.world
        }
        return handle
    }
}

extension SeriesExport.Format: ExpressibleByArgument {}
