// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Testing

@Suite("What a codec refuses")
struct CodecProblemTests {
    @Test(
        "rounds to the nearest count, and refuses what then does not fit",
        arguments: [
            (RegisterType.unsigned(bits: 16), 65_535.4, [UInt16(0xFFFF)]), (.unsigned(bits: 16), 65_535.5, nil),
            (.unsigned(bits: 16), -0.4, [0]), (.unsigned(bits: 16), -0.6, nil), (.unsigned(bits: 16), 2.6, [3]),
            (.signed(bits: 16), -32_768.4, [0x8000]), (.signed(bits: 16), -32_769, nil),
            (.signed(bits: 16), 32_768, nil), (.signed(bits: 16), -1.6, [0xFFFE]),
            (.unsigned(bits: 24), 16_777_216, nil), (.signed(bits: 24), 8_388_608, nil),
            (.signed(bits: 24), -8_388_608, [0xFF80, 0x0000]),
            (.unsigned(bits: 48), 0x1p48, nil), (.signed(bits: 48), -0x1p47, [0x8000, 0, 0]),
            (.unsigned(bits: 64), 0x1p64, nil), (.unsigned(bits: 64), 0x1p63, [0x8000, 0, 0, 0]),
            (.signed(bits: 64), 0x1p63, nil), (.signed(bits: 64), -0x1p63, [0x8000, 0, 0, 0]),
            (.float(bits: 16), 65_504, [0x7BFF]), (.float(bits: 16), 65_520, nil),
            (.float(bits: 32), 3.5e38, nil), (.float(bits: 32), 0.1, [0x3DCC, 0xCCCD]),
            (.binaryCodedDecimal(registers: 1), 9_999.4, [0x9999]), (.binaryCodedDecimal(registers: 1), 10_000, nil),
            (.moduloTenThousand(registers: 2), 99_999_999, [9_999, 9_999]),
            (.moduloTenThousand(registers: 2), 1e8, nil), (.binaryCodedDecimal(registers: 1), -1, nil),
            (.bool, 1, [1]), (.bool, 2, nil), (.uint8(.high), 256, nil), (.int8(.low), 128, nil), (.bit(3), 1.6, nil),
        ] as [(RegisterType, Double, [UInt16]?)]
    )
    func limits(type: RegisterType, value: Double, words: [UInt16]?) throws {
        let codec = codec(type)
        if let words {
            #expect(try codec.encode(value) == words)
        } else {
            let range = try #require(codec.representableRange)
            #expect(throws: CodecProblem(.doesNotFit(value, holds: range), point: "point")) {
                try codec.encode(value, current: [0])
            }
        }
    }

    /// The highest number overflows to infinity, the offset to its opposite: the sum is no number.
    @Test("refuses a value where scale and offset leave no range", arguments: [1e308, -1e308])
    func noRange(scale: Double) {
        let codec = codec(.unsigned(bits: 16), "MW", scale: scale, offset: -scale)
        #expect(codec.representableRange == nil)
        #expect(throws: CodecProblem(.doesNotFit(1, holds: 0...0), point: "point")) { try codec.encode(1) }
    }

    @Test("refuses NaN and infinity", arguments: [Double.infinity, -.infinity])
    func notFinite(value: Double) {
        for type in [RegisterType.unsigned(bits: 16), .float(bits: 32), .float(bits: 64)] {
            #expect(throws: CodecProblem(.notFinite(value), point: "point")) { try codec(type).encode(value) }
            #expect(throws: CodecProblem.self) { try codec(type).encode(.nan) }
        }
    }

    @Test("refuses a number that would read as a sentinel")
    func readsAsSentinel() {
        let codec = codec(.signed(bits: 16), "degC", scale: 0.1, sentinels: [Sentinel(bits: 0x7FFF)])
        #expect(throws: CodecProblem(.readsAsSentinel(3_276.7, .notAvailable), point: "point")) {
            try codec.encode(3_276.7)
        }
    }

    @Test("refuses a bit or half without the register as it is", arguments: [nil, [], [1, 2]] as [[UInt16]?])
    func currentMissing(current: [UInt16]?) {
        #expect(throws: CodecProblem(.currentMissing, point: "point")) {
            try codec(.bit(1), "boolean").encode(1, current: current)
        }
    }

    @Test("text has no number and a number is no text")
    func textAndNumber() {
        let text = codec(.string(registers: 2))
        #expect(text.decode([0x4142, 0x4344]).cause == .notANumber)
        #expect(text.encodeSentinel(.notAvailable) == nil)
        #expect(throws: CodecProblem(.textPoint, point: "point")) { try text.encode(1) }
        #expect(throws: CodecProblem(.numericPoint, point: "point")) { try codec(.bool).encodeText("A") }
        #expect(codec(.unsigned(bits: 16)).decodeText([0x4142]).isEmpty)
    }

    @Test(
        "names a map entry it cannot work with, reads it as not available and will not encode",
        arguments: [
            (
                RegisterType.unsigned(bits: 20), 1.0, 0.0, [Sentinel](),
                CodecProblem.Kind.noSuchType(.unsigned(bits: 20))
            ),
            (.bit(16), 1, 0, [], .noSuchType(.bit(16))),
            (.bit(-1), 1, 0, [], .noSuchType(.bit(-1))),
            (.float(bits: 48), 1, 0, [], .noSuchType(.float(bits: 48))),
            (.binaryCodedDecimal(registers: 5), 1, 0, [], .noSuchType(.binaryCodedDecimal(registers: 5))),
            (.moduloTenThousand(registers: 0), 1, 0, [], .noSuchType(.moduloTenThousand(registers: 0))),
            (.string(registers: 126), 1, 0, [], .noSuchType(.string(registers: 126))),
            (.bool, 0, 0, [], .unusableNumber(key: "scale", 0)),
            (.bool, 1, .infinity, [], .unusableNumber(key: "offset", .infinity)),
            (.signed(bits: 16), 1, 0, [Sentinel(bits: 0x10000)], .sentinelTooWide(0x10000, bits: 16)),
            (.uint8(.low), 1, 0, [Sentinel(bits: 0x100)], .sentinelTooWide(0x100, bits: 8)),
            (.signed(bits: 16), 1, 0, [Sentinel(bits: 1, cause: .none)], .sentinelWithoutCause(1)),
            (.signed(bits: 16), 1, 0, Array(repeating: Sentinel(bits: 1), count: 5), .tooManySentinels(5)),
        ]
    )
    func mapProblems(
        type: RegisterType,
        scale: Double,
        offset: Double,
        sentinels: [Sentinel],
        kind: CodecProblem.Kind
    ) {
        let point = MapPoint(
            name: "p",
            table: .holdingRegister,
            address: 0,
            type: type,
            unit: unit("count"),
            scale: scale,
            offset: offset,
            sentinels: sentinels
        )
        let problem = CodecProblem(kind, point: "p")
        #expect(RegisterCodec.problem(in: point) == problem)
        let codec = RegisterCodec(point)
        let words = [UInt16](repeating: 0, count: max(0, type.registerCount))
        #expect(codec.decode(words).cause == .notAvailable)
        #expect(codec.decode(words).value.isNaN)
        #expect(codec.encodeSentinel(.notAvailable) == nil)
        #expect(throws: problem) { try codec.encode(0, current: [0]) }
        #expect(throws: problem) { try codec.encodeText("") }
    }

    @Test("accepts every type there is")
    func noProblem() {
        let types: [RegisterType] = [.bool, .bit(0), .bit(15), .uint8(.high), .int8(.low), .string(registers: 125)]
        let widths = [16, 24, 32, 48, 64].flatMap { [RegisterType.unsigned(bits: $0), .signed(bits: $0)] }
        for type in types + widths {
            let point = MapPoint(name: "p", table: .inputRegister, address: 0, type: type, unit: unit("count"))
            #expect(RegisterCodec.problem(in: point) == nil)
        }
    }

    @Test("each message says where, what and what to do")
    func messages() {
        func text(_ kind: CodecProblem.Kind) -> String { CodecProblem(kind, point: "speed_command").description }
        #expect(
            text(.doesNotFit(2, holds: 0...1))
                == "speed_command: 2.0 does not fit its registers; give a value from 0.0 to 1.0"
        )
        #expect(
            text(.scaleFactorInvalid(0x8000))
                == "speed_command: its scale-factor register holds -32768; the device must give -10 to 10"
        )
        #expect(
            text(.sentinelTooWide(0x1FFFF, bits: 16))
                == "speed_command: sentinel 0x1FFFF has more than 16 bits; correct the map"
        )
        #expect(
            text(.currentMissing) == "speed_command: it shares its register; read the register first and pass it on"
        )
    }
}
