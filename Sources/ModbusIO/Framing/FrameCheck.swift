// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// What a reply must say to answer the request that is under way.
package struct ExpectedReply: Hashable, Sendable {
    /// The data behind unit and function.
    package enum Payload: Hashable, Sendable {
        /// Functions 3 and 4: a byte count and this many registers.
        case registers(Int)
        /// Functions 1 and 2: a byte count and this many bits.
        case bits(Int)
        /// Functions 5, 6, 15, 16 and 22: the first so many bytes of the request's data again.
        case echo([UInt8])
    }

    package let transaction: UInt16
    package let unit: UInt8
    package let function: UInt8
    package let payload: Payload

    package init(transaction: UInt16, unit: UInt8, function: UInt8, payload: Payload) {
        self.transaction = transaction
        self.unit = unit
        self.function = function
        self.payload = payload
    }

    /// The bytes of data behind a byte count, or of an echo.
    var dataCount: Int {
        switch payload {
        case .registers(let count): 2 * count
        case .bits(let count): (count + 7) / 8
        case .echo(let bytes): bytes.count
        }
    }

    var hasByteCount: Bool {
        if case .echo = payload { return false }
        return true
    }

    /// The header's length field of a good reply: unit, function, perhaps a byte count, data.
    var lengthField: Int { 2 + (hasByteCount ? 1 : 0) + dataCount }
}

/// What the bytes at the head of a stream are.
package enum FrameVerdict: Hashable, Sendable {
    /// Nothing is wrong so far; more bytes must come.
    case incomplete
    /// A whole frame of `length` bytes that answers the request.
    case reply(length: Int)
    /// A whole frame of `length` bytes that refuses the request.
    case exception(code: UInt8, length: Int)
    /// A whole frame of `length` bytes that answers an earlier request of ours: to be discarded.
    case late(transaction: UInt16, length: Int)
    /// Not a frame that can follow: the stream is of no more use.
    case malformed(FrameFault)
}

/// Why bytes are not a frame that answers the request.
package enum FrameFault: String, CaseIterable, Hashable, Sendable {
    case protocolIdentifier = "protocol identifier is not 0"
    case lengthField = "length field does not fit the reply"
    case unknownTransaction = "transaction id was never sent"
    case unit = "reply of another unit"
    case function = "reply to another function"
    case byteCount = "byte count does not fit the request"
    case echo = "written address or value is not echoed"
}

/// Judges the bytes at the head of a stream before anything takes them out of it.
///
/// The header is that of MODBUS Messaging on TCP/IP Implementation Guide V1.0b, section 3.1.3. No length from the
/// peer is believed: the header's length, the byte count and the length that the request implies must all agree,
/// and a fault shows as soon as the byte that holds it is there.
package enum FrameCheck {
    /// Bytes in front of the function: transaction id, protocol id, length, unit.
    package static let headerLength = 7
    /// Bytes of the longest frame: 7 of header, 253 of function and data.
    package static let maximumLength = 260

    /// Judges the bytes at the head of a stream.
    ///
    /// - Parameters:
    ///   - bytes: What has arrived, from the first byte of a frame; there may be more than one frame.
    ///   - expected: The reply that is waited for, or nil when no request is under way.
    ///   - isOurs: Whether a transaction id was used for an earlier request whose reply never came.
    /// - Returns: What the frame at the head is, and how long.
    package static func judge(
        _ bytes: Span<UInt8>,
        expected: ExpectedReply?,
        isOurs: (UInt16) -> Bool
    ) -> FrameVerdict {
        guard bytes.count >= 4 else { return .incomplete }
        guard bytes[2] == 0, bytes[3] == 0 else { return .malformed(.protocolIdentifier) }
        guard bytes.count >= 6 else { return .incomplete }
        let length = Int(bytes[4]) << 8 | Int(bytes[5])
        guard length >= 2, length + 6 <= maximumLength else { return .malformed(.lengthField) }
        let transaction = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
        guard let expected, transaction == expected.transaction else {
            guard isOurs(transaction) else { return .malformed(.unknownTransaction) }
            return bytes.count < 6 + length ? .incomplete : .late(transaction: transaction, length: 6 + length)
        }
        return judgeAnswer(bytes, length: length, expected: expected)
    }

    /// Judges a frame whose header carries the transaction id that is waited for.
    private static func judgeAnswer(_ bytes: Span<UInt8>, length: Int, expected: ExpectedReply) -> FrameVerdict {
        guard bytes.count > 6 else { return .incomplete }
        guard bytes[6] == expected.unit else { return .malformed(.unit) }
        guard bytes.count > 7 else { return .incomplete }
        if bytes[7] == expected.function | 0x80 {
            guard length == 3 else { return .malformed(.lengthField) }
            return bytes.count < 9 ? .incomplete : .exception(code: bytes[8], length: 9)
        }
        guard bytes[7] == expected.function else { return .malformed(.function) }
        guard length == expected.lengthField else { return .malformed(.lengthField) }
        if expected.hasByteCount, bytes.count > 8, Int(bytes[8]) != expected.dataCount {
            return .malformed(.byteCount)
        }
        guard bytes.count >= 6 + length else { return .incomplete }
        if case .echo(let echo) = expected.payload {
            for (position, byte) in echo.enumerated() where bytes[8 + position] != byte { return .malformed(.echo) }
        }
        return .reply(length: 6 + length)
    }
}
