// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import PlantSim
import Testing

struct SplitMix64Tests {
    /// The first outputs for seed 1234567, as published with the reference implementation.
    @Test func givesThePublishedSequence() {
        var random = SplitMix64(seed: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        #expect(expected.map { _ in random.next() } == expected)
    }

    @Test func streamsOfOneSeedDiffer() {
        var first = SplitMix64(seed: 1, stream: "rack/a")
        var second = SplitMix64(seed: 1, stream: "rack/b")
        var again = SplitMix64(seed: 1, stream: "rack/a")
        let values = (first.next(), second.next(), again.next())
        #expect(values.0 != values.1)
        #expect(values.0 == values.2)
    }

    @Test func uniformNumbersStayInTheirBoundsAndSpreadEvenly() {
        var random = SplitMix64(seed: 5)
        let values = (0..<20_000).map { _ in random.uniform(-2...6) }
        #expect(values.allSatisfy { (-2...6).contains($0) })
        #expect(abs(mean(values) - 2) < 0.05)
        #expect(abs(deviation(values) - 8 / 12.squareRoot()) < 0.05)
    }

    @Test func normalNumbersHaveMeanZeroAndDeviationOne() {
        var random = SplitMix64(seed: 6)
        let values = (0..<20_000).map { _ in random.normal() }
        #expect(abs(mean(values)) < 0.03)
        #expect(abs(deviation(values) - 1) < 0.03)
    }
}

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

func deviation(_ values: [Double]) -> Double {
    let middle = mean(values)
    return (values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(values.count)).squareRoot()
}
