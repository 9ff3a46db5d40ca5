// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModbusIO
import Plant

/// Finds the unit ids that answer behind an address.
struct ProbeScan {
    let place: ProbePlace
    let probe: DeviceProbe
    let map: DeviceMap
    /// The longest one unit id may take.
    let limit: Duration
    let isJSON: Bool

    private struct Row {
        var first: UInt8
        var last: UInt8
        let answer: String
        var trips: [Double]
    }

    func run() throws {
        let scan: UnitScan
        do throws(ModbusProblem) { scan = try UnitScan(probe, atMost: limit) } catch {
            printError("probe: \(error)")
            throw ExitStatus.input
        }
        let hasTerminal = isatty(2) != 0
        let units: [ScannedUnit]
        do throws(ModbusProblem) {
            units = try scan.run { count in
                guard hasTerminal else { return }
                let end = count == UnitScan.units.count ? "\r\u{1B}[K" : ""
                let text = "\rasked \(count) of \(UnitScan.units.count) unit ids\(end)"
                FileHandle.standardError.write(Data(text.utf8))
            }
        } catch {
            if hasTerminal { printError("") }
            printError("probe: \(error)")
            throw ExitStatus.world
        }
        let there = units.filter(\.isThere)
        if isJSON {
            print(try report(there).text(isPretty: true))
        } else {
            print(text(there, of: units, ranges: scan.ranges), terminator: "")
        }
        guard there.isEmpty else { return }
        printError(
            "probe: \(place.address): connected, but no unit id answers; "
                + "check the wiring behind the gateway, its serial settings, and try a longer --timeout"
        )
        throw ExitStatus.world
    }

    private func text(_ there: [ScannedUnit], of units: [ScannedUnit], ranges: [RegisterRange]) -> String {
        let places = ranges.map { "\($0.address)" + ($0.count > 1 ? " to \($0.end - 1)" : "") }
        let table = ranges.first?.table.rawValue ?? ""
        var text = "\(place.address): asked for \(table) \(places.joined(separator: ", "))"
        text += map.sunSpec == nil ? ", " : " (SunSpec marker), "
        text += "\(there.count) of \(units.count) unit ids answer\n"
        let rows = rows(there)
        if !rows.isEmpty {
            text += ProbeText.columns(
                [["UNIT", "ANSWER", "MS"]]
                    + rows.map { row in
                        let trip = row.trips.max().map(ProbeText.milliseconds) ?? "-"
                        return [row.first == row.last ? "\(row.first)" : "\(row.first)-\(row.last)", row.answer, trip]
                    },
                right: [2]
            )
        }
        if there.count == units.count {
            text +=
                "every unit id answers: the device seems not to look at it; use 1, or 255 where its manual says so\n"
        }
        return text
    }

    /// Neighbours that answer alike stand in one row.
    private func rows(_ there: [ScannedUnit]) -> [Row] {
        var rows: [Row] = []
        for unit in there {
            let answer = answer(of: unit)
            let trips = unit.roundTripSeconds.map { [$0] } ?? []
            if let previous = rows.last, previous.answer == answer, Int(previous.last) + 1 == Int(unit.unit) {
                rows[rows.count - 1].last = unit.unit
                rows[rows.count - 1].trips += trips
            } else {
                rows.append(Row(first: unit.unit, last: unit.unit, answer: answer, trips: trips))
            }
        }
        return rows
    }

    private func answer(of unit: ScannedUnit) -> String {
        if let marker = unit.markerAddress { return "SunSpec marker at \(marker)" }
        switch unit.answer {
        case .words(let words):
            guard map.sunSpec == nil else { return "no SunSpec marker" }
            guard let identity = probe.identify(words) else { return "registers \(ProbeText.registers(words))" }
            let verdict = identity.isAccepted ? "as map \(map.name) expects" : "another product than \(map.name)"
            return "identity \(identity.answer ?? ProbeText.registers(words)), \(verdict)"
        case .refused(let exception): return (map.sunSpec == nil ? "" : "no SunSpec marker, ") + exception.name
        case .late: return "late"
        case .silence, .unreachable, .broken: return ""
        }
    }

    private struct Report: Encodable {
        let host: String
        let port: UInt16
        let map: String
        let units: [Unit]

        struct Unit: Encodable {
            let unit: UInt8
            /// `registers`, `exception` or `late`.
            let answer: String
            let registers: [UInt16]?
            let exceptionCode: UInt8?
            /// Where the SunSpec marker was found, with a map of SunSpec models.
            let markerAddress: Int?
            let isAccepted: Bool?
            let roundTripSeconds: Double?
        }
    }

    private func report(_ there: [ScannedUnit]) -> Report {
        let units = there.map { unit in
            var words: [UInt16]?
            var code: UInt8?
            if case .words(let registers) = unit.answer { words = registers }
            if case .refused(let exception) = unit.answer { code = exception.code }
            return Report.Unit(
                unit: unit.unit,
                answer: words != nil ? "registers" : code != nil ? "exception" : "late",
                registers: words,
                exceptionCode: code,
                markerAddress: unit.markerAddress,
                isAccepted: map.sunSpec == nil ? words.flatMap(probe.identify)?.isAccepted : unit.markerAddress != nil,
                roundTripSeconds: unit.roundTripSeconds
            )
        }
        return Report(host: place.host, port: place.port, map: map.name, units: units)
    }
}
