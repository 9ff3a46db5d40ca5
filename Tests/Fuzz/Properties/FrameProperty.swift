// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO

/// Judges bytes as the reply to a request and asks of the verdict what the standard says of a frame.
///
/// The input: kind of request, count, transaction id, unit, function, then the stream. A kind of 3 or more means
/// that no request is under way. Transaction ids up to eight before the request's count as asked earlier.
enum FrameProperty {
    static func check(_ bytes: [UInt8]) throws(Violation) {
        var source = ByteSource(bytes)
        let expected = request(&source)
        let newest = expected?.transaction ?? source.word()
        let stream = source.rest()
        let verdict = judge(stream, expected, newest)
        try check(verdict, of: stream, expected, newest)
        try checkPrefixes(of: stream, verdict, expected, newest)
        let more = judge(stream + [0, 0xFF, 0], expected, newest)
        try Violation.unless(verdict == .incomplete || more == verdict, "\(verdict), with more behind it \(more)")
    }

    private static func judge(_ stream: [UInt8], _ expected: ExpectedReply?, _ newest: UInt16) -> FrameVerdict {
        FrameCheck.judge(stream.span, expected: expected) { (1...8).contains(newest &- $0) }
    }

    private static func request(_ source: inout ByteSource) -> ExpectedReply? {
        let kind = source.byte() % 4
        let count = Int(source.byte())
        guard kind < 3 else { return nil }
        let transaction = source.word()
        let unit = source.byte()
        let function = source.byte() & 0x7F
        let payload: ExpectedReply.Payload =
            switch kind {
            case 0: .registers(1 + count % 125)
            case 1: .bits(1 + count * 8 % 2_000)
            default: .echo((0..<4 + count % 3 * 2).map { UInt8(truncatingIfNeeded: $0) })
            }
        return ExpectedReply(transaction: transaction, unit: unit, function: function, payload: payload)
    }

    private static func check(
        _ verdict: FrameVerdict,
        of stream: [UInt8],
        _ expected: ExpectedReply?,
        _ newest: UInt16
    ) throws(Violation) {
        func word(_ position: Int) -> UInt16 { UInt16(stream[position]) << 8 | UInt16(stream[position + 1]) }
        switch verdict {
        case .incomplete:
            let isShort = stream.count < 6 || stream.count < 6 + Int(word(4))
            try Violation.unless(isShort && stream.count < FrameCheck.maximumLength, "a whole frame is incomplete")
        case .malformed:
            return
        case .late(let transaction, let length):
            try checkHeader(stream, length)
            try Violation.unless(word(0) == transaction && transaction != expected?.transaction, "late by its id")
            try Violation.unless((1...8).contains(newest &- transaction), "late, but never asked")
        case .exception(let code, let length):
            try checkHeader(stream, length)
            guard let expected else { throw Violation(text: "an exception that nothing asked for") }
            try Violation.unless(length == 9 && code == stream[8], "an exception of \(length) bytes")
            try Violation.unless(
                word(0) == expected.transaction && stream[6] == expected.unit
                    && stream[7] == expected.function | 0x80,
                "the exception of another request"
            )
        case .reply(let length):
            try checkHeader(stream, length)
            guard let expected else { throw Violation(text: "a reply that nothing asked for") }
            try Violation.unless(
                word(0) == expected.transaction && stream[6] == expected.unit && stream[7] == expected.function,
                "the reply to another request"
            )
            try checkData(Array(stream[8..<length]), expected.payload)
        }
    }

    private static func checkHeader(_ stream: [UInt8], _ length: Int) throws(Violation) {
        try Violation.unless(
            (8...FrameCheck.maximumLength).contains(length) && stream.count >= length,
            "a frame of \(length) bytes in \(stream.count)"
        )
        try Violation.unless(stream[2] == 0 && stream[3] == 0, "another protocol")
        try Violation.unless(Int(stream[4]) << 8 | Int(stream[5]) == length - 6, "a length other than the header's")
    }

    private static func checkData(_ data: [UInt8], _ payload: ExpectedReply.Payload) throws(Violation) {
        switch payload {
        case .registers(let count):
            try Violation.unless(data.count == 1 + 2 * count && Int(data[0]) == 2 * count, "not \(count) registers")
        case .bits(let count):
            let bytes = (count + 7) / 8
            try Violation.unless(data.count == 1 + bytes && Int(data[0]) == bytes, "not \(count) bits")
        case .echo(let echo):
            try Violation.unless(data == echo, "not the echo")
        }
    }

    /// A verdict never changes by what arrives later; until it is reached the frame is incomplete.
    private static func checkPrefixes(
        of stream: [UInt8],
        _ verdict: FrameVerdict,
        _ expected: ExpectedReply?,
        _ newest: UInt16
    ) throws(Violation) {
        for count in 0..<min(stream.count, FrameCheck.maximumLength) {
            let early = judge(Array(stream[..<count]), expected, newest)
            try Violation.unless(early == .incomplete || early == verdict, "\(early) at \(count), then \(verdict)")
        }
    }
}
