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
        abstract: "Read one device by its map, and show registers and values.",
        discussion: """
            Reads only; nothing is written. Values stand in the map's units. Where values are implausible, it says \
            which word or byte order would make sense of them. Ends with 1 where the device answers but is not what \
            the map describes, and with 3 where nothing answers.
            """
    )

    @Argument(help: "Address or name, with a port where it is not 502: 10.0.0.7, meter-3:1502, [::1]:502.")
    var host: String

    @Option(help: "The device's map, by name, or a path of a map file.")
    var map: String

    @Option(help: "Modbus unit id, 0 to 255; without it the one the map names, else 1.")
    var unit: UInt8?

    @Flag(help: "Read again and again until Ctrl-C.")
    var watch = false

    @Option(help: "Time between two reads of --watch.")
    var interval = "1 s"

    @Flag(help: "Find the unit ids that answer: 1 to 247, 0 and 255; --unit is not used.")
    var scan = false

    @Option(help: "How long a reply may take; what the map says where not given, with --scan 1 s at most.")
    var timeout: String?

    @Flag(help: "Print JSON; with --watch one line a read.")
    var json = false

    @OptionGroup var maps: MapOptions

    func validate() throws {
        if watch, scan { throw ValidationError("Give either --watch or --scan.") }
        guard Self.split(host) != nil else { throw ValidationError("'\(host)' is not HOST or HOST:PORT.") }
        for text in [interval, timeout].compactMap(\.self) where spanInSeconds(text) == nil {
            throw ValidationError("'\(text)' is not a span; write 500 ms, 2 s.")
        }
    }

    func run() throws {
        guard let (name, port) = Self.split(host) else { return }
        let limit = timeout.flatMap(spanInSeconds).map { Duration.seconds($0) }
        let map = try usableMap(self.map, in: maps.resolved(), verb: "probe")
        let unit = unit ?? map.usualUnit
        let probe: DeviceProbe
        do throws(ModbusProblem) {
            probe = try DeviceProbe(host: name, port: port, unit: unit, map: map, responseTimeout: limit)
        } catch {
            printError("probe: \(error)")
            throw ExitStatus.input
        }
        let place = ProbePlace(host: name, port: port, unit: unit)
        if scan {
            try ProbeScan(place: place, probe: probe, map: map, limit: limit ?? .seconds(1), isJSON: json).run()
        } else if watch {
            let interval = Duration.seconds(spanInSeconds(interval) ?? 1)
            try ProbeWatch(place: place, probe: probe, map: map, interval: interval, isJSON: json).run()
        } else {
            try look(probe, place: place, map: map)
        }
    }

    private func look(_ probe: DeviceProbe, place: ProbePlace, map: DeviceMap) throws {
        let look: DeviceLook
        do throws(ModbusProblem) { look = try probe.run() } catch {
            printError("probe: \(error)")
            throw ExitStatus.world
        }
        let map = look.placed(map)
        let findings = OrderFindings(look, map: map)
        if json {
            print(try ProbeReport(look, findings: findings, place: place, map: map).text(isPretty: true))
        } else {
            print(ProbeText.render(look, findings: findings, place: place, map: map), terminator: "")
        }
        if let fault = Self.fault(of: look, place: place, map: map) {
            printError("probe: \(fault)")
            throw ExitStatus.input
        }
    }

    /// Why the map cannot be that of the device; nil where nothing speaks against it.
    private static func fault(of look: DeviceLook, place: ProbePlace, map: DeviceMap) -> String? {
        if let failure = look.chainFailure {
            return "\(place): \(failure.words), so map '\(map.name)' cannot be read; check --map and --unit"
        }
        if let chain = look.chain, !map.points.contains(where: { $0.isReadable && ProbeText.isNumber($0) }) {
            return
                "\(place): has SunSpec models \(chain.description), of which map '\(map.name)' reads none; check --map"
        }
        if look.isRefusedThroughout {
            return "\(place): answers, but gives nothing of what map '\(map.name)' asks for; check --map and --unit, "
                + "and that the map counts addresses from 0"
        }
        if let identity = look.identity, let answer = identity.answer, !identity.isAccepted {
            let accepted = map.identity?.accepted.joined(separator: ", ") ?? ""
            return "\(place): calls itself \(answer), and map '\(map.name)' is for \(accepted); check --map"
        }
        return nil
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
}
