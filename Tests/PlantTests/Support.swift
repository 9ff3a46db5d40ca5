// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// A generator that gives the same numbers for the same seed (SplitMix64; Steele, Lea and Flood, OOPSLA 2014).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// The unit with this spelling; a test that misspells one fails by its values.
func unit(_ spelling: String) -> SourceUnit { SourceUnit.named(spelling) ?? SourceUnit("?", .count, .nan) }

/// A codec for a holding register with these properties.
func codec(
    _ type: RegisterType,
    _ spelling: String = "count",
    words: WordOrder = .highFirst,
    bytes: ByteOrder = .highFirst,
    scale: Double = 1,
    offset: Double = 0,
    hasScaleFactor: Bool = false,
    sentinels: [Sentinel] = [],
    validRange: ClosedRange<Double>? = nil
) -> RegisterCodec {
    RegisterCodec(
        MapPoint(
            name: "point",
            table: .holdingRegister,
            address: 0,
            type: type,
            wordOrder: words,
            byteOrder: bytes,
            unit: unit(spelling),
            scale: scale,
            offset: offset,
            scaleFactorAddress: hasScaleFactor ? 100 : nil,
            sentinels: sentinels,
            validRange: validRange
        )
    )
}

/// The four ways two orders combine, in the usual letters for 32 bits: ABCD, CDAB, BADC, DCBA.
let allOrders: [(words: WordOrder, bytes: ByteOrder)] = [
    (.highFirst, .highFirst), (.lowFirst, .highFirst), (.highFirst, .lowFirst), (.lowFirst, .lowFirst),
]

func hex(_ words: [UInt16]) -> String { words.map { "0x" + String($0, radix: 16) }.joined(separator: " ") }
