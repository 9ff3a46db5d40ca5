// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Testing

/// Power factors whose register tells more than a ratio.
@Suite("Power factor codings")
struct PowerFactorCodingTests {
    /// The table of the vendor: 1.0625 is a power factor of 0.9375 that leads, -1.0625 one of -0.9375.
    @Test(arguments: [
        (PowerFactorCoding.fourQuadrant, 0.9375, 0.9375), (.fourQuadrant, -0.5, -0.5), (.fourQuadrant, 1, 1),
        (.fourQuadrant, -1, -1), (.fourQuadrant, 1.0625, 0.9375), (.fourQuadrant, -1.0625, -0.9375),
        (.fourQuadrant, 2, 0), (.fourQuadrant, -2, 0), (.fourQuadrant, 0, 0), (.leadLagSign, -0.25, 0.25),
        (.leadLagSign, 0.25, 0.25),
    ])
    func numbersAreUnfolded(coding: PowerFactorCoding, number: Double, powerFactor: Double) {
        #expect(coding.powerFactor(number) == powerFactor)
    }

    @Test(arguments: [2.001, -2.001, .infinity, .nan])
    func whatNoQuadrantHasIsNoPowerFactor(number: Double) {
        #expect(PowerFactorCoding.fourQuadrant.powerFactor(number) == nil)
    }

    static func codec(_ type: RegisterType, _ coding: PowerFactorCoding, scale: Double = 1) -> RegisterCodec {
        RegisterCodec(
            MapPoint(
                name: "power_factor",
                table: .holdingRegister,
                address: 0,
                type: type,
                unit: unit("ratio"),
                scale: scale,
                sentinels: type == .signed(bits: 16) ? [Sentinel(bits: 0x7FFF)] : [],
                powerFactor: coding
            )
        )
    }

    @Test func registersAreScaledFirst() {
        let codec = Self.codec(.signed(bits: 16), .fourQuadrant, scale: 0.001)
        #expect(codec.decode([1_050]).value == 0.95)
        #expect(codec.decode([UInt16(bitPattern: -1_050)]).value == -0.95)
        #expect(codec.decode([2_100]).cause == .outOfRange)
        #expect(codec.decode([0x7FFF]).cause == .notAvailable)
        #expect(Self.codec(.float(bits: 32), .fourQuadrant).decode([0x7FC0, 0]).cause == .notANumber)
        #expect(Self.codec(.float(bits: 32), .fourQuadrant).decode([0x3F88, 0]).value == 0.9375)
    }

    @Test(arguments: PowerFactorCoding.allCases)
    func everyPowerFactorComesBackWithinAStep(coding: PowerFactorCoding) throws {
        for type in [RegisterType.signed(bits: 16), .float(bits: 32)] {
            let codec = Self.codec(type, coding, scale: type == .signed(bits: 16) ? 0.001 : 1)
            let range = try #require(codec.representableRange)
            #expect(range == coding.values)
            for position in 0...1_000 {
                let value = range.lowerBound + (range.upperBound - range.lowerBound) * Double(position) / 1_000
                let again = codec.decode(try codec.encode(value))
                #expect(abs(again.value - value) <= 0.000_5, "\(value) came back as \(again)")
            }
            #expect(throws: CodecProblem.self) { try codec.encode(1.01) }
        }
    }

    @Test func aBlockReadsThemAsOnePointDoes() {
        let points = PowerFactorCoding.allCases.map { coding in
            MapPoint(
                name: coding.rawValue,
                table: .holdingRegister,
                address: 0,
                type: .signed(bits: 16),
                unit: unit("ratio"),
                scale: 0.001,
                powerFactor: coding
            )
        }
        let decoder = BlockDecoder(points)
        var values = Array(repeating: DecodedValue.bad(.notYetRead), count: points.count)
        for word in stride(from: UInt16.min, through: .max, by: 7) {
            decoder.decode([word].span, from: 0, 0..<points.count, into: &values)
            for (value, point) in zip(values, points) {
                let alone = RegisterCodec(point).decode([word])
                let isSame = value.cause == alone.cause && value.value.bitPattern == alone.value.bitPattern
                if !isSame { Issue.record("\(point.name) \(hex([word])): \(value), alone \(alone)") }
            }
        }
    }
}
