// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Testing

/// The types of one register, whose 65,536 words can all be tried.
private let singleRegisterTypes: [RegisterType] =
    [
        .uint8(.high), .uint8(.low), .int8(.high), .int8(.low), .unsigned(bits: 16), .signed(bits: 16),
        .float(bits: 16), .binaryCodedDecimal(registers: 1), .moduloTenThousand(registers: 1), .bool,
    ] + [0, 7, 15].map { .bit($0) }

/// Integers and decimals of several registers, up to 48 bits, with how many words each takes.
private let integerTypes: [RegisterType] = [
    .unsigned(bits: 24), .signed(bits: 24), .unsigned(bits: 32), .signed(bits: 32), .unsigned(bits: 48),
    .signed(bits: 48), .binaryCodedDecimal(registers: 2), .binaryCodedDecimal(registers: 3),
    .moduloTenThousand(registers: 2), .moduloTenThousand(registers: 3),
]

/// Scale, offset and unit as real maps combine them.
private let transforms: [(scale: Double, offset: Double, unit: String)] = [
    (1, 0, "count"), (0.1, -45, "degC"), (0.1, 0, "kWh"), (0.01, 0, "kelvin"), (0.1, 0, "degF"),
    (1.0 / 128, 0, "degC"), (10, 0, "W"), (0.001, 3_000, "L/min"), (1, 0, "gpm"), (0.1, 0, "psi"), (-1, 1, "%"),
    (0.0123456789, -7.7, "bar"), (3.3e-13, 0, "MWh"),
]

@Suite("Register round trips")
struct CodecRoundTripTests {
    @Test("every word of a single register comes back", arguments: singleRegisterTypes)
    func everyWord(type: RegisterType) throws {
        for order in ByteOrder.allCases {
            let codec = codec(type, bytes: order)
            var good = 0
            for word in UInt16.min...UInt16.max {
                let decoded = codec.decode([word])
                guard decoded.isGood else { continue }
                good += 1
                let back = try codec.encode(decoded.value, current: [word])
                if back != [word] { Issue.record("\(order) \(hex([word])) became \(hex(back))") }
            }
            #expect(good == goodWords(of: type))
        }
    }

    /// How many of the 65,536 words mean a number.
    private func goodWords(of type: RegisterType) -> Int {
        switch type {
        case .bool: 2
        case .float: 65_536 - 2 * 1_024
        case .binaryCodedDecimal, .moduloTenThousand: 10_000
        default: 65_536
        }
    }

    @Test("every word comes back through every scale, offset and unit", arguments: transforms)
    func everyWordScaled(scale: Double, offset: Double, unit: String) throws {
        for type in [RegisterType.unsigned(bits: 16), .signed(bits: 16)] {
            let codec = codec(type, unit, scale: scale, offset: offset)
            for word in UInt16.min...UInt16.max {
                let back = try codec.encode(codec.decode([word]).value)
                if back != [word] { Issue.record("\(type) \(hex([word])) became \(hex(back))") }
            }
        }
    }

    @Test("random words of integers and decimals come back in every order", arguments: integerTypes)
    func randomIntegers(type: RegisterType) throws {
        var generator = SeededGenerator(seed: 1)
        for transform in transforms {
            for order in allOrders {
                let codec = codec(
                    type,
                    transform.unit,
                    words: order.words,
                    bytes: order.bytes,
                    scale: transform.scale,
                    offset: transform.offset
                )
                var good = 0
                for _ in 0..<100 {
                    let words = randomWords(of: type, order: order, using: &generator)
                    let decoded = codec.decode(words)
                    guard decoded.isGood else { continue }
                    good += 1
                    let back = try codec.encode(decoded.value)
                    if back != words { Issue.record("\(order) \(transform) \(hex(words)) became \(hex(back))") }
                }
                #expect(good > 90)
            }
        }
    }

    /// Words that mostly mean a number: digits stay digits, the spare byte of 24 bits repeats the sign.
    private func randomWords(
        of type: RegisterType,
        order: (words: WordOrder, bytes: ByteOrder),
        using generator: inout SeededGenerator
    ) -> [UInt16] {
        var words = (0..<type.registerCount).map { _ -> UInt16 in
            switch type {
            case .binaryCodedDecimal:
                (0..<4).reduce(0) { word, _ in word << 4 | UInt16.random(in: 0...9, using: &generator) }
            case .moduloTenThousand: .random(in: 0...9_999, using: &generator)
            default: .random(in: 0 ... .max, using: &generator)
            }
        }
        if type == .unsigned(bits: 24) { words[0] &= 0x00FF }
        if type == .signed(bits: 24) { words[0] = UInt16(bitPattern: Int16(Int8(truncatingIfNeeded: words[0]))) }
        if order.bytes == .lowFirst { words = words.map(\.byteSwapped) }
        return order.words == .lowFirst ? words.reversed() : words
    }

    @Test(
        "random 64-bit integers up to 2^53 come back",
        arguments: [RegisterType.unsigned(bits: 64), .signed(bits: 64)]
    )
    func random64(type: RegisterType) throws {
        var generator = SeededGenerator(seed: 2)
        for order in allOrders {
            let codec = codec(type, words: order.words, bytes: order.bytes)
            for _ in 0..<1_000 {
                let magnitude = Double(Int64.random(in: 0...(1 << 53), using: &generator))
                let value = type == .signed(bits: 64) && Bool.random(using: &generator) ? -magnitude : magnitude
                #expect(codec.decode(try codec.encode(value)).value == value)
            }
        }
    }

    @Test("random floats come back bit by bit", arguments: [RegisterType.float(bits: 32), .float(bits: 64)])
    func randomFloats(type: RegisterType) throws {
        var generator = SeededGenerator(seed: 3)
        for order in allOrders {
            let codec = codec(type, words: order.words, bytes: order.bytes)
            for _ in 0..<2_000 {
                let words = (0..<type.registerCount).map { _ in UInt16.random(in: 0 ... .max, using: &generator) }
                let decoded = codec.decode(words)
                guard decoded.isGood else { continue }
                #expect(try codec.encode(decoded.value) == words)
            }
        }
    }

    @Test("random float32 words come back through scale and unit", arguments: ["kW", "degC", "L/min", "psi", "%"])
    func randomScaledFloats(unit: String) throws {
        var generator = SeededGenerator(seed: 4)
        let codec = codec(.float(bits: 32), unit, scale: 0.1)
        for _ in 0..<5_000 {
            let number = Float.random(in: -1e6...1e6, using: &generator)
            let words = [UInt16(number.bitPattern >> 16), UInt16(truncatingIfNeeded: number.bitPattern)]
            #expect(try codec.encode(codec.decode(words).value) == words)
        }
    }

    @Test("any value that fits comes back within half a step", arguments: transforms)
    func withinOneStep(scale: Double, offset: Double, unit: String) throws {
        var generator = SeededGenerator(seed: 5)
        for type in [
            RegisterType.unsigned(bits: 16), .signed(bits: 32), .float(bits: 32), .binaryCodedDecimal(registers: 2),
        ] {
            let codec = codec(type, unit, scale: scale, offset: offset)
            let whole = try #require(codec.representableRange)
            let range = max(whole.lowerBound, -1e9)...min(whole.upperBound, 1e9)
            for _ in 0..<500 {
                let value = Double.random(in: range, using: &generator)
                let back = codec.decode(try codec.encode(value)).value
                let step = codec.resolution(near: value)
                #expect(abs(back - value) <= step * 0.5000001 + value.ulp * 4)
            }
        }
    }
}
