// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Testing

@Suite struct FrameCheckTests {
    /// Reads holding registers, two of them, of unit 17, as transaction 0x1234.
    static let two = ExpectedReply(transaction: 0x1234, unit: 17, function: 3, payload: .registers(2))
    static let tenBits = ExpectedReply(transaction: 0x1234, unit: 17, function: 1, payload: .bits(10))
    static let single = ExpectedReply(transaction: 0x1234, unit: 17, function: 6, payload: .echo([0, 5, 0xAB, 0xCD]))

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var expected: ExpectedReply? = two
        let bytes: String
        let verdict: FrameVerdict
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "a good reply", bytes: "1234 0000 0007 11 03 04 000A 000B", verdict: .reply(length: 13)),
        Case(name: "bits", expected: tenBits, bytes: "1234 0000 0005 11 01 02 FF03", verdict: .reply(length: 11)),
        Case(
            name: "the echo of a write",
            expected: single,
            bytes: "1234 0000 0006 11 06 0005 ABCD",
            verdict: .reply(length: 12)
        ),
        Case(
            name: "the echo of another value",
            expected: single,
            bytes: "1234 0000 0006 11 06 0005 ABCE",
            verdict: .malformed(.echo)
        ),
        Case(
            name: "a good reply with more behind it",
            bytes: "1234 0000 0007 11 03 04 000A 000B 1235 0000",
            verdict: .reply(length: 13)
        ),
        Case(name: "nothing", bytes: "", verdict: .incomplete),
        Case(name: "half a header", bytes: "1234 0000 00", verdict: .incomplete),
        Case(name: "a header only", bytes: "1234 0000 0007 11", verdict: .incomplete),
        Case(name: "all but the last byte", bytes: "1234 0000 0007 11 03 04 000A 00", verdict: .incomplete),
        Case(name: "an exception", bytes: "1234 0000 0003 11 83 02", verdict: .exception(code: 2, length: 9)),
        Case(name: "an exception without its code yet", bytes: "1234 0000 0003 11 83", verdict: .incomplete),
        Case(
            name: "an exception that is too long",
            bytes: "1234 0000 0004 11 83 02 00",
            verdict: .malformed(.lengthField)
        ),
        Case(
            name: "the exception of another function",
            bytes: "1234 0000 0003 11 84 02",
            verdict: .malformed(.function)
        ),
        Case(
            name: "a byte count that promises more",
            bytes: "1234 0000 0007 11 03 FA 000A 000B",
            verdict: .malformed(.byteCount)
        ),
        Case(
            name: "a byte count that promises less",
            bytes: "1234 0000 0007 11 03 02 000A 000B",
            verdict: .malformed(.byteCount)
        ),
        Case(
            name: "a header that promises more",
            bytes: "1234 0000 0009 11 03 04 000A 000B",
            verdict: .malformed(.lengthField)
        ),
        Case(
            name: "a header that promises less",
            bytes: "1234 0000 0005 11 03 04 000A 000B",
            verdict: .malformed(.lengthField)
        ),
        Case(
            name: "header and byte count lie alike",
            bytes: "1234 0000 0009 11 03 06 000A 000B",
            verdict: .malformed(.lengthField)
        ),
        Case(name: "a length of 1", bytes: "1234 0000 0001 11", verdict: .malformed(.lengthField)),
        Case(name: "a length of 255", bytes: "1234 0000 00FF 11", verdict: .malformed(.lengthField)),
        Case(name: "a length of 65535", bytes: "1234 0000 FFFF", verdict: .malformed(.lengthField)),
        Case(
            name: "another protocol",
            bytes: "1234 0001 0007 11 03 04 000A 000B",
            verdict: .malformed(.protocolIdentifier)
        ),
        Case(name: "another protocol, half of the id", bytes: "1234 8000", verdict: .malformed(.protocolIdentifier)),
        Case(name: "another unit", bytes: "1234 0000 0007 12 03 04 000A 000B", verdict: .malformed(.unit)),
        Case(name: "another function", bytes: "1234 0000 0007 11 04 04 000A 000B", verdict: .malformed(.function)),
        Case(
            name: "a late reply, whatever it holds",
            bytes: "1233 0000 0005 12 04 02 0001",
            verdict: .late(transaction: 0x1233, length: 11)
        ),
        Case(name: "half a late reply", bytes: "1233 0000 0005 12 04 02 00", verdict: .incomplete),
        Case(
            name: "a reply nobody asked for",
            bytes: "0000 0000 0007 11 03 04 000A 000B",
            verdict: .malformed(.unknownTransaction)
        ),
        Case(
            name: "a late reply while nothing is under way",
            expected: nil,
            bytes: "1233 0000 0003 11 83 02",
            verdict: .late(transaction: 0x1233, length: 9)
        ),
        Case(
            name: "an unasked reply while nothing is under way",
            expected: nil,
            bytes: "1234 0000 0003 11 83 02",
            verdict: .malformed(.unknownTransaction)
        ),
        Case(name: "text", bytes: "4854 5450 2F31 2E31 2034 3030", verdict: .malformed(.protocolIdentifier)),
    ]

    @Test(arguments: cases) func judges(_ example: Case) {
        #expect(judge(hex(example.bytes), example.expected) == example.verdict)
    }

    /// Half a frame never reads as a whole one, and never hides a fault that the whole one has.
    @Test(arguments: cases) func judgesEveryPrefixAsIncompleteOrAsTheWhole(_ example: Case) {
        let bytes = hex(example.bytes)
        for count in bytes.indices {
            let verdict = judge(Array(bytes[..<count]), example.expected)
            #expect(verdict == .incomplete || verdict == example.verdict, "\(count) bytes")
        }
    }

    /// Any bytes at all: a reply is only what fits the request in every field, and lengths stay within a frame.
    @Test(arguments: 0..<50) func believesNoBytes(_ seed: UInt64) {
        var random = TestGenerator(seed: seed)
        let good = hex("1234 0000 0007 11 03 04 000A 000B")
        for _ in 0..<2_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                bytes[Int.random(in: 0..<9, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            bytes += (0..<Int.random(in: 0...247, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
            }
            switch judge(bytes, Self.two) {
            case .reply(let length):
                #expect(length == 13 && Array(bytes[..<9]) == Array(good[..<9]))
            case .exception(_, let length):
                #expect(length == 9 && bytes[7] == 0x83)
            case .late(let transaction, let length):
                #expect(transaction == 0x1233 && length <= min(bytes.count, 260))
            case .incomplete:
                #expect(bytes.count < 260)
            case .malformed:
                #expect(Array(bytes[..<9]) != Array(good[..<9]))
            }
        }
    }

    private func judge(_ bytes: [UInt8], _ expected: ExpectedReply?) -> FrameVerdict {
        FrameCheck.judge(bytes.span, expected: expected) { $0 == 0x1233 }
    }

    private func hex(_ text: String) -> [UInt8] {
        let digits = text.filter { $0 != " " }
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { position in
            let start = digits.index(digits.startIndex, offsetBy: position)
            return UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16)
        }
    }
}

/// Random numbers that are the same in every run.
struct TestGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D
    }
}
