// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Testing

/// Words of a real kind of register with the base-unit value that a person would write down.
struct ValueRow: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let codec: RegisterCodec
    let words: [UInt16]
    let value: Double

    init(_ title: String, _ codec: RegisterCodec, _ words: [UInt16], _ value: Double) {
        (testDescription, self.codec, self.words, self.value) = (title, codec, words, value)
    }
}

private let chillerTemperature = codec(.unsigned(bits: 16), "degC", scale: 0.1, offset: -45)
private let tenthsOfFahrenheit = codec(.signed(bits: 16), "degF", scale: 0.1)
private let lowWordFirstEnergy = codec(.signed(bits: 32), "kWh", words: .lowFirst, scale: 0.1)
private let wattHours = codec(.signed(bits: 64), "Wh")
private let fixedPoint = codec(.signed(bits: 16), "degC", scale: 1.0 / 128)
private let centikelvin = codec(.unsigned(bits: 16), "kelvin", scale: 0.01)
private let scaled = codec(.signed(bits: 16), "kW", hasScaleFactor: true)

private let valueRows: [ValueRow] = [
    // Tenths of a degree above -45, as a chiller's interface sends them: 514 / 10 - 45 = 6.4.
    ValueRow("raw/10 - 45", chillerTemperature, [0x0202], 6.4),
    ValueRow("raw/10 - 45, lowest", chillerTemperature, [0x0000], -45),
    ValueRow("raw/10 - 45, 20.3", chillerTemperature, [653], 20.3),
    // 1234567890123 Wh * 3600 = 4444444404442800 J, below 2^53.
    ValueRow("int64 Wh", wattHours, [0x0000, 0x011F, 0x71FB, 0x04CB], 4_444_444_404_442_800),
    ValueRow("int64 Wh, negative", wattHours, [0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF], -3_600),
    // 305419896 tenths of a kilowatt hour, 360 kJ each.
    ValueRow("low word first 0.1 kWh", lowWordFirstEnergy, [0x5678, 0x1234], 109_951_162_560_000),
    ValueRow("low word first 0.1 kWh, 3", lowWordFirstEnergy, [0x0003, 0x0000], 1_080_000),
    // 0x0A81 = 2689 = 21 * 128 + 1.
    ValueRow("fixed point 1/128", fixedPoint, [0x0A81], 21.0078125),
    ValueRow("fixed point 1/128, negative", fixedPoint, [0xFFFF], -0.0078125),
    ValueRow("32.0 degF is exactly 0 degC", tenthsOfFahrenheit, [320], 0),
    ValueRow("212.0 degF is exactly 100 degC", tenthsOfFahrenheit, [2_120], 100),
    ValueRow("-40.0 degF is -40 degC", tenthsOfFahrenheit, [0xFE70], -40),
    ValueRow("68.5 degF", tenthsOfFahrenheit, [685], 365.0 / 18),
    ValueRow("293.15 K", centikelvin, [29_315], 20),
    ValueRow("295.45 K", centikelvin, [29_545], 22.3),
    ValueRow("per mille of a ratio", codec(.unsigned(bits: 16), "%", scale: 0.1), [999], 0.999),
    ValueRow("0.1 bar", codec(.unsigned(bits: 16), "bar", scale: 0.1), [23], 230_000),
    ValueRow("0.01 m3/h", codec(.unsigned(bits: 32), "m3/h", scale: 0.01), [0, 36_000], 0.1),
    ValueRow("60 L/min", codec(.float(bits: 32), "L/min"), [0x4270, 0x0000], 0.001),
    ValueRow("kW as float32", codec(.float(bits: 32), "kW"), [0x449A, 0x5000], 1_234_500),
    ValueRow("EUR/MWh", codec(.signed(bits: 16), "EUR/MWh", scale: 0.01), [3_600], 1e-8),
    ValueRow("minus zero stays minus zero", codec(.float(bits: 32)), [0x8000, 0x0000], -0.0),
    // A scale that is no fraction goes through plain multiplication.
    ValueRow("irrational scale", codec(.unsigned(bits: 16), scale: 0x1p-60), [3], 0x3p-60),
]

@Suite("Register values")
struct CodecValueTests {
    @Test("gives the base-unit value a person would write, and takes it back", arguments: valueRows)
    func values(row: ValueRow) throws {
        let decoded = row.codec.decode(row.words)
        #expect(decoded.cause == .none)
        #expect(decoded.value == row.value)
        #expect(decoded.value.sign == row.value.sign || row.value == 0 && row.words[0] < 0x8000)
        #expect(try row.codec.encode(row.value) == row.words)
    }

    @Test(
        "applies the power of ten of the scale-factor register to the raw number only",
        arguments: [
            (Int16(0), 21_530_000.0), (-1, 2_153_000), (-4, 2_153), (2, 2_153_000_000),
            (-10, 2.153e-3), (10, 2.153e17),
        ]
    )
    func scaleFactor(exponent: Int16, value: Double) throws {
        let word = UInt16(bitPattern: exponent)
        #expect(scaled.decode([21_530], scaleFactorWord: word).value == value)
        #expect(try scaled.encode(value, scaleFactorWord: word) == [21_530])
    }

    @Test("the power of ten comes before the offset")
    func scaleFactorThenOffset() throws {
        let codec = codec(.unsigned(bits: 16), "degC", offset: -45, hasScaleFactor: true)
        let minusOne = UInt16(bitPattern: -1)
        #expect(codec.decode([514], scaleFactorWord: minusOne).value == 6.4)
        #expect(try codec.encode(6.4, scaleFactorWord: minusOne) == [514])
    }

    @Test("rejects a scale factor that is missing, not implemented or out of -10...10")
    func scaleFactorInvalid() {
        for word in [nil, 0x8000, 11, UInt16(bitPattern: -11), 0x7FFF] as [UInt16?] {
            #expect(scaled.decode([1], scaleFactorWord: word).cause == .scaleFactorInvalid)
            #expect(throws: CodecProblem(.scaleFactorInvalid(word), point: "point")) {
                try scaled.encode(1, scaleFactorWord: word)
            }
        }
    }

    @Test("a point without a scale-factor register ignores the word")
    func scaleFactorIgnored() {
        #expect(codec(.unsigned(bits: 16)).decode([7], scaleFactorWord: 0x8000).value == 7)
    }

    @Test("values outside the valid range are bad, its ends are good")
    func validRange() {
        let codec = codec(.unsigned(bits: 16), "%", scale: 0.1, validRange: 0.001...1)
        #expect(codec.decode([1_000]).value == 1)
        #expect(codec.decode([1]).value == 0.001)
        #expect(codec.decode([1_001]).cause == .outOfRange)
        #expect(codec.decode([0]).cause == .outOfRange)
        #expect(codec.decode([0]).value.isNaN)
    }

    @Test("units whose factor is no short fraction are right to the last place but one")
    func longFactors() {
        // 10 US gallons a minute = 37.85411784 L/min; 100 psi = 689475.7293168 Pa.
        let flow = codec(.unsigned(bits: 16), "gpm").decode([10]).value
        #expect(abs(flow - 6.30901964e-4) <= 6.30901964e-4.ulp)
        let pressure = codec(.unsigned(bits: 16), "psi").decode([100]).value
        #expect(abs(pressure - 689_475.7293168) <= 689_475.7293168.ulp)
    }

    @Test("a value that overflows the base unit is out of range")
    func overflow() {
        #expect(codec(.float(bits: 64), "MWh").decode([0x7FEF, 0xFFFF, 0xFFFF, 0xFFFF]).cause == .outOfRange)
    }

    @Test("sentinels match raw bits, before scale, scale factor and range")
    func sentinels() {
        let codec = codec(
            .signed(bits: 16),
            "degC",
            scale: 0.1,
            hasScaleFactor: true,
            sentinels: [
                Sentinel(bits: 0x7FFF), Sentinel(bits: 0x8000, cause: .sensorAbsent),
                Sentinel(bits: 0xFFFF, cause: .notANumber), Sentinel(bits: 0x7FFE, cause: .deviceBusy),
            ],
            validRange: -50...100
        )
        #expect(codec.decode([0x7FFF]).cause == .notAvailable)
        #expect(codec.decode([0x8000]).cause == .sensorAbsent)
        #expect(codec.decode([0xFFFF]).cause == .notANumber)
        #expect(codec.decode([0x7FFE]).cause == .deviceBusy)
        #expect(codec.decode([0x7FFD]).cause == .scaleFactorInvalid)
        #expect(codec.decode([0xFFFE], scaleFactorWord: 0).value == -0.2)
    }

    @Test(
        "sentinels are seen after word and byte order",
        arguments: zip(
            allOrders.indices,
            [[0x7FFF, 0xFFFE], [0xFFFE, 0x7FFF], [0xFF7F, 0xFEFF], [0xFEFF, 0xFF7F]] as [[UInt16]]
        )
    )
    func sentinelOrders(order: Int, words: [UInt16]) {
        let codec = codec(
            .signed(bits: 32),
            words: allOrders[order].words,
            bytes: allOrders[order].bytes,
            sentinels: [Sentinel(bits: 0x7FFF_FFFE)]
        )
        #expect(codec.decode(words).cause == .notAvailable)
        #expect(codec.encodeSentinel(.notAvailable) == words)
    }

    @Test("a sentinel wins over not-a-number, bad digits and a filled spare byte")
    func sentinelFirst() {
        let all32 = Sentinel(bits: 0xFFFF_FFFF, cause: .sensorAbsent)
        #expect(codec(.float(bits: 32), sentinels: [all32]).decode([0xFFFF, 0xFFFF]).cause == .sensorAbsent)
        let decimal = codec(.binaryCodedDecimal(registers: 2), sentinels: [all32])
        #expect(decimal.decode([0xFFFF, 0xFFFF]).cause == .sensorAbsent)
        let narrow = codec(.unsigned(bits: 24), sentinels: [Sentinel(bits: 0xFF_FFFF)])
        #expect(narrow.decode([0xFFFF, 0xFFFF]).cause == .notAvailable)
        let half = codec(.uint8(.high), sentinels: [Sentinel(bits: 0xFF)])
        #expect(half.decode([0xFF12]).cause == .notAvailable)
        #expect(half.decode([0x12FF]).value == 0x12)
        #expect(half.encodeSentinel(.notAvailable, current: [0x1234]) == [0xFF34])
        #expect(half.encodeSentinel(.sensorAbsent) == nil)
    }

    @Test("resolution is one count in the base unit")
    func resolution() {
        #expect(chillerTemperature.resolution == 0.1)
        #expect(lowWordFirstEnergy.resolution == 360_000)
        #expect(tenthsOfFahrenheit.resolution == 1 / 18.0)
        #expect(codec(.signed(bits: 16), "kW", scale: -2).resolution == 2_000)
        #expect(scaled.resolution == 1e-7)
        #expect(scaled.resolution(near: 5, scaleFactorWord: UInt16(bitPattern: -2)) == 10)
        #expect(scaled.resolution(near: 5).isNaN)
        #expect(codec(.float(bits: 32)).resolution(near: 1) == 0x1p-23)
        #expect(codec(.float(bits: 32), "kW").resolution(near: 1_024_000) == 1_000 * 0x1p-13)
        #expect(codec(.float(bits: 64)).resolution == 0x1p-1074)
        #expect(codec(.string(registers: 2)).resolution.isNaN)
    }

    @Test("the representable range is that of the type in the base unit")
    func representableRange() {
        #expect(chillerTemperature.representableRange == -45...6_508.5)
        #expect(codec(.signed(bits: 16), "kW", scale: -0.5).representableRange == -16_383_500...16_384_000)
        #expect(codec(.binaryCodedDecimal(registers: 2)).representableRange == 0...99_999_999)
        #expect(codec(.bit(2), "boolean").representableRange == 0...1)
        #expect(codec(.string(registers: 2)).representableRange == nil)
    }
}
