// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModbusIO
import Plant
import SiteFiles

/// One address to look at, by one map.
struct SurveyWish {
    let host: String
    let port: UInt16
    /// The unit ids to look at, the map's own or 1 where empty; nil finds those that answer.
    let units: [UInt8]?
    let map: String
    /// The device's id in the site; nil makes one up.
    var id: String?
    /// The piece of equipment it serves, where the one who asks knows.
    var equipment: String?
}

/// A device that answered.
struct SurveyedDevice {
    let wish: SurveyWish
    let unit: UInt8
    let map: DeviceMap
    let look: DeviceLook
}

/// An address, or a unit behind it, that did not answer.
struct SilentDevice {
    let wish: SurveyWish
    /// Why, in one line.
    let reason: String
}

/// Looks at one address after another and remembers what answered.
struct SiteSurvey {
    let directories: [String]
    /// The longest a reply may take; what the map says where nil.
    let limit: Duration?
    private(set) var found: [SurveyedDevice] = []
    private(set) var silent: [SilentDevice] = []
    private var maps: [String: DeviceMap] = [:]

    init(directories: [String], limit: Duration?) {
        self.directories = directories
        self.limit = limit
    }

    /// Looks at one address.
    ///
    /// - Throws: ``ExitStatus/input`` where the map is not there or cannot be used; a device that does not answer is
    ///   remembered as silent.
    mutating func look(_ wish: SurveyWish) throws {
        let map = try loadMap(wish.map)
        do throws(ModbusProblem) {
            var units = wish.units ?? []
            if wish.units == nil { units = try scan(wish, map: map) }
            if wish.units?.isEmpty == true { units = [map.usualUnit] }
            for unit in units { try look(wish, unit: unit, map: map) }
        } catch {
            note("\(error.what); \(error.remedy)", of: wish)
        }
    }

    private mutating func look(_ wish: SurveyWish, unit: UInt8, map: DeviceMap) throws(ModbusProblem) {
        let look = try DeviceProbe(host: wish.host, port: wish.port, unit: unit, map: map, responseTimeout: limit).run()
        guard !look.isRefusedThroughout else {
            note("unit \(unit) gives nothing of what map '\(map.name)' asks for; check map and unit id", of: wish)
            return
        }
        found.append(SurveyedDevice(wish: wish, unit: unit, map: map, look: look))
    }

    /// The unit ids that answer; the map's own where the device does not look at them.
    private mutating func scan(_ wish: SurveyWish, map: DeviceMap) throws(ModbusProblem) -> [UInt8] {
        let probe = try DeviceProbe(host: wish.host, port: wish.port, map: map, responseTimeout: limit)
        let units = try UnitScan(probe, atMost: limit ?? .seconds(1)).run { _ in }
        let there = units.filter { unit in
            if case .words = unit.answer { return map.sunSpec == nil || unit.markerAddress != nil }
            return false
        }
        if there.isEmpty { note("connected, but no unit id gives what map '\(map.name)' asks for", of: wish) }
        if there.count == units.count { return [map.usualUnit] }
        return there.map(\.unit)
    }

    private mutating func note(_ reason: String, of wish: SurveyWish) {
        silent.append(SilentDevice(wish: wish, reason: reason))
        printError("site draft: \(wish.host) port \(wish.port): \(reason)")
    }

    private mutating func loadMap(_ name: String) throws -> DeviceMap {
        if let known = maps[name] { return known }
        let map = try usableMap(name, in: directories, verb: "site draft")
        maps[name] = map
        return map
    }
}

/// A CSV file of addresses: `host,port,unit,map,id,equipment`, in any order; only `host` must be there.
enum SurveyTable {
    /// Lines a file may have.
    private static let mostRows = 10_000
    private static let columns = ["host", "port", "unit", "map", "id", "equipment"]

    static func wishes(
        _ text: String,
        file: String,
        map standard: String?,
        isScan: Bool
    ) -> Result<[SurveyWish], SurveyProblem> {
        // A byte order mark and carriage returns come with files from spreadsheets.
        let lines = text.drop { $0 == "\u{FEFF}" }.split(omittingEmptySubsequences: false) { $0.isNewline }
        func problem(_ line: Int, _ message: String) -> SurveyProblem {
            SurveyProblem(description: "\(file):\(line + 1):1: \(message)")
        }
        guard lines.count <= mostRows else { return .failure(problem(0, "more than \(mostRows) lines; split it")) }
        let head = cells(lines.first ?? "").map { $0.lowercased() }
        guard head.contains("host"), head.allSatisfy(columns.contains) else {
            return .failure(problem(0, "the first line must name columns out of \(columns.joined(separator: ", "))"))
        }
        var wishes: [SurveyWish] = []
        for (number, line) in lines.enumerated().dropFirst() where !line.allSatisfy(\.isWhitespace) {
            let cells = cells(line)
            guard cells.count <= head.count else {
                return .failure(problem(number, "more cells than the first line has columns"))
            }
            func cell(_ name: String) -> String? {
                guard let position = head.firstIndex(of: name), position < cells.count else { return nil }
                return cells[position].isEmpty ? nil : cells[position]
            }
            guard let host = cell("host"), let map = cell("map") ?? standard else {
                return .failure(problem(number, "needs a host, and a map where --map gives none"))
            }
            let port = cell("port").map { UInt16($0) } ?? 502
            let unit = cell("unit").map { UInt8($0) }
            guard let port, port > 0 else { return .failure(problem(number, "the port is not 1 to 65535")) }
            if case .some(.none) = unit { return .failure(problem(number, "the unit id is not 0 to 255")) }
            let units = unit.map { [$0].compactMap(\.self) } ?? (isScan ? nil : [])
            let id = cell("id")
            let equipment = cell("equipment")
            for name in [id, equipment].compactMap(\.self) where name.wholeMatch(of: /[a-z0-9][a-z0-9._-]{0,63}/) == nil
            {
                return .failure(problem(number, "'\(name)' is not an id; write it as 'meter-1'"))
            }
            wishes.append(
                SurveyWish(host: host, port: port, units: units, map: map, id: id, equipment: equipment)
            )
        }
        return .success(wishes)
    }

    private static func cells(_ line: Substring) -> [String] {
        line.split(separator: ",", omittingEmptySubsequences: false).map { cell in
            let trimmed = cell.trimmingCharacters(in: .whitespaces)
            let isQuoted = trimmed.count >= 2 && trimmed.hasPrefix("\"") && trimmed.hasSuffix("\"")
            return isQuoted ? String(trimmed.dropFirst().dropLast()) : trimmed
        }
    }
}

/// What is wrong with a line of a survey's file: `file:line:column: message`.
struct SurveyProblem: Error, CustomStringConvertible {
    let description: String
}
