// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ModbusIO
import Plant
import SiteFiles

struct MapsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one map: points, read plan, golden vectors."
    )

    @Argument(help: "The map's name, or a path of a map file.")
    var name: String

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var maps: MapOptions

    func run() throws {
        let map = try usableMap(name, in: maps.resolved(), verb: "maps show", isForItsAuthor: true)
        let plans: [MapReadPlan]
        do {
            plans = try MapReadPlan.all(of: map)
        } catch {
            printError("maps show: \(error)")
            throw ExitStatus.input
        }
        if json {
            try print(MapJSON.text(MapJSON.Whole(map, plans)))
        } else {
            printHead(of: map)
            printPoints(of: map)
            printPlans(plans)
            printGolden(of: map)
        }
    }

    private func printHead(of map: DeviceMap) {
        print("\(map.title)  [\(map.category.rawValue), \(map.confirmation.rawValue)]")
        for source in map.sources { print("source: \(source)") }
        if let unit = map.defaultUnit { print("default unit id: \(unit)") }
        if !map.functions.isEmpty { print("functions: \(map.functions.map(String.init).joined(separator: ", "))") }
        if let probe = map.identity {
            let accepted = probe.accepted.joined(separator: ", ")
            print("identity: \(probe.table.rawValue) \(probe.address) \(probe.type.spelling) is \(accepted)")
        }
    }

    private func printPoints(of map: DeviceMap) {
        if let models = map.sunSpec {
            print("\nmodels, in the order of preference:")
            for layout in models.layouts {
                let ids = layout.ids.map(String.init).joined(separator: ", ").padded(to: 24)
                print("\(ids) \(layout.length) registers, \(layout.points.count) points")
            }
            print("addresses below are those of a device with models \(models.chain.description)")
        }
        print("\npoints: \(map.points.count)")
        for point in map.points {
            let access = (point.isReadable ? "r" : "-") + (point.write == nil ? "-" : "w")
            let place = "\(point.table.rawValue) \(point.address)".padded(to: 24)
            let type = point.type.spelling.padded(to: 12)
            let coding = Self.coding(of: point)
            let unit = coding.isEmpty ? point.unit.spelling : point.unit.spelling.padded(to: 12) + " " + coding
            print("\(point.name.padded(to: 40)) \(access) \(place) \(type) \(unit)")
        }
    }

    /// What happens to the raw number, what is no value, and what may be written, in the point's own unit.
    private static func coding(of point: MapPoint) -> String {
        func text(_ value: Double) -> String {
            let rounded = (value * 1e6).rounded() / 1e6
            return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int(rounded)) : String(rounded)
        }
        func text(_ low: Double, _ high: Double) -> String {
            low == high ? text(low) : "\(text(low))...\(text(high))"
        }
        func text(_ range: ClosedRange<Double>) -> String {
            "\(text(point.unit.fromBase(range.lowerBound)))...\(text(point.unit.fromBase(range.upperBound)))"
        }
        var parts: [String] = []
        if point.scale != 1 { parts.append("x \(point.scale)") }
        if point.offset != 0 { parts.append("\(point.offset < 0 ? "-" : "+") \(text(abs(point.offset)))") }
        if let codes = point.scaleCodes, let address = point.scaleFactorAddress {
            let cases = codes.cases.map { "\($0.code): \($0.unit.spelling)" + ($0.scale == 1 ? "" : " x \($0.scale)") }
            parts.append("coded by \(address) (\(cases.joined(separator: ", ")))")
        }
        if !point.sentinels.isEmpty {
            let bits = point.sentinels.map { "0x" + String($0.bits, radix: 16, uppercase: true) }
            parts.append("none at " + bits.joined(separator: " "))
        }
        if let valid = point.validRange { parts.append("valid \(text(valid))") }
        if let condition = point.validWhile {
            parts.append("while \(condition.point) is \(text(condition.range.lowerBound, condition.range.upperBound))")
        }
        if point.counter != nil { parts.append("counter") }
        if let write = point.write { parts.append("write \(text(write.range))") }
        return parts.joined(separator: ", ")
    }

    private func printPlans(_ plans: [MapReadPlan]) {
        print("\nread plan:")
        for plan in plans {
            print(
                "\(plan.pollClass.rawValue.padded(to: 8)) \(counted(plan.reads.count, "request")), "
                    + "\(counted(plan.addresses, "address", "addresses")), \(plan.bytes) bytes on TCP"
            )
            for read in plan.reads {
                let range = "\(read.address)...\(read.address + read.count - 1)".padded(to: 16)
                print("  function \(read.function)  \(range) \(read.count) for \(counted(read.points, "point"))")
            }
        }
    }

    private func printGolden(of map: DeviceMap) {
        print("\ngolden vectors: \(map.goldenVectors.count)")
        for vector in map.goldenVectors {
            let words = vector.words.map { "0x" + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
            let isCoded = map.point(named: vector.point)?.scaleCodes != nil
            let factor =
                vector.scaleFactorWord.map {
                    isCoded ? " (code word 0x\(String($0, radix: 16)))" : " (scale factor \(Int16(bitPattern: $0)))"
                } ?? ""
            let unit = map.point(named: vector.point)?.unit.spelling ?? ""
            let value = vector.text.map { "\"\($0)\"" } ?? vector.value.map { "\($0) \(unit)" } ?? "no value"
            print("\(vector.point.padded(to: 40)) \(words)\(factor) = \(value)")
        }
    }
}

/// The reads of one poll class of a map.
struct MapReadPlan {
    /// One request.
    struct Read: Encodable {
        let function: Int
        /// First address, counted from 0.
        let address: Int
        /// Registers or bits.
        let count: Int
        /// How many points it serves.
        let points: Int
    }

    let pollClass: PollClass
    let reads: [Read]

    var addresses: Int { reads.reduce(0) { $0 + $1.count } }

    /// Requests of 12 bytes and replies of 9 with their data (MODBUS Messaging on TCP/IP V1.0b, section 3.1.3).
    var bytes: Int {
        reads.reduce(0) { sum, read in sum + 21 + (read.function <= 2 ? (read.count + 7) / 8 : 2 * read.count) }
    }

    /// The plans of every poll class that a map uses, texts among them.
    static func all(of map: DeviceMap) throws -> [MapReadPlan] {
        let planner = ReadPlanner(limits: map.limits, mapName: map.name)
        return try PollClass.allCases.compactMap { pollClass in
            let plan = try planner.plan(map) { $0.pollClass == pollClass }
            guard !plan.blocks.isEmpty else { return nil }
            let reads = plan.blocks.map { block in
                Read(
                    function: Int(block.table.readFunction),
                    address: Int(block.address),
                    count: block.count,
                    points: block.points.count
                )
            }
            return MapReadPlan(pollClass: pollClass, reads: reads)
        }
    }
}
