// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Testing

/// Values that several registers add up to.
@Suite("Sums of registers")
struct CombinedPartsTests {
    static let word = RegisterType.unsigned(bits: 16)

    /// Wh, kWh and MWh in a register each.
    static let threeUnits = RegisterType.combined([
        RegisterPart(offset: 0, type: word), RegisterPart(offset: 1, type: word, factor: 1_000),
        RegisterPart(offset: 2, type: word, factor: 1_000_000),
    ])
    /// A signed whole number of degrees, and its tenths two registers on.
    static let wholeAndTenths = RegisterType.combined([
        RegisterPart(offset: 0, type: .signed(bits: 16), factor: 10), RegisterPart(offset: 3, type: word),
    ])
    /// Millions in one register, the rest in two.
    static let millions = RegisterType.combined([
        RegisterPart(offset: 0, type: word, factor: 1_000_000), RegisterPart(offset: 1, type: .unsigned(bits: 32)),
    ])

    static let decoded: [(type: RegisterType, words: [UInt16], value: Double)] = [
        (threeUnits, [250, 312, 7], 7_312_250), (threeUnits, [0xFFFF, 0, 0], 65_535), (threeUnits, [0, 0, 0], 0),
        (threeUnits, [999, 999, 0xFFFF], 65_535_999_999), (millions, [3, 1, 2], 3_065_538),
        (wholeAndTenths, [0xFFFD, 9, 9, 5], -25), (wholeAndTenths, [21, 0, 0, 3], 213),
    ]

    @Test(arguments: decoded)
    func partsAreAddedEachTimesItsFactor(type: RegisterType, words: [UInt16], value: Double) {
        #expect(codec(type).registerCount == words.count)
        #expect(codec(type).decode(words) == DecodedValue(value: value, cause: .none))
    }

    @Test func scaleOffsetAndUnitFollowTheSum() {
        let tenths = codec(Self.wholeAndTenths, "degC", scale: 0.1)
        #expect(tenths.decode([21, 0, 0, 3]).value == 21.3)
        #expect(codec(Self.threeUnits, "Wh").decode([1, 0, 0]).value == 3_600)
    }

    @Test func ordersHoldWithinAPart() {
        let swapped = codec(Self.millions, words: .lowFirst, bytes: .lowFirst)
        #expect(swapped.decode([0x0300, 0x0200, 0x0100]).value == 3_065_538)
    }

    @Test func aSentinelInAnyPartMeansNoValue() throws {
        let sentinel = Sentinel(bits: 0xFFFF, cause: .sensorAbsent)
        let codec = codec(Self.threeUnits, sentinels: [sentinel])
        for position in 0..<3 {
            var words: [UInt16] = [1, 1, 1]
            words[position] = 0xFFFF
            #expect(codec.decode(words).cause == .sensorAbsent)
        }
        #expect(codec.encodeSentinel(.sensorAbsent) == [0xFFFF, 0xFFFF, 0xFFFF])
        let highest = 65_535_000_000.0
        #expect(throws: CodecProblem(.readsAsSentinel(highest, .sensorAbsent), point: "point")) {
            try codec.encode(highest)
        }
    }

    static let encoded: [(type: RegisterType, value: Double, words: [UInt16])] = [
        (threeUnits, 7_312_250, [250, 312, 7]), (threeUnits, 65_600_600_535, [0xFFFF, 0xFFFF, 0xFFFF]),
        (threeUnits, 65_536_000_000, [0, 1_000, 0xFFFF]), (millions, 3_065_538, [3, 1, 2]),
        (millions, 65_536_000_000, [0xFFFF, 0x000F, 0x4240]),
    ]

    @Test(arguments: encoded)
    func asMuchAsPossibleGoesIntoTheLargerParts(type: RegisterType, value: Double, words: [UInt16]) throws {
        #expect(try codec(type).encode(value) == words)
    }

    @Test func registersBetweenThePartsAreKept() throws {
        let codec = codec(Self.wholeAndTenths, "degC", scale: 0.1)
        #expect(codec.keepsNeighbours)
        #expect(try codec.encode(-2.5, current: [7, 8, 9, 10]) == [0xFFFD, 8, 9, 5])
        #expect(throws: CodecProblem(.currentMissing, point: "point")) { try codec.encode(1, current: [7]) }
        #expect(throws: CodecProblem(.currentMissing, point: "point")) { try codec.encode(1) }
    }

    @Test func whatDoesNotFitIsRefused() {
        for value in [-1.0, 65_600_600_536] {
            #expect(throws: CodecProblem.self) { try codec(Self.threeUnits).encode(value) }
        }
        #expect(codec(Self.threeUnits).representableRange == 0...65_600_600_535)
        #expect(codec(Self.threeUnits).resolution == 1)
    }

    @Test func wrongPartsMakeAPointThatCannotBeUsed() {
        let wrong: [[RegisterPart]] = [
            [RegisterPart(offset: 0, type: Self.word)],
            [RegisterPart(offset: 0, type: Self.word), RegisterPart(offset: 64, type: Self.word)],
            [RegisterPart(offset: 0, type: Self.word), RegisterPart(offset: 1, type: Self.word, factor: 0)],
            [RegisterPart(offset: 0, type: .float(bits: 32)), RegisterPart(offset: 2, type: Self.word)],
            (0..<5).map { RegisterPart(offset: $0, type: Self.word) },
        ]
        for parts in wrong {
            let codec = codec(.combined(parts))
            let words = Array(repeating: UInt16(0), count: codec.registerCount)
            #expect(codec.decode(words).cause == .notAvailable)
            #expect(throws: CodecProblem.self) { try codec.encode(0) }
        }
    }

    @Test("whatever the parts, a value comes back and its words mean the same", arguments: UInt64(1)...40)
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var offset = 0
        var factor = 1
        let parts = (0..<Int.random(in: 2...4, using: &random)).map { _ -> RegisterPart in
            let types: [RegisterType] = [Self.word, .signed(bits: 16), .unsigned(bits: 32), .signed(bits: 32)]
            let type = types[Int.random(in: 0..<4, using: &random)]
            defer {
                offset += type.registerCount + Int.random(in: 0...2, using: &random)
                factor *= Int.random(in: 1...1_000, using: &random)
            }
            return RegisterPart(offset: offset, type: type, factor: factor)
        }
        let order = allOrders[Int(seed) % 4]
        let codec = codec(.combined(parts.shuffled(using: &random)), words: order.words, bytes: order.bytes)
        for _ in 0..<200 {
            let words = (0..<codec.registerCount).map { _ in UInt16.random(in: 0 ... .max, using: &random) }
            let value = codec.decode(words)
            try #require(value.isGood)
            guard value.value.magnitude < 0x1p53 else { continue }
            let again = try codec.encode(value.value, current: words)
            #expect(codec.decode(again) == value, "\(parts): \(hex(words)) became \(hex(again))")
            #expect(try codec.encode(value.value, current: again) == again)
        }
    }
}
