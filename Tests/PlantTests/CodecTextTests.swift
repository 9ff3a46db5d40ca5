// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Testing

@Suite("Register text")
struct CodecTextTests {
    @Test(
        "reads and writes two characters a register in every order",
        arguments: zip(
            allOrders.indices,
            [[0x4142, 0x4344], [0x4344, 0x4142], [0x4241, 0x4443], [0x4443, 0x4241]] as [[UInt16]]
        )
    )
    func orders(order: Int, words: [UInt16]) throws {
        let codec = codec(.string(registers: 2), words: allOrders[order].words, bytes: allOrders[order].bytes)
        #expect(codec.decodeText(words) == "ABCD")
        #expect(codec.decodeText(words.span) == "ABCD")
        #expect(try codec.encodeText("ABCD") == words)
    }

    @Test(
        "drops zeros and blanks around the text",
        arguments: [
            ([0x4142, 0x4300], "ABC"), ([0x4142, 0x2020], "AB"), ([0x2020, 0x4142], "AB"), ([0x0000, 0x4142], "AB"),
            ([0x4120, 0x4200], "A B"), ([0x4100, 0x4242], "A"), ([0x4120, 0x0042], "A"), ([0x0000, 0x0000], ""),
            ([0x2020, 0x2020], ""),
        ] as [([UInt16], String)]
    )
    func trimming(words: [UInt16], text: String) {
        #expect(codec(.string(registers: 2)).decodeText(words) == text)
    }

    @Test("takes bytes that are not UTF-8 as ISO 8859-1")
    func encodings() {
        #expect(codec(.string(registers: 2)).decodeText([0xC2B0, 0x4300]) == "°C")
        #expect(codec(.string(registers: 1)).decodeText([0xB043]) == "°C")
    }

    @Test("shows control characters as U+FFFD")
    func controlCharacters() {
        #expect(codec(.string(registers: 2)).decodeText([0x411B, 0x5B42]) == "A\u{FFFD}[B")
        #expect(codec(.string(registers: 1)).decodeText([0x419B]) == "A\u{FFFD}")
    }

    @Test("fills up with zeros and comes back", arguments: ["", "A", "PM5110", "18 °C", "exactly ten"])
    func roundTrip(text: String) throws {
        let codec = codec(.string(registers: 6))
        let words = try codec.encodeText(text)
        #expect(words.count == 6)
        #expect(codec.decodeText(words) == text)
    }

    @Test("refuses text that is too long or holds control characters")
    func refusals() {
        let codec = codec(.string(registers: 2))
        #expect(throws: CodecProblem(.textTooLong(bytes: 5, holds: 4), point: "point")) {
            try codec.encodeText("ABCDE")
        }
        #expect(throws: CodecProblem(.textTooLong(bytes: 5, holds: 4), point: "point")) {
            try codec.encodeText("18°C")
        }
        #expect(throws: CodecProblem(.controlCharacter, point: "point")) { try codec.encodeText("A\u{0}") }
    }

    @Test("a wrong number of words has no text")
    func wrongCount() {
        #expect(codec(.string(registers: 2)).decodeText([0x4142]).isEmpty)
    }

    @Test(
        "reads and writes one character a register, in either half",
        arguments: [
            (ByteHalf.high, ByteOrder.highFirst, [0x4A00, 0x4B00, 0x3100]),
            (.low, .highFirst, [0x004A, 0x004B, 0x0031]),
            (.low, .lowFirst, [0x4A00, 0x4B00, 0x3100]),
        ] as [(ByteHalf, ByteOrder, [UInt16])]
    )
    func oneCharacterARegister(half: ByteHalf, bytes: ByteOrder, words: [UInt16]) throws {
        let codec = codec(.characters(registers: 3, half), bytes: bytes)
        #expect(codec.registerCount == 3 && codec.textCapacity == 3)
        #expect(codec.decodeText(words) == "JK1")
        #expect(try codec.encodeText("JK1") == words)
        #expect(codec.decodeText(try codec.encodeText("J")) == "J")
        #expect(throws: CodecProblem(.textTooLong(bytes: 4, holds: 3), point: "point")) { try codec.encodeText("JK12") }
        #expect(codec.decode(words).cause == .notANumber)
    }

    @Test("does not look at the half of a register that holds no character")
    func otherHalf() {
        #expect(codec(.characters(registers: 2, .low)).decodeText([0xFF41, 0x2042]) == "AB")
    }

    @Test(
        "reads and writes versions field by field, from the highest bit on",
        arguments: [
            ([4, 4, 8], [0x120C], "1.2.12"), ([4, 4, 4, 4], [0xF019], "15.0.1.9"), ([8, 8], [0x0203], "2.3"),
            ([16, 16, 16], [1, 10, 65_535], "1.10.65535"), ([8, 8, 16], [0x0102, 0x0304], "1.2.772"),
        ] as [([Int], [UInt16], String)]
    )
    func versions(widths: [Int], words: [UInt16], text: String) throws {
        let codec = codec(.version(widths: widths))
        #expect(codec.decodeText(words) == text)
        #expect(try codec.encodeText(text) == words)
        #expect(codec.textCapacity == nil && codec.decode(words).cause == .notANumber)
    }

    @Test(
        "refuses what is no version of these fields",
        arguments: ["1.2", "1.2.3.4", "16.2.3", "1..3", "1.2.a", "-1.2.3"]
    )
    func noVersion(text: String) {
        #expect(throws: CodecProblem(.notAVersion(text), point: "point")) {
            try codec(.version(widths: [4, 4, 8])).encodeText(text)
        }
    }

    @Test(
        "there is no version of other fields",
        arguments: [[16], [4, 4, 4], [8, 8, 8], [17, 15], [0, 16], [16, 16, 16, 16, 16], []]
    )
    func noSuchVersion(widths: [Int]) {
        let type = RegisterType.version(widths: widths)
        let point = MapPoint(name: "v", table: .holdingRegister, address: 0, type: type, unit: unit("count"))
        #expect(RegisterCodec.problem(in: point)?.kind == .noSuchType(type))
    }
}
