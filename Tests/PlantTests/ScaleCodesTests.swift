// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Testing

/// A register whose code tells the unit or the scale of another one.
struct ScaleCodesTests {
    /// Tenths of a degree, Celsius or Fahrenheit as bit 10 says, or whole kelvins.
    static let codes = ScaleCodes(
        shift: 10,
        width: 2,
        cases: [
            .init(code: 0, unit: unit("degC"), scale: 0.1, offset: 0),
            .init(code: 1, unit: unit("degF"), scale: 0.1, offset: 0),
            .init(code: 3, unit: unit("kelvin"), scale: 1, offset: 0),
        ]
    )

    static func point(_ codes: ScaleCodes? = codes, scale: Double = 0.1) -> MapPoint {
        MapPoint(
            name: "temperature",
            table: .holdingRegister,
            address: 7,
            type: .signed(bits: 16),
            unit: unit("degC"),
            scale: scale,
            scaleFactorAddress: 4,
            scaleCodes: codes,
            validRange: -110...150
        )
    }

    // SMC HRX-OM-M091, 4.10: FBB4h is -110.0 degC, F984h is -166.0 degF, 0BCCh is 302.0 degF.
    @Test(
        arguments: [
            (0x0000, 0xFBB4, -110.0), (0x0021, 0x05DC, 150), (0x0400, 0xF984, -110), (0x0610, 0x0BCC, 150),
            (0x0400, 0x0000, -160.0 / 9), (0x0C00, 300, 26.85),
        ] as [(UInt16, UInt16, Double)]
    )
    func theCodeTellsTheUnit(register: UInt16, word: UInt16, value: Double) throws {
        let codec = RegisterCodec(Self.point())
        let decoded = codec.decode([word], scaleFactorWord: register)
        #expect(decoded.isGood && abs(decoded.value - value) < 1e-12, "\(decoded)")
        #expect(try codec.encode(decoded.value, scaleFactorWord: register) == [word])
    }

    @Test func aCodeThatTheMapDoesNotKnowGivesNoValue() {
        let codec = RegisterCodec(Self.point())
        #expect(codec.decode([200], scaleFactorWord: 0x0800).cause == .scaleFactorInvalid)
        #expect(codec.decode([200], scaleFactorWord: nil).cause == .scaleFactorInvalid)
        #expect(throws: CodecProblem(.codeUnknown(0x0800), point: "temperature")) {
            try codec.encode(20, scaleFactorWord: 0x0800)
        }
        #expect(throws: CodecProblem(.scaleFactorInvalid(nil), point: "temperature")) { try codec.encode(20) }
    }

    @Test func rangesAndStepsAreThoseOfTheCode() {
        let codec = RegisterCodec(Self.point())
        #expect(codec.resolution(near: 20, scaleFactorWord: 0) == 0.1)
        #expect(abs(codec.resolution(near: 20, scaleFactorWord: 0x0400) - 0.1 / 1.8) < 1e-15)
        #expect(codec.resolution == codec.resolution(near: 20, scaleFactorWord: 0x0400), "the finest of them")
        #expect(codec.decode([0x0BCC], scaleFactorWord: 0).cause == .outOfRange, "302 degC")
    }

    @Test func aCodeIsPutAmongTheOtherBits() {
        #expect(Self.codes.word(1, in: 0xF0FF) == 0xF4FF && Self.codes.code(0xF4FF) == 1)
        let all = ScaleCodes(shift: 0, width: 16, cases: [])
        #expect(all.word(0xABCD, in: 0x1234) == 0xABCD && all.code(0xABCD) == 0xABCD)
    }

    @Test func aCaseWithoutAScaleIsNoCoding() {
        let broken = ScaleCodes(shift: 0, width: 1, cases: [.init(code: 0, unit: unit("degC"), scale: 0, offset: 0)])
        #expect(RegisterCodec.problem(in: Self.point(broken))?.kind == .unusableNumber(key: "scale", 0))
    }

    /// A site that corrects a sensor by half a degree means it whatever unit the display shows.
    @Test func whatASiteCorrectsHoldsUnderEveryCode() {
        var changed = Self.point()
        changed.offset = 0.5
        changed.carryToCodes(from: Self.point())
        for (register, word) in [(UInt16(0), UInt16(200)), (0x0400, 680), (0x0C00, 293)] {
            let before = RegisterCodec(Self.point()).decode([word], scaleFactorWord: register).value
            let after = RegisterCodec(changed).decode([word], scaleFactorWord: register).value
            #expect(abs(after - before - 0.5) < 1e-12)
        }
    }

    /// A block's decoder gives what the codec of each point does.
    @Test func aBlockIsDecodedWithTheCodeInIt() {
        let decoder = BlockDecoder([Self.point()])
        var values = [DecodedValue.bad(.notYetRead)]
        let words: [UInt16] = [0x0400, 0, 0, 680]
        decoder.decode(words.span, from: 4, 0..<1, into: &values)
        #expect(values[0].isGood && abs(values[0].value - 20) < 1e-12)
    }
}
