// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A seeded random generator: the same seed and stream give the same numbers on every machine.
///
/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014). Each part of the
/// plant draws from a stream of its own, so adding a rack does not change what the others do.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    /// Makes the generator of one named part of the plant: `job/hall-1/2`.
    ///
    /// The name is folded into the seed with FNV-1a, 64 bits (RFC 9923).
    package init(seed: UInt64, stream: String) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in stream.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        state = seed ^ hash
        state = next()
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number in 0..<1 with 53 random bits.
    package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A number between the bounds, each as likely as another.
    package mutating func uniform(_ bounds: ClosedRange<Double>) -> Double {
        bounds.lowerBound + unit() * (bounds.upperBound - bounds.lowerBound)
    }

    /// A nearly normal number with mean 0 and standard deviation 1, never beyond 6.
    ///
    /// The sum of twelve uniform numbers less six (Irwin-Hall): only additions, so every machine gives the same bits.
    package mutating func normal() -> Double {
        var sum = -6.0
        for _ in 0..<12 { sum += unit() }
        return sum
    }
}
