// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import SiteFiles

/// Maps as JSON, keys in snake case and sorted.
enum MapJSON {
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// A map in a list.
    struct Entry: Encodable {
        let name: String
        let title: String
        let vendor: String
        let model: String
        let category: String
        let confirmation: String
        /// Whether the product exists only in the simulator.
        let simulated: Bool
        /// Whether the owner has to fill it in.
        let template: Bool
        let capabilities: [String]
        let points: Int
        let goldenVectors: Int
        let sources: [String]

        init(_ map: DeviceMap) {
            name = map.name
            title = map.title
            vendor = map.vendor
            model = map.model
            category = map.category.rawValue
            confirmation = map.confirmation.rawValue
            simulated = map.confirmation == .simulated
            template = map.confirmation == .template
            capabilities = MapCapability.of(map)
            points = map.points.count
            goldenVectors = map.goldenVectors.count
            sources = map.sources
        }
    }

    /// One map with all that `maps show` tells.
    struct Whole: Encodable {
        let map: Entry
        let defaultUnit: Int?
        let functions: [Int]
        /// The SunSpec models that the points are taken from; absent for a map of fixed addresses.
        let models: [Model]?
        let points: [Point]
        let readPlan: [Plan]
        let goldenVectors: [Vector]

        init(_ map: DeviceMap, _ plans: [MapReadPlan]) {
            self.map = Entry(map)
            defaultUnit = map.defaultUnit
            functions = map.functions.map(Int.init)
            models = map.sunSpec?.layouts.map(Model.init)
            points = map.points.map(Point.init)
            readPlan = plans.map { plan in
                Plan(poll: plan.pollClass.rawValue, requests: plan.reads, bytes: plan.bytes)
            }
            goldenVectors = map.goldenVectors.map(Vector.init)
        }
    }

    /// A layout of SunSpec models; addresses of its points count from the model's id.
    struct Model: Encodable {
        let ids: [Int]
        let length: Int
        let points: [Point]
        let goldenVectors: [Vector]

        init(_ layout: SunSpecLayout) {
            ids = layout.ids.map(Int.init)
            length = layout.length
            points = layout.points.map(Point.init)
            goldenVectors = layout.goldenVectors.map(Vector.init)
        }
    }

    struct Point: Encodable {
        let name: String
        let summary: String
        let table: String
        let address: Int
        let type: String
        let order: String
        let byteOrder: String
        let unit: String
        let baseUnit: String
        let scale: Double
        let offset: Double
        /// Present where the registers hold parts of a sum.
        let parts: [Part]?
        /// Present where the code in another register tells unit or scale.
        let codedBy: CodedBy?
        /// Present where the number tells more than a ratio.
        let powerFactor: String?
        /// Present where the point means this only while another one reads so.
        let validWhile: Condition?
        let poll: String
        let readable: Bool
        let writable: Bool
        let counter: Bool
        let source: String

        init(_ point: MapPoint) {
            name = point.name
            summary = point.summary
            table = point.table.rawValue
            address = Int(point.address)
            type = point.type.spelling
            order = point.wordOrder.rawValue
            byteOrder = point.byteOrder.rawValue
            unit = point.unit.spelling
            baseUnit = point.baseUnit.rawValue
            scale = point.scale
            offset = point.offset
            parts = Part.of(point)
            codedBy = CodedBy(point)
            powerFactor = point.powerFactor?.rawValue
            validWhile = point.validWhile.map(Condition.init)
            poll = point.pollClass.rawValue
            readable = point.isReadable
            writable = point.write != nil
            counter = point.counter != nil
            source = point.source
        }
    }

    /// One of the numbers that are added up.
    struct Part: Encodable {
        let address: Int
        let type: String
        let factor: Int

        static func of(_ point: MapPoint) -> [Part]? {
            guard case .combined(let parts) = point.type else { return nil }
            return parts.map { part in
                Part(address: Int(point.address) + part.offset, type: part.type.spelling, factor: part.factor)
            }
        }
    }

    /// A register that tells unit and scale.
    struct CodedBy: Encodable {
        struct Case: Encodable {
            let code: Int
            let unit: String
            let scale: Double
            let offset: Double
        }

        let address: Int
        /// The lowest of the register's bits that hold the code, and how many they are.
        let bit: Int
        let bits: Int
        let cases: [Case]

        init?(_ point: MapPoint) {
            guard let codes = point.scaleCodes, let register = point.scaleFactorAddress else { return nil }
            address = Int(register)
            bit = codes.shift
            bits = codes.width
            cases = codes.cases.map {
                Case(code: Int($0.code), unit: $0.unit.spelling, scale: $0.scale, offset: $0.offset)
            }
        }
    }

    /// What another point must read, in its base unit.
    struct Condition: Encodable {
        let point: String
        let low: Double
        let high: Double

        init(_ condition: PointCondition) {
            point = condition.point
            low = condition.range.lowerBound
            high = condition.range.upperBound
        }
    }

    struct Plan: Encodable {
        let poll: String
        let requests: [MapReadPlan.Read]
        /// Bytes on TCP of one round of all requests and replies.
        let bytes: Int
    }

    struct Vector: Encodable {
        let point: String
        let words: [Int]
        /// The value in the point's unit; absent for text and where the words mean no value.
        let value: Double?
        let text: String?
        /// The word of the scale-factor register, or of the one that tells the unit.
        let scaleFactorWord: Int?

        init(_ vector: GoldenVector) {
            point = vector.point
            words = vector.words.map(Int.init)
            value = vector.value
            text = vector.text
            scaleFactorWord = vector.scaleFactorWord.map(Int.init)
        }
    }
}
