// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Testing

@Suite("Bits of a register")
struct BitRangeTests {
    static func codec(_ low: Int, _ high: Int, sentinels: [Sentinel] = [], scale: Double = 1) throws -> RegisterCodec {
        let unit = try #require(SourceUnit.named("count"))
        return RegisterCodec(
            MapPoint(
                name: "mode",
                table: .holdingRegister,
                address: 0,
                type: .bits(low: low, high: high),
                unit: unit,
                scale: scale,
                sentinels: sentinels
            )
        )
    }

    @Test(
        "the bits are a number of their own",
        arguments: [
            (0, 3, 0xABCD, 0xD), (4, 7, 0xABCD, 0xC), (8, 15, 0xABCD, 0xAB), (0, 15, 0xABCD, 0xABCD), (1, 2, 0x0004, 2),
            (14, 15, 0x7FFF, 1),
        ]
    )
    func decodes(low: Int, high: Int, word: UInt16, value: Double) throws {
        #expect(try Self.codec(low, high).decode([word]).value == value)
    }

    @Test("writing keeps the other bits, whatever they are", arguments: [0x0000, 0xFFFF, 0x1234, 0xABCD] as [UInt16])
    func encodes(current: UInt16) throws {
        let codec = try Self.codec(4, 7)
        for value in 0...15 {
            let words = try codec.encode(Double(value), current: [current])
            #expect(words == [current & 0xFF0F | UInt16(value) << 4])
            #expect(codec.decode(words).value == Double(value))
        }
        #expect(codec.ownedBits == 0x00F0)
    }

    @Test("what does not fit is refused, and so is writing without the register as it is")
    func refuses() throws {
        let codec = try Self.codec(4, 7)
        #expect(throws: CodecProblem.self) { try codec.encode(16, current: [0]) }
        #expect(throws: CodecProblem.self) { try codec.encode(-1, current: [0]) }
        #expect(throws: CodecProblem.self) { try codec.encode(1) }
        #expect(codec.representableRange == 0...15)
    }

    @Test("a pattern of the bits may mean no value")
    func sentinel() throws {
        let codec = try Self.codec(0, 3, sentinels: [Sentinel(bits: 0xF, cause: .sensorAbsent)])
        #expect(codec.decode([0x123F]).cause == .sensorAbsent)
        #expect(codec.decode([0xF00E]).value == 14)
    }

    @Test(
        "there are no bits beyond a register and no range that runs down",
        arguments: [(3, 3), (4, 2), (0, 16), (-1, 3)]
    )
    func impossible(low: Int, high: Int) throws {
        let codec = try Self.codec(low, high)
        #expect(!codec.decode([1]).isGood)
        #expect(throws: CodecProblem.self) { try codec.encode(1, current: [0]) }
    }
}
