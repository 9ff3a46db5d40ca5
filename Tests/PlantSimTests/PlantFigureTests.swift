// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit
import Testing

/// The figures of docs/plant with the tables behind them, which are the components' reference traces.
///
/// `THERMOCLINE_RECORD=1 swift test --filter PlantFigureTests` computes and draws them anew. Without it every number
/// must be what the file says, to six digits, and every figure what its table draws, to the byte.
@Suite("Figures and reference traces")
struct PlantFigureTests {
    @Test("is what the component gives and its table draws", arguments: PlantFigure.all.map(\.name))
    func figure(name: String) throws {
        let figure = try #require(PlantFigure.all.first { $0.name == name })
        let table = URL(fileURLWithPath: Repository.path("docs/plant/\(name).csv"))
        let drawing = URL(fileURLWithPath: Repository.path("docs/plant/\(name).svg"))
        let computed = figure.table()
        if ProcessInfo.processInfo.environment["THERMOCLINE_RECORD"] != nil {
            try computed.text.write(to: table, atomically: true, encoding: .utf8)
            try figure.drawing(of: ChartTable(text: computed.text)).write(
                to: drawing,
                atomically: true,
                encoding: .utf8
            )
        }
        let stored = ChartTable(text: try String(contentsOf: table, encoding: .utf8))
        #expect(computed.names == stored.names)
        try #require(computed.rows.count == stored.rows.count)
        for (row, pair) in zip(computed.rows, stored.rows).enumerated() {
            for (column, values) in zip(pair.0, pair.1).enumerated() {
                let scale = max(abs(values.0), abs(values.1), 1e-3)
                #expect(abs(values.0 - values.1) <= 1e-6 * scale, "row \(row + 2), \(computed.names[column])")
            }
        }
        let text = try String(contentsOf: drawing, encoding: .utf8)
        #expect(text == figure.drawing(of: stored))
        #expect(text.utf8.count < 30_000)
    }

    @Test("no other figure lies there, and the page shows each one")
    func complete() throws {
        let folder = URL(fileURLWithPath: Repository.path("docs/plant"))
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        let names = PlantFigure.all.map(\.name).sorted()
        #expect(files.filter { $0.hasSuffix(".svg") } == names.map { "\($0).svg" }.sorted())
        #expect(files.filter { $0.hasSuffix(".csv") } == names.map { "\($0).csv" }.sorted())
        let page = try String(contentsOf: folder.appendingPathComponent("README.md"), encoding: .utf8)
        for name in names { #expect(page.contains("(\(name).svg)"), "\(name)") }
    }
}
