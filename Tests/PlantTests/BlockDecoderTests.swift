// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Testing

private let types: [RegisterType] =
    [
        .bool, .uint8(.high), .uint8(.low), .int8(.low), .bits(low: 4, high: 6), .unsigned(bits: 16),
        .signed(bits: 16), .unsigned(bits: 24), .unsigned(bits: 32), .signed(bits: 32), .signed(bits: 48),
        .unsigned(bits: 64), .float(bits: 16), .float(bits: 32), .float(bits: 64), .binaryCodedDecimal(registers: 1),
        .moduloTenThousand(registers: 2), .string(registers: 2), .unsigned(bits: 20), .bit(20),
        .combined([
            RegisterPart(offset: 0, type: .unsigned(bits: 16)),
            RegisterPart(offset: 2, type: .signed(bits: 32), factor: 1_000),
        ]),
    ] + [0, 7, 15].map { .bit($0) }

/// What a register of a device is likely to hold where something is the matter.
private let edges: [UInt16] = [
    0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFE, 0x7FFF, 0x8000, 0x8001, 0xFFFE, 0xFFFF, 0x7F80, 0xFF80, 0x7FC0,
]

/// Scale 0.1 as maps have it; 1e-20 beside an offset that swallows it; numbers that leave what a `Double` holds.
private let scales = [1, 0.1, -0.1, 10, 1.0 / 128, 0.0123456789, 1e-20, 1e300, 0, .infinity, .nan]
private let offsets = [0, -45, 0.5, 1e10, -1e308, .nan]

/// Points that decode the same whether one by one or as a block.
@Suite("Blocks of points")
struct BlockDecoderTests {
    /// A point of any kind at an address, with a scale factor at another one, sentinels and a range now and then.
    private func point(at address: Int, _ random: inout SeededGenerator) -> MapPoint {
        func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }
        let type = types[Int.random(in: 0..<types.count, using: &random)]
        let isPlain = !oneIn(3)
        let sentinels = (0..<Int.random(in: 0...3, using: &random)).map { _ in
            let bits = (0..<4).reduce(UInt64(0)) { bits, _ in bits << 16 | UInt64(word(&random)) }
            let width = type == .bool ? 1 : min(64, 16 * max(1, type.registerCount))
            return Sentinel(bits: bits >> UInt64(64 - width), cause: oneIn(2) ? .sensorAbsent : .notAvailable)
        }
        let ends = [word(&random), word(&random)].map { (Double($0) - 30_000) / 10 }
        return MapPoint(
            name: "p\(address)",
            table: .holdingRegister,
            address: UInt16(address),
            type: type,
            wordOrder: oneIn(2) ? .highFirst : .lowFirst,
            byteOrder: oneIn(4) ? .lowFirst : .highFirst,
            unit: unit(oneIn(3) ? "degF" : "kWh"),
            scale: isPlain ? 0.1 : scales[Int.random(in: 0..<scales.count, using: &random)],
            offset: isPlain ? 0 : offsets[Int.random(in: 0..<offsets.count, using: &random)],
            scaleFactorAddress: oneIn(6) ? 500 : nil,
            sentinels: sentinels,
            powerFactor: oneIn(8) ? .fourQuadrant : nil,
            validRange: oneIn(2) ? min(ends[0], ends[1])...max(ends[0], ends[1]) : nil
        )
    }

    private func word(_ random: inout SeededGenerator) -> UInt16 {
        Bool.random(using: &random)
            ? edges[Int.random(in: 0..<edges.count, using: &random)] : UInt16.random(in: 0...65_535, using: &random)
    }

    /// What the codec of the point says to the same words.
    private func alone(_ point: MapPoint, _ words: [UInt16], from first: Int) -> DecodedValue {
        let codec = RegisterCodec(point)
        let start = Int(point.address) - first
        return codec.decode(
            Array(words[start..<start + codec.registerCount]),
            scaleFactorWord: point.scaleFactorAddress.map { words[Int($0) - first] }
        )
    }

    @Test("give the bits and causes that each point gives alone", arguments: UInt64(1)...20)
    func sameAsAlone(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let first = 400
        let points = (0..<25).map { point(at: first + 4 * $0, &random) }
        let decoder = BlockDecoder(points)
        var values = Array(repeating: DecodedValue.bad(.notYetRead), count: points.count)
        var good = 0
        for _ in 0..<60 {
            var words = (0..<101).map { _ in word(&random) }
            words[100] = UInt16(bitPattern: Int16.random(in: -12...12, using: &random))
            let part = Int.random(in: 0...5, using: &random)..<Int.random(in: 20...25, using: &random)
            decoder.decode(words.span, from: first, part, into: &values)
            for position in part {
                let block = values[position - part.lowerBound]
                let alone = alone(points[position], words, from: first)
                good += alone.isGood ? 1 : 0
                let isSame = block.cause == alone.cause && block.value.bitPattern == alone.value.bitPattern
                #expect(isSame, "\(points[position]): \(block), alone \(alone)")
            }
        }
        #expect(good > 20)
    }

    @Test(
        "give them all over the common types, with sentinels beside and inside the range",
        arguments: [RegisterType.signed(bits: 16), .unsigned(bits: 16), .bool, .uint8(.high), .bit(3)]
    )
    func commonTypes(type: RegisterType) {
        let sentinels = [0, 1, 100, 0x7FFF, 0x8000, 0xFFFF].filter { $0 < 2 || isWhole(type) }
        let points = ([nil] + sentinels.map { UInt64($0) }).enumerated().map { position, bits in
            MapPoint(
                name: "p\(position)",
                table: .holdingRegister,
                address: 7,
                type: type,
                unit: unit("degC"),
                scale: position % 2 == 0 ? 0.1 : -0.1,
                sentinels: bits.map { [Sentinel(bits: $0), Sentinel(bits: 1, cause: .sensorAbsent)] } ?? [],
                validRange: position < 4 ? -50...150 : nil
            )
        }
        let decoder = BlockDecoder(points)
        var values = Array(repeating: DecodedValue.bad(.notYetRead), count: points.count)
        let words = edges.flatMap { [$0 &- 1, $0, $0 &+ 1] } + stride(from: UInt16.min, through: .max, by: 61)
        for word in words {
            decoder.decode([word].span, from: 7, 0..<points.count, into: &values)
            for (value, point) in zip(values, points) {
                let alone = alone(point, [word], from: 7)
                if value.cause != alone.cause || value.value.bitPattern != alone.value.bitPattern {
                    Issue.record("\(point.name) \(hex([word])): \(value), alone \(alone)")
                }
            }
        }
    }

    private func isWhole(_ type: RegisterType) -> Bool { type == .signed(bits: 16) || type == .unsigned(bits: 16) }
}
