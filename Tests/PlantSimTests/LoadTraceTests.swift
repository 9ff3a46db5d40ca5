// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

@Suite("Load traces and mixed load")
struct LoadTraceTests {
    static let start = CalendarTime(year: 2_026, month: 3, day: 4).timestamp

    @Test("reads columns in any order, with straight lines between rows, and repeats")
    func values() throws {
        let trace = try LoadTrace(commaSeparated: "job,utilisation,hours\na,0.2,5\nb,0.8,6\nc,0.2,7\n")
        #expect(trace.length == 7_200)
        for (seconds, expected) in [(0.0, 0.2), (1_800, 0.5), (3_600, 0.8), (5_400, 0.5), (7_200, 0.2), (9_000, 0.5)] {
            #expect(abs(trace.value(at: seconds) - expected) < 1e-12)
        }
        #expect(abs(trace.mean(from: 0, to: 72_000) - 0.5) < 1e-12)
    }

    @Test("a long step is the mean of short ones, across the repeat too")
    func exact() throws {
        let trace = try LoadTrace(commaSeparated: "seconds,utilisation\n0,0.3\n7,0.9\n31,0.4\n50,0.3\n")
        var coarse = TraceLoad(trace)
        var fine = TraceLoad(trace)
        _ = coarse.step(to: Self.start, dt: 0)
        _ = fine.step(to: Self.start, dt: 0)
        for step in 1...20 {
            let whole = coarse.step(to: Self.start + .seconds(step * 30), dt: 30)
            let parts = (1...30).map { fine.step(to: Self.start + .seconds(step * 30 - 30 + $0), dt: 1) }
            #expect(abs(whole - parts.reduce(0, +) / 30) < 1e-12)
        }
    }

    @Test(
        "text that is no trace says where and why",
        arguments: [
            ("", "line 1: no columns seconds (or hours) and utilisation"),
            ("seconds,utilisation\n0,0.5\n", "fewer than two rows; give a course of utilisation"),
            ("seconds,utilisation\n0,0.5\n10,1.2\n", "line 3: no time, or no utilisation of 0 to 1"),
            ("seconds,utilisation\n5,0.5\n5,0.6\n", "line 3: the time is not after that of the row before"),
        ]
    )
    func wrong(text: String, message: String) {
        let error = #expect(throws: InputTextError.self) { try LoadTrace(commaSeparated: text) }
        #expect(error?.description == message)
    }

    @Test("mixed load lies between its parts", arguments: [0.0, 0.3, 1])
    func mixed(share: Double) {
        var load = MixedLoad(trainingShare: Ratio(fraction: share), random: SplitMix64(seed: 2))
        var sum = 0.0
        for step in 1...8_640 { sum += load.step(to: Self.start + .seconds(step * 10), dt: 10) }
        // A weekday of inference has a mean of 0.67, training one of 0.90.
        #expect(abs(sum / 8_640 - (share * 0.90 + (1 - share) * 0.67)) < 0.05)
    }

    @Test("a site follows the trace it is given", .timeLimit(.minutes(1)))
    func facility() throws {
        let trace = try LoadTrace(commaSeparated: "seconds,utilisation\n0,0.4\n600,0.4\n1200,0.4\n")
        let settings = FacilitySettings(profile: .trace(trace))
        let made = Facility.make(site: SmallSite.make(), seed: 1, start: Self.start, settings: settings)
        var facility = try #require(made.0)
        facility.step(dt: .seconds(10))
        for rack in facility.racks {
            let nominal = rack.description.nominalPower.watts
            let idle = rack.description.idleShare.fraction
            #expect(abs(rack.power / nominal - (idle + (1 - idle) * 0.4)) < 0.06)
        }
    }
}

@Suite("Vintages of the power chain")
struct PowerChainVintageTests {
    static func efficiency(_ vintage: PowerChainVintage, load: Double) -> Double {
        let rating = Power(megawatts: 1)
        let chain = PowerChain(
            ElectricalDescription(
                transformerRating: rating,
                uninterruptibleRating: rating,
                distributionRating: rating,
                auxiliary: .zero
            ),
            vintage: vintage
        )
        let output = load * 1e6
        return output / (output + chain.uninterruptible.loss(output: output))
    }

    @Test(
        "each UPS has the efficiency of its kind",
        arguments: [
            (PowerChainVintage.modern, 0.5, 0.967), (.ecoMode, 0.5, 0.990), (.ecoMode, 1, 0.991), (.legacy, 1, 0.897),
            (.legacy, 0.5, 0.893), (.legacy, 0.2, 0.837),
        ]
    )
    func uninterruptible(vintage: PowerChainVintage, load: Double, expected: Double) {
        #expect(abs(Self.efficiency(vintage, load: load) - expected) < 0.003)
    }

    @Test("an older chain never loses less", arguments: [0.1, 0.3, 0.5, 0.8, 1])
    func order(load: Double) {
        #expect(Self.efficiency(.legacy, load: load) < Self.efficiency(.modern, load: load))
        #expect(Self.efficiency(.modern, load: load) < Self.efficiency(.ecoMode, load: load))
    }
}
