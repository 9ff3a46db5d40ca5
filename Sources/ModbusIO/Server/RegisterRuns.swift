// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The registers or bits of one table that a served device has: a few runs of words instead of 65,536.
struct RegisterRuns: Sendable {
    private struct Run {
        let start: Int
        var words: [UInt16]

        var end: Int { start + words.count }
    }

    /// In ascending order, at least one address apart.
    private var runs: [Run] = []

    /// Lays out zeros over all ranges.
    ///
    /// - Parameters:
    ///   - ranges: The addresses points stand at, in any order.
    ///   - bridging: Gaps of up to so many addresses between two ranges become registers that read zero.
    ///   - avoiding: Ranges that no such gap may touch.
    init(_ ranges: [Range<Int>], bridging: Int, avoiding: [Range<Int>]) {
        var merged: [Range<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, last.upperBound >= range.lowerBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else if let last = merged.last, range.lowerBound - last.upperBound <= bridging,
                !avoiding.contains(where: { $0.overlaps(last.upperBound..<range.lowerBound) })
            {
                merged[merged.count - 1] = last.lowerBound..<range.upperBound
            } else {
                merged.append(range)
            }
        }
        runs = merged.map { Run(start: $0.lowerBound, words: Array(repeating: 0, count: $0.count)) }
    }

    /// The words at the addresses; nil where any of them does not exist.
    subscript(_ addresses: Range<Int>) -> ArraySlice<UInt16>? {
        guard let run = run(of: addresses) else { return nil }
        return runs[run].words[addresses.lowerBound - runs[run].start..<addresses.upperBound - runs[run].start]
    }

    /// Puts words at an address; those beyond what exists are dropped.
    mutating func store(_ words: [UInt16], at address: Int) {
        guard let run = run(of: address..<address + words.count) else { return }
        let offset = address - runs[run].start
        for (position, word) in words.enumerated() { runs[run].words[offset + position] = word }
    }

    private func run(of addresses: Range<Int>) -> Int? {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].end <= addresses.lowerBound { low = middle + 1 } else { high = middle }
        }
        guard low < runs.count, runs[low].start <= addresses.lowerBound, runs[low].end >= addresses.upperBound else {
            return nil
        }
        return low
    }
}
