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
}
