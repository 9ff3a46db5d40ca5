// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Plant

/// The dictionary of a file: which number stands for which series, and which for which layout.
///
/// Each file numbers for itself, so it stays readable when others are lost. Numbers are never given twice.
enum SeriesTables {
    /// The number of a layout in this file, entered with its series where it is new.
    static func layoutID(_ layout: CycleLayout, in database: Database) throws -> Int64 {
        var ids: [Int64] = []
        ids.reserveCapacity(layout.series.count)
        for series in layout.series { ids.append(try seriesID(series, in: database)) }
        let body = Data(layout.encoded(ids: ids))
        if let id = try Int64.fetchOne(database, sql: "SELECT id FROM layout WHERE body = ?", arguments: [body]) {
            return id
        }
        try database.execute(sql: "INSERT INTO layout (body) VALUES (?)", arguments: [body])
        return database.lastInsertedRowID
    }

    private static func seriesID(_ series: StoredPoint, in database: Database) throws -> Int64 {
        let arguments: StatementArguments = [
            series.device, series.point, series.kind.rawValue, series.unit.rawValue, series.place?.rawValue ?? "",
        ]
        let select = try database.cachedStatement(
            sql: "SELECT id FROM series WHERE device = ? AND point = ? AND kind = ? AND unit = ? AND place = ?"
        )
        if let id = try Int64.fetchOne(select, arguments: arguments) { return id }
        let insert = try database.cachedStatement(
            sql: "INSERT INTO series (device, point, kind, unit, place) VALUES (?, ?, ?, ?, ?)"
        )
        try insert.execute(arguments: arguments)
        return database.lastInsertedRowID
    }

    /// All series of a file by their number.
    static func series(in database: Database) throws -> [Int64: StoredPoint] {
        var result: [Int64: StoredPoint] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT id, device, point, kind, unit, place FROM series") {
            let kind: String = row["kind"]
            let unit: String = row["unit"]
            guard let kind = StoredPoint.Kind(rawValue: kind), let unit = PointUnit(rawValue: unit) else {
                throw CodecError(detail: "a series of kind '\(kind)' in '\(unit)' is not known to this release")
            }
            let place: String = row["place"]
            result[row["id"]] = StoredPoint(
                device: row["device"],
                point: row["point"],
                kind: kind,
                unit: unit,
                place: MeterPlace(rawValue: place)
            )
        }
        return result
    }

    /// All layouts of a file by their number.
    static func layouts(in database: Database) throws -> [Int64: CycleLayout] {
        let seriesByID = try series(in: database)
        var result: [Int64: CycleLayout] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT id, body FROM layout") {
            let body: Data = row["body"]
            result[row["id"]] = try CycleLayout(body.array, seriesByID: seriesByID)
        }
        return result
    }
}
