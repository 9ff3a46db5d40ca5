// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import Store
import TestKit
import Testing

/// A generator that gives the same numbers for the same seed (SplitMix64; Steele, Lea and Flood, OOPSLA 2014).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// 2026-03-01T10:00:00Z, in the middle of a day.
let morning = Timestamp(milliseconds: 1_772_359_200_000)
let beginning = Timestamp(milliseconds: 0)
let endOfTime = Timestamp(milliseconds: .max)

func unit(_ spelling: String) -> SourceUnit { SourceUnit.named(spelling) ?? SourceUnit("?", .count, .nan) }

private func point(
    _ name: String,
    _ type: RegisterType,
    _ spelling: String,
    scale: Double = 1,
    isScaled: Bool = false,
    isWritable: Bool = false
) -> MapPoint {
    MapPoint(
        name: name,
        table: .holdingRegister,
        address: 0,
        type: type,
        unit: unit(spelling),
        scale: scale,
        scaleFactorAddress: isScaled ? 9 : nil,
        write: isWritable ? WriteBehavior(range: 0...100, function: .singleRegister) : nil
    )
}

/// A map with one point of every kind the store keeps in its own way.
let meterMap = DeviceMap(
    name: "test_meter",
    category: .powerMeter,
    confirmation: .simulated,
    points: [
        point("active_power", .signed(bits: 32), "kW", scale: 0.1),
        point("active_energy_import", .unsigned(bits: 64), "kWh", scale: 0.01),
        point("supply_temperature", .float(bits: 32), "degC"),
        point("return_temperature", .signed(bits: 16), "degF", scale: 0.1),
        point("flow", .unsigned(bits: 16), "L/min", scale: 0.1),
        point("voltage", .unsigned(bits: 16), "V", isScaled: true),
        point("position", .float(bits: 64), "%"),
        point("run_status", .bool, "boolean"),
        point("setpoint", .signed(bits: 16), "degC", scale: 0.1, isWritable: true),
    ]
)

/// A site of a few meters, each with the points of ``meterMap``.
func site(
    devices: [String] = ["meter-1", "meter-2"],
    map: DeviceMap = meterMap,
    meters: [MeterDescription]? = nil,
    cycleInterval: Duration = .seconds(1),
    store: StoreSettings = StoreSettings()
) -> SiteDescription {
    SiteDescription(
        id: "test",
        cycleInterval: cycleInterval,
        endpoints: [EndpointDescription(id: "line", host: "127.0.0.1", port: 502)],
        maps: [map],
        devices: devices.map { DeviceDescription(id: $0, endpoint: 0, map: 0) },
        meters: meters
            ?? devices.map { MeterDescription(device: $0, place: .boundary, carrier: .electricity, ratedRate: 1e6) },
        store: store
    )
}

/// A record in which every point shows the same good value.
func plainRecord(
    _ site: SiteDescription,
    _ sequence: Int,
    at time: Timestamp,
    value: Double = 21.5,
    total: Int64 = 3_600_000
) -> CycleRecord {
    CycleRecord(
        sequence: sequence,
        image: ProcessImage(
            time: time,
            readings: site.points.map { _ in Reading(value: value, sourceTime: time - .milliseconds(40)) }
        ),
        wallTime: time,
        totals: site.meters.map {
            MeterTotal(device: $0.device, place: $0.place, total: total, sourceTime: time, isCovered: true)
        }
    )
}

/// Makes records as a plant would, and as a hostile one: any bits, any quality, any source time.
struct RecordMaker {
    private var random: SeededGenerator
    private var registers: [Double]
    private var readings: [Reading]
    private var totals: [Int64]
    private let site: SiteDescription
    private var sequence = 0
    private var time: Timestamp

    init(_ site: SiteDescription, seed: UInt64, start: Timestamp = morning) {
        random = SeededGenerator(seed: seed)
        self.site = site
        registers = site.points.map { _ in 500 }
        readings = site.points.map { _ in Reading.notYetRead }
        totals = site.meters.map { _ in 1_000_000_000_000 }
        time = start
    }

    mutating func next() -> CycleRecord {
        sequence += 1
        time = time + .milliseconds(Int.random(in: 980...1_020, using: &random))
        let deviceTimes = site.devices.map { _ in time - .milliseconds(Int.random(in: 5...400, using: &random)) }
        for point in site.points where Int.random(in: 0..<4, using: &random) != 0 {
            readings[point.index.position] = reading(point, at: deviceTimes[point.device])
        }
        for index in totals.indices { totals[index] += Int64.random(in: 0...4_000_000, using: &random) }
        return CycleRecord(
            sequence: sequence,
            image: ProcessImage(time: time, readings: readings),
            wallTime: time + .milliseconds(Int.random(in: -3...3, using: &random)),
            totals: sequence < 3 ? [] : meterTotals(),
            decisions: decisions()
        )
    }

    private mutating func reading(_ point: PointDescription, at time: Timestamp) -> Reading {
        switch Int.random(in: 0..<40, using: &random) {
        case 0:
            return .bad(QualityCause.allCases.randomElement(using: &random) ?? .timeout, at: time)
        case 1:
            return Reading(
                value: Double(bitPattern: random.next()),
                quality: Quality.allCases.randomElement(using: &random) ?? .bad,
                cause: QualityCause.allCases.randomElement(using: &random) ?? .none,
                sourceTime: Timestamp(milliseconds: Int64(truncatingIfNeeded: random.next() >> 20))
            )
        case 2:
            let rare = [0, -0.0, .infinity, .leastNonzeroMagnitude].randomElement(using: &random)
            return Reading(value: rare ?? 0, sourceTime: time)
        default:
            registers[point.index.position] += Double(Int.random(in: -3...3, using: &random))
            let source = site.mapPoint(point.index)
            return Reading(
                value: source.unit.toBase(registers[point.index.position] * source.scale + source.offset),
                sourceTime: time
            )
        }
    }

    private mutating func meterTotals() -> [MeterTotal] {
        zip(site.meters, totals).map { meter, total in
            MeterTotal(
                device: meter.device,
                place: meter.place,
                total: total,
                sourceTime: time - .milliseconds(Int.random(in: 0...9_000, using: &random)),
                isCovered: Int.random(in: 0..<10, using: &random) != 0
            )
        }
    }

    private mutating func decisions() -> [Decision] {
        guard sequence.isMultiple(of: 2) else { return [] }
        return site.points.filter { site.mapPoint($0.index).write != nil }.map { point in
            let wish = Double.random(in: 0...30, using: &random)
            return Decision(
                point: point.id,
                wish: wish,
                value: min(wish, 20),
                origin: "economizer",
                reason: Reason(code: "follow", text: "follows the wet bulb"),
                boundBy: [],
                isSent: false
            )
        }
    }
}

/// One sample in a form that compares bit by bit, NaN included.
struct ComparableSample: Hashable {
    let time: Timestamp
    let name: String
    let kind: StoredPoint.Kind
    let bits: UInt64
    let quality: Quality
    let cause: QualityCause
    let sourceTime: Timestamp

    init(_ sample: StoredSample) {
        time = sample.time
        name = sample.point.name
        kind = sample.point.kind
        bits = sample.total.map { UInt64(bitPattern: $0) } ?? sample.value.bitPattern
        quality = sample.quality
        cause = sample.cause
        sourceTime = sample.sourceTime
    }

    init(_ time: Timestamp, _ id: PointID, _ reading: Reading) {
        self.time = time
        name = id.description
        kind = .reading
        bits = reading.value.bitPattern
        quality = reading.quality
        cause = reading.cause
        sourceTime = reading.sourceTime
    }

    init(_ time: Timestamp, _ total: MeterTotal) {
        self.time = time
        name = "\(total.device)/energy_total"
        kind = .total
        bits = UInt64(bitPattern: total.total)
        quality = total.isCovered ? .good : .uncertain
        cause = total.isCovered ? .none : .inputsNotGood
        sourceTime = total.sourceTime
    }
}

/// What a reader must give back for records of one site: readings, then totals.
func expectedSamples(_ records: [CycleRecord], _ site: SiteDescription) -> [ComparableSample] {
    records.flatMap { record in
        zip(site.points, record.image.readings).map { ComparableSample(record.image.time, $0.id, $1) }
            + record.totals.map { ComparableSample(record.image.time, $0) }
    }
}

/// All readings and totals of a store.
func storedSamples(
    _ directory: String,
    from: Timestamp = beginning,
    to: Timestamp = endOfTime
) throws -> [ComparableSample] {
    var samples: [ComparableSample] = []
    try StoreReader(directory: directory).forEachSample(from: from, to: to) { samples.append(ComparableSample($0)) }
    return samples
}

/// The plant times of the stored cycles.
func storedTimes(_ directory: String) throws -> [Timestamp] {
    var times: [Timestamp] = []
    try StoreReader(directory: directory).forEachSample(from: beginning, to: endOfTime) { sample in
        if times.last != sample.time { times.append(sample.time) }
    }
    return times
}

/// The names of the store's files that match a prefix, in order.
func files(_ directory: String, _ prefix: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory)
        .filter { $0.hasPrefix(prefix) && !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
        .sorted()
}
