// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Simulation

/// Results side by side, as text, CSV and JSON.
struct SimulateReport {
    /// One figure of every run.
    struct Row {
        let name: String
        let unit: String
        let decimals: Int
        /// nil where a run has no such figure.
        let values: [Double?]
    }

    let title: String
    let results: [SimulationResult]
    let tariff: Tariff?

    var rows: [Row] {
        keyFigureRows + energyRows + modeRows + violationRows + wearRows + closureRows
    }

    private func row(
        _ name: String,
        _ unit: String = "",
        decimals: Int = 1,
        _ value: (SimulationResult) -> Double?
    ) -> Row {
        Row(name: name, unit: unit, decimals: decimals, values: results.map(value))
    }

    private var keyFigureRows: [Row] {
        var rows = [
            row("PUE, category 3", decimals: 4) { $0.keyFigures.pue },
            row("PUE without heat upgrade", decimals: 4) { $0.keyFigures.pueWithoutHeatUpgrade },
            row("cooling share", decimals: 4) { $0.keyFigures.coolingShare },
            row("WUE", "L/kWh", decimals: 3) { $0.keyFigures.wue },
            row("ERF", decimals: 4) { $0.keyFigures.erf },
            row("ERE", decimals: 4) { $0.keyFigures.ere },
            row("CUE", "g/kWh", decimals: 2) { $0.keyFigures.cue },
        ]
        if let tariff { rows.append(row("cost", tariff.currency, decimals: 0) { tariff.cost($0.energy) }) }
        return rows
    }

    private var energyRows: [Row] {
        [
            row("racks", "MWh") { $0.energy.informationTechnology / 1_000 },
            row("facility", "MWh") { $0.energy.facility / 1_000 },
            row("chillers", "MWh") { $0.energy.chillers / 1_000 },
            row("towers and condenser pumps", "MWh") { $0.energy.towers / 1_000 },
            row("facility water pumps", "MWh") { $0.energy.facilityPumps / 1_000 },
            row("CDU pumps", "MWh") { $0.energy.coolantUnits / 1_000 },
            row("air handlers", "MWh") { $0.energy.airHandlers / 1_000 },
            row("heat upgrade", "MWh") { $0.energy.heatUpgrade / 1_000 },
            row("electrical losses", "MWh") { $0.energy.electrical / 1_000 },
            row("heat exported", "MWh") { $0.energy.heatExported / 1_000 },
            row("make-up water", "m3", decimals: 0) { $0.energy.water },
            row("peak power, 15 min", "kW", decimals: 0) { $0.energy.peakPower },
        ]
    }

    private var modeRows: [Row] {
        [
            row("free cooling", "h") { $0.modes.free },
            row("economizer with chillers", "h") { $0.modes.partial },
            row("chillers alone", "h") { $0.modes.mechanical },
            row("neither", "h") { $0.modes.none },
            row("heat recovery runs", "h") { $0.modes.recovering },
            row("mode changes", decimals: 0) { Double($0.modes.changes) },
        ]
    }

    private var violationRows: [Row] {
        (results.first?.violations ?? []).indices.flatMap { index in
            let name = results[0].violations[index].limit.replacingOccurrences(of: "_", with: " ")
            return [
                row(name, "K min") { $0.violations[index].kelvinMinutes },
                row("\(name), worst", "K", decimals: 2) { $0.violations[index].worst },
            ]
        }
    }

    private var wearRows: [Row] {
        let machines = (results.first?.machines ?? []).indices.map { index in
            row("starts of \(results[0].machines[index].id)", decimals: 0) { Double($0.machines[index].starts) }
        }
        return machines + [
            row("economizer valve", "strokes") { $0.wear.economizerStrokes },
            row("all valves", "strokes", decimals: 0) { $0.wear.valveStrokes },
            row("tower fan travel", "ranges", decimals: 0) { $0.wear.fanTravel },
            row("values written", decimals: 0) { Double($0.wear.writes) },
        ]
    }

    private var closureRows: [Row] {
        [
            row("heat balance, worst day", "%", decimals: 4) { $0.closure.worstHeat * 100 },
            row("water balance, worst day", "%", decimals: 4) { $0.closure.worstWater * 100 },
            row("meters against the plant", "%", decimals: 4) { $0.closure.meters.map { $0 * 100 } },
        ]
    }

    /// A number with fixed decimals, the same in every locale; a dash where there is none.
    static func number(_ value: Double?, decimals: Int) -> String {
        guard let value, value.isFinite else { return "-" }
        return String(format: "%.\(decimals)f", value)
    }

    /// The table for a terminal.
    func text() -> String {
        let names = rows.map { $0.unit.isEmpty ? $0.name : "\($0.name), \($0.unit)" }
        let width = (names.map(\.count).max() ?? 0) + 2
        var text = title + "\n\n" + "".padded(to: width)
        text += results.map { Self.right($0.controller) }.joined() + "\n"
        for (name, row) in zip(names, rows) {
            let cells = row.values.map { Self.right(Self.number($0, decimals: row.decimals)) }
            text += name.padded(to: width) + cells.joined() + "\n"
        }
        return text
    }

    private static func right(_ text: String) -> String {
        String(repeating: " ", count: max(1, 15 - text.count)) + text
    }

    /// The table as comma-separated text; the title has commas of its own and is left out.
    func commaSeparated() -> String {
        var lines = (["figure", "unit"] + results.map(\.controller)).joined(separator: ",") + "\n"
        for row in rows {
            let name = row.name.contains(",") ? "\"\(row.name)\"" : row.name
            let values = row.values.map { $0.map { Self.number($0, decimals: row.decimals) } ?? "" }
            lines += ([name, row.unit] + values).joined(separator: ",") + "\n"
        }
        return lines
    }

    private struct Document: Encodable {
        struct Run: Encodable {
            let result: SimulationResult
            let isValid: Bool
            let cost: Double?
            let currency: String?
        }

        let title: String
        let runs: [Run]
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let runs = results.map {
            Document.Run(
                result: $0,
                isValid: $0.isValid,
                cost: tariff?.cost($0.energy),
                currency: tariff?.currency
            )
        }
        return String(decoding: try encoder.encode(Document(title: title, runs: runs)), as: UTF8.self) + "\n"
    }
}
