// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Takes numbers from a fuzzer's bytes; zeros once they are used up, so that every input means something.
struct ByteSource {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isEmpty: Bool { position >= bytes.count }

    mutating func byte() -> UInt8 {
        guard position < bytes.count else { return 0 }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func word() -> UInt16 {
        let high = byte()
        return UInt16(high) << 8 | UInt16(byte())
    }

    mutating func bits64() -> UInt64 { (0..<4).reduce(0) { bits, _ in bits << 16 | UInt64(word()) } }

    /// One of these, by the next byte.
    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[Int(byte()) % choices.count] }

    /// All that is left.
    mutating func rest() -> [UInt8] {
        defer { position = bytes.count }
        return Array(bytes[min(position, bytes.count)...])
    }
}
