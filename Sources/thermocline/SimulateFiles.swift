// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import Simulation

/// Writes the files of a report into a directory.
struct SimulateFiles {
    let directory: String

    func write(_ report: SimulateReport) throws {
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try put(report.commaSeparated(), "summary.csv")
            for result in report.results { try put(Self.series(result), "\(result.controller).csv") }
            try put(SimulatePage(report: report).html(), "report.html")
        } catch {
            printError(
                "simulate: \(directory) cannot be written: \(error.localizedDescription); choose another --output"
            )
            throw ExitStatus.world
        }
    }

    private func put(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: directory).appendingPathComponent(name), options: .atomic)
    }

    /// One line per row of the series.
    static func series(_ result: SimulationResult) -> String {
        let columns: [(name: String, decimals: Int, value: (SeriesRow) -> Double)] = [
            ("outdoor_dry_bulb_celsius", 2, { $0.dryBulb }),
            ("outdoor_wet_bulb_celsius", 2, { $0.wetBulb }),
            ("it_kilowatts", 2, { $0.itPower }),
            ("facility_kilowatts", 2, { $0.facilityPower }),
            ("chiller_kilowatts", 2, { $0.chillerPower }),
            ("tower_kilowatts", 2, { $0.towerPower }),
            ("heat_exported_kilowatts", 2, { $0.heatExported }),
            ("make_up_water_cubic_meters", 4, { $0.water }),
            ("facility_water_supply_celsius", 3, { $0.facilityWater }),
            ("coolant_supply_celsius", 3, { $0.coolant }),
            ("chillers_running", 3, { $0.chillers }),
            ("free_cooling_share", 3, { $0.free }),
            ("partial_share", 3, { $0.partial }),
            ("mechanical_share", 3, { $0.mechanical }),
        ]
        var text = (["time"] + columns.map(\.name)).joined(separator: ",") + "\n"
        for row in result.series {
            let time = result.start + .seconds(row.hours * 3_600)
            let values = columns.map { SimulateReport.number($0.value(row), decimals: $0.decimals) }
            text += ([time.iso8601] + values).joined(separator: ",") + "\n"
        }
        return text
    }
}
