// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Counts durations in fixed buckets, as a Prometheus histogram wants them; plain bytes that are cheap to copy.
package struct DurationHistogram: Hashable, Sendable {
    /// The upper bounds of all buckets but the last, which has none, in nanoseconds: 0.5 ms to 10 s in steps of 1-2-5.
    package static let bounds: [Int64] = [
        500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000, 100_000_000, 200_000_000,
        500_000_000, 1_000_000_000, 2_000_000_000, 5_000_000_000, 10_000_000_000,
    ]
    private static let bucketCount = 15

    private var counts: [15 of Int]
    /// All durations together, in nanoseconds.
    package private(set) var sumNanoseconds: Int64
    /// The longest duration, in nanoseconds.
    package private(set) var maximumNanoseconds: Int64

    package init() {
        counts = InlineArray(repeating: 0)
        sumNanoseconds = 0
        maximumNanoseconds = 0
    }

    /// Counts a duration; a negative one as 0.
    package mutating func record(nanoseconds: Int64) {
        let duration = max(0, nanoseconds)
        sumNanoseconds &+= duration
        maximumNanoseconds = max(maximumNanoseconds, duration)
        var bucket = 0
        while bucket < Self.bucketCount - 1, duration > Self.upperBound(bucket) { bucket += 1 }
        counts[bucket] += 1
    }

    /// How many durations lie in each bucket, the last one open at the top; not cumulative.
    package var buckets: [Int] { (0..<Self.bucketCount).map { counts[$0] } }

    /// How many durations were counted.
    package var count: Int { buckets.reduce(0, +) }

    /// All durations together, in seconds.
    package var sumSeconds: Double { Double(sumNanoseconds) / 1e9 }

    /// The upper bounds of all buckets but the last, in seconds: the `le` labels.
    package static var boundsInSeconds: [Double] { bounds.map { Double($0) / 1e9 } }

    /// How many durations are no longer than each bound; the total comes last.
    package var cumulative: [Int] {
        var sum = 0
        return buckets.map { count in
            sum += count
            return sum
        }
    }

    /// Without a heap access, for the poller's inner loop; agrees with ``bounds``.
    private static func upperBound(_ bucket: Int) -> Int64 {
        let decade: [5 of Int64] = [500_000, 5_000_000, 50_000_000, 500_000_000, 5_000_000_000]
        switch bucket % 3 {
        case 0: return decade[bucket / 3]
        case 1: return 2 * decade[bucket / 3]
        default: return 4 * decade[bucket / 3]
        }
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.buckets == right.buckets && left.sumNanoseconds == right.sumNanoseconds
            && left.maximumNanoseconds == right.maximumNanoseconds
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(buckets)
        hasher.combine(sumNanoseconds)
    }
}
