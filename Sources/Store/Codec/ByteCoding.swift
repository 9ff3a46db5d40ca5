// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Bytes that are not what the format says.
struct CodecError: Error {
    let detail: String
}

/// Collects bytes: fixed-width numbers, and whole numbers seven bits a byte, the least significant first.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    var count: Int { bytes.count }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func append(byte: UInt8) { bytes.append(byte) }

    mutating func append(contentsOf other: [UInt8]) { bytes.append(contentsOf: other) }

    /// Appends a number that is small as a rule: one byte below 128.
    mutating func append(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func append(count: Int) { append(UInt64(count)) }

    /// Appends a signed number that is near zero as a rule: one byte for -64...63.
    mutating func append(signed number: Int64) { append(ZigZag.encode(number)) }

    /// Appends eight bytes, the least significant first.
    mutating func append(fixed number: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}

/// Reads what ``ByteWriter`` wrote; every step is checked against the end.
struct ByteReader {
    private let bytes: [UInt8]
    private var position: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = 0
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func byte() throws(CodecError) -> UInt8 {
        guard position < bytes.count else { throw CodecError(detail: "a record ends too early") }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func bytes(_ count: Int) throws(CodecError) -> [UInt8] {
        guard count >= 0, count <= bytes.count - position else {
            throw CodecError(detail: "a record ends too early")
        }
        defer { position += count }
        return Array(bytes[position..<(position + count)])
    }

    mutating func number() throws(CodecError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            guard shift < 63 || (shift == 63 && next <= 1) else { throw CodecError(detail: "a number is too long") }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
            shift += 7
        }
    }

    /// Reads a count that must not exceed `limit`.
    mutating func count(limit: Int) throws(CodecError) -> Int {
        let value = try number()
        guard value <= UInt64(limit) else { throw CodecError(detail: "a count of \(value) where at most \(limit) fit") }
        return Int(value)
    }

    mutating func signed() throws(CodecError) -> Int64 { ZigZag.decode(try number()) }

    mutating func fixed() throws(CodecError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            value |= UInt64(try byte()) << shift
        }
        return value
    }
}

/// Maps signed numbers to unsigned ones so that those near zero stay small: 0, -1, 1, -2 become 0, 1, 2, 3.
enum ZigZag {
    static func encode(_ number: Int64) -> UInt64 { UInt64(bitPattern: (number << 1) ^ (number >> 63)) }

    static func decode(_ number: UInt64) -> Int64 { Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1) }
}

/// The check sum of zlib, PNG and Ethernet (ISO 3309, polynomial 0xEDB88320 reflected).
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { (index: UInt32) in
        (0..<8).reduce(index) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var value: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            value = table[Int((value ^ UInt32(byte)) & 0xFF)] ^ (value >> 8)
        }
        return value ^ 0xFFFF_FFFF
    }
}
