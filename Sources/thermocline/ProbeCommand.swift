// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import ModbusIO
import Plant
import SiteFiles

struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Read one device by its map, once, and show registers and values.",
        discussion: "Reads only; nothing is written. Values stand in the map's units."
    )

    @Argument(help: "Address or name, with a port where it is not 502: 10.0.0.7, meter-3:1502, [::1]:502.")
    var host: String

    @Option(help: "The device's map, by name, or a path of a map file.")
    var map: String

    @Option(help: "Modbus unit id, 0 to 255.")
    var unit: UInt8 = 1

    @OptionGroup var maps: MapOptions

    func run() throws {
        guard let (name, port) = Self.split(host) else {
            printError("probe: '\(host)' is not HOST or HOST:PORT")
            throw ExitStatus.input
        }
        let probe = DeviceProbe(host: name, port: port, unit: unit, map: try loadMap())
        let points: [ProbedPoint]
        do throws(ModbusProblem) { points = try probe.run() } catch {
            printError("probe: \(error)")
            throw ExitStatus.world
        }
        print(Self.table(points), terminator: "")
    }

    private func loadMap() throws -> DeviceMap {
        let directories = maps.resolved()
        guard let path = map.hasSuffix(".yaml") ? map : mapPath(map, in: directories) else {
            printError("probe: no map '\(map)' in \(directories.joined(separator: ", "))")
            throw ExitStatus.input
        }
        let loaded = SiteFiles.loadMap(path: path)
        for problem in loaded.problems { printError(problem.description) }
        guard let map = loaded.value else { throw ExitStatus.input }
        return map
    }

    /// Host and port of `HOST`, `HOST:PORT`, `[ADDRESS]:PORT` or a bare IPv6 address; nil where the port is none.
    static func split(_ text: String) -> (host: String, port: UInt16)? {
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let host = String(text[text.index(after: text.startIndex)..<end])
            let rest = text[text.index(after: end)...]
            guard !rest.isEmpty else { return (host, 502) }
            guard rest.hasPrefix(":"), let port = UInt16(rest.dropFirst()) else { return nil }
            return (host, port)
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 2 {
            guard !parts[0].isEmpty, let port = UInt16(parts[1]), port > 0 else { return nil }
            return (String(parts[0]), port)
        }
        return text.isEmpty ? nil : (text, 502)
    }

    private static func table(_ points: [ProbedPoint]) -> String {
        var lines = [["POINT", "REGISTERS", "VALUE", "QUALITY", "MS"]]
        for point in points {
            let words = point.words.map { String(format: "%04X", Int($0)) }.joined(separator: " ")
            let quality = point.cause == .none ? point.quality.word : "\(point.quality.word): \(point.cause.words)"
            let trip = point.roundTripSeconds.map { String(format: "%.1f", $0 * 1_000) } ?? "-"
            lines.append([point.name, words.isEmpty ? "-" : words, value(of: point), quality, trip])
        }
        let widths = lines[0].indices.map { column in lines.reduce(0) { max($0, $1[column].count) } }
        return lines.reduce(into: "") { text, line in
            let cells = zip(line, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
            text += String(cells.reversed().drop { $0 == " " }.reversed()) + "\n"
        }
    }

    private static func value(of point: ProbedPoint) -> String {
        if let text = point.text { return "\"\(text)\"" }
        guard point.value.isFinite else { return "-" }
        return String(format: "%.7g", point.unit.fromBase(point.value)) + " " + point.unit.spelling
    }
}
