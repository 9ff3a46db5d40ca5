// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModbusIO
import Plant

/// Which device was asked, as messages name it.
struct ProbePlace: CustomStringConvertible {
    let host: String
    let port: UInt16
    let unit: UInt8

    var address: String { "\(host) port \(port)" }
    var description: String { "\(address), unit \(unit)" }
}

/// One look at a device as a page of text.
enum ProbeText {
    /// Names that a hint lists before it only counts.
    private static let listedNames = 5

    static func render(_ look: DeviceLook, findings: OrderFindings, place: ProbePlace, map: DeviceMap) -> String {
        var text = "\(place): \(map.name), \(map.title)\n"
        text += table(look, map: map)
        text += summary(look) + "\n"
        if let chain = look.chain { text += describe(chain, map) + "\n" }
        if let identity = look.identity { text += describe(identity) + "\n" }
        for hint in findings.hints { text += describe(hint) + "\n" }
        if !findings.unexplained.isEmpty {
            text += "hint: implausible in every word and byte order: \(list(findings.unexplained)); "
            text += "check address, type and scale in the map, or the sensor\n"
        }
        return text
    }

    /// Rows in columns as wide as they must be; the columns named are set to the right.
    static func columns(_ rows: [[String]], right: Set<Int> = []) -> String {
        guard let head = rows.first else { return "" }
        let widths = head.indices.map { column in rows.reduce(0) { max($0, $1[column].count) } }
        return rows.reduce(into: "") { text, row in
            let cells = row.indices.map { column in
                let padded = row[column].padded(to: widths[column])
                let blanks = padded.count - row[column].count
                return right.contains(column) ? String(repeating: " ", count: blanks) + row[column] : padded
            }
            text += String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed()) + "\n"
        }
    }

    private static func table(_ look: DeviceLook, map: DeviceMap) -> String {
        var rows = [["POINT", "ADDRESS", "REGISTERS", "VALUE", "UNIT", "QUALITY", "MS"]]
        for (seen, point) in zip(look.points, map.points) {
            rows.append([
                seen.name, place(of: point), registers(seen.words),
                value(of: seen, point), seen.words.isEmpty ? "" : unit(of: point), quality(of: seen, point),
                seen.roundTripSeconds.map(milliseconds) ?? "-",
            ])
        }
        return columns(rows, right: [3, 6])
    }

    static func registers(_ words: [UInt16]) -> String {
        words.isEmpty ? "-" : words.map { String(format: "%04X", Int($0)) }.joined(separator: " ")
    }

    static func milliseconds(_ seconds: Double) -> String { String(format: "%.2f", seconds * 1_000) }

    private static func place(of point: MapPoint) -> String {
        // A point of models that the device lacks has no address.
        point.isReadable || point.write != nil ? "\(word(point.table)) \(point.address)" : "-"
    }

    private static func word(_ table: RegisterTable) -> String {
        switch table {
        case .coil: "coil"
        case .discreteInput: "discrete"
        case .inputRegister: "input"
        case .holdingRegister: "holding"
        }
    }

    private static func unit(of point: MapPoint) -> String {
        switch point.baseUnit {
        case .count, .boolean, .enumeration, .bitField: ""
        default: point.unit.spelling
        }
    }

    private static func quality(of seen: ProbedPoint, _ point: MapPoint) -> String {
        if Believability(seen.words, scaleFactorWord: seen.scaleFactorWord, of: point) == .absurd, seen.value.isFinite {
            return "\(seen.quality.word), implausible"
        }
        return seen.cause == .none ? seen.quality.word : "\(seen.quality.word): \(seen.cause.words)"
    }

    private static func value(of seen: ProbedPoint, _ point: MapPoint) -> String {
        if let text = seen.text { return "\"\(text)\"" }
        guard seen.value.isFinite else { return "-" }
        let shown = number(seen.value, point)
        return label(of: seen, point).map { "\($0) (\(shown))" } ?? shown
    }

    /// Whether the point is anything but text.
    static func isNumber(_ point: MapPoint) -> Bool {
        !point.type.isText
    }

    /// The name the map gives a code; nil where it gives none.
    static func label(of seen: ProbedPoint, _ point: MapPoint) -> String? {
        point.labels.first { Double($0.code) == point.unit.fromBase(seen.value) }?.name
    }

    /// A value in the map's unit, with as many digits as its registers can hold and no exponent where one can do
    /// without.
    static func number(_ value: Double, _ point: MapPoint) -> String {
        let shown = point.unit.fromBase(value)
        let digits =
            switch point.type {
            case .float(bits: 16): 4
            case .float(bits: 32): 7
            default: 15
            }
        let magnitude = abs(shown)
        guard magnitude == 0 || (magnitude >= 1e-4 && magnitude < 1e15) else {
            return String(format: "%.\(min(digits, 7))g", shown)
        }
        let whole = magnitude < 1 ? 1 : Int(log10(magnitude)) + 1
        let text = String(format: "%.\(max(0, digits - whole))f", shown)
        guard text.contains(".") else { return text }
        let trimmed = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
        return String(trimmed.reversed())
    }

    private static func summary(_ look: DeviceLook) -> String {
        let good = look.points.count { $0.quality == .good }
        let trips = look.points.compactMap(\.roundTripSeconds)
        var text = "\(good) of \(look.points.count) points good, \(counted(look.requests, "request"))"
        if let least = trips.min(), let most = trips.max() {
            text += ", round trips \(milliseconds(least)) to \(milliseconds(most)) ms"
        }
        return text
    }

    /// The device's models, those that the map has no points of in brackets.
    private static func describe(_ chain: SunSpecChain, _ map: DeviceMap) -> String {
        let models = chain.models.map { model in
            let isKnown = map.sunSpec?.layouts.contains { $0.ids.contains(model.id) } ?? false
            let text = "\(model.id) at \(model.address) (\(model.length) registers)"
            return isKnown ? text : "[\(text)]"
        }
        return "SunSpec models from \(chain.base): \(models.joined(separator: ", "))"
    }

    private static func describe(_ identity: ProbedIdentity) -> String {
        guard let answer = identity.answer else { return "identity: cannot be read: \(identity.cause.words)" }
        return "identity: \(answer), " + (identity.isAccepted ? "as the map expects" : "another product")
    }

    private static func describe(_ hint: OrderHint) -> String {
        var keys: [String] = []
        if let order = hint.wordOrder { keys.append("'order: \(order.rawValue)'") }
        if let order = hint.byteOrder { keys.append("'byte_order: \(order.rawValue)'") }
        let example =
            hint.exampleValue.isFinite
            ? String(format: "%.6g ", hint.exampleUnit.fromBase(hint.exampleValue)) + hint.exampleUnit.spelling
            : "not available"
        let count = hint.points.count == 1 ? "1 implausible value" : "\(hint.points.count) implausible values"
        return "hint: \(keys.joined(separator: " and ")) in the map would make sense of \(count): "
            + list(hint.points, noteOnFirst: example)
    }

    private static func list(_ names: [String], noteOnFirst note: String? = nil) -> String {
        var listed = Array(names.prefix(listedNames))
        if let note, let first = listed.first { listed[0] = "\(first) (\(note))" }
        let rest = names.count - listed.count
        return listed.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }
}
