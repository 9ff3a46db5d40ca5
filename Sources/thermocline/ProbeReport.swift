// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModbusIO
import Plant

/// One look at a device as JSON; fields are added, never renamed or removed.
struct ProbeReport: Encodable {
    let host: String
    let port: UInt16
    let unit: UInt8
    let map: String
    /// Wall time of the look, ISO 8601.
    let time: String
    let requests: Int
    let identity: Identity?
    /// The device's SunSpec models; absent for a map of fixed addresses.
    let models: [Model]?
    let points: [Point]
    let hints: [Hint]
    /// Points whose values are implausible in every order.
    let unexplained: [String]

    struct Model: Encodable {
        let id: UInt16
        /// Of the register that holds the id, counted from 0.
        let address: Int
        /// Registers behind id and length.
        let length: Int
        /// Whether the map takes points from it.
        let isKnown: Bool
    }

    struct Identity: Encodable {
        let answer: String?
        let isAccepted: Bool
        let cause: String
    }

    struct Point: Encodable {
        let name: String
        let table: RegisterTable
        /// Counted from 0.
        let address: UInt16
        let registers: [UInt16]
        /// The value in `unit`, the map's; absent where there is none.
        let value: Double?
        let unit: String
        /// The value in `baseUnit`, which travels through the product.
        let baseValue: Double?
        let baseUnit: PointUnit
        let text: String?
        let label: String?
        let quality: String
        let cause: String
        let isPlausible: Bool
        let roundTripSeconds: Double?

        init(_ seen: ProbedPoint, _ point: MapPoint) {
            let hasValue = seen.value.isFinite
            name = seen.name
            table = point.table
            address = point.address
            registers = seen.words
            // The same digits as in the table, not the noise of the way to the base unit and back.
            value = hasValue ? Double(ProbeText.number(seen.value, point)) : nil
            unit = point.unit.spelling
            baseValue = hasValue ? seen.value : nil
            baseUnit = point.baseUnit
            text = seen.text
            label = ProbeText.label(of: seen, point)
            quality = seen.quality.word
            cause = seen.cause.words
            isPlausible = Believability(seen.words, scaleFactorWord: seen.scaleFactorWord, of: point) != .absurd
            roundTripSeconds = seen.roundTripSeconds
        }
    }

    struct Hint: Encodable {
        /// The value for the map's `order`; absent where that is right.
        let order: WordOrder?
        /// The value for the map's `byte_order`; absent where that is right.
        let byteOrder: ByteOrder?
        let points: [String]
    }

    init(_ look: DeviceLook, findings: OrderFindings, place: ProbePlace, map: DeviceMap) {
        host = place.host
        port = place.port
        unit = place.unit
        self.map = map.name
        time = ISO8601DateFormatter().string(from: Date())
        requests = look.requests
        identity = look.identity.map {
            Identity(answer: $0.answer, isAccepted: $0.isAccepted, cause: $0.cause.words)
        }
        models = look.chain?.models.map { model in
            let isKnown = map.sunSpec?.layouts.contains { $0.ids.contains(model.id) } ?? false
            return Model(id: model.id, address: model.address, length: model.length, isKnown: isKnown)
        }
        points = zip(look.points, map.points).map { Point($0, $1) }
        hints = findings.hints.map { Hint(order: $0.wordOrder, byteOrder: $0.byteOrder, points: $0.points) }
        unexplained = findings.unexplained
    }
}

extension Encodable {
    /// The JSON with sorted keys, over several lines or in one.
    func text(isPretty: Bool) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting =
            isPretty ? [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
