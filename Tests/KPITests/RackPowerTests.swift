// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import KPI
import Plant
import Testing
import Thermo

@Suite struct RackPowerTests {
    private static let racks = ["rack-01", "rack-02"].map { RackDescription(id: $0, nominalPower: Power(watts: 132e3)) }
    private static let feeds = ["feed-a", "feed-b"].map {
        BenchMeter(device: $0, place: .rack, rated: 150e3, points: .registerAndPower, equipment: "rack-01")
    }

    @Test func aRackIsTheSumOfItsFeeds() throws {
        // TV23: 61.2 kW and 58.9 kW.
        var bench = try MeterBench(Self.feeds, racks: Self.racks)
        var racks: [RackPower] = []
        for second in stride(from: 0.0, through: 300, by: 10) {
            for (feed, watts) in [("feed-a", 61.2e3), ("feed-b", 58.9e3)] {
                bench.set(feed, "active_energy_import", 1e9 + second * watts, at: second)
                bench.set(feed, "active_power", watts, at: second)
            }
            racks = bench.step(at: second).racks
        }
        #expect(racks.map(\.rack) == ["rack-01", "rack-02"])
        #expect(abs(racks[0].power.value - 120_100) < 1e-6)
        #expect(racks[0].power.quality == .good)
        #expect(abs(try #require(racks[0].meanWatts) - 120_100) < 0.1)
        #expect(racks[0].completeness == 1)
        // A rack without a meter has no power rather than zero.
        #expect(racks[1].power.quality == .bad)
        #expect(racks[1].meanWatts == nil)
    }

    @Test func oneFeedThatIsNotGoodMakesTheSumNotGood() throws {
        var bench = try MeterBench(Self.feeds, racks: Self.racks)
        bench.set("feed-a", "active_power", 61.2e3, at: 5)
        bench.set("feed-b", "active_power", 58.9e3, at: 2, quality: .stale)
        let power = bench.step(at: 6).racks[0].power
        #expect(power.quality == .stale)
        #expect(power.sourceTime == MeterBench.time(2))
    }

    @Test func aRackWithoutMetersShowsThePowerOfItsOwnDevice() throws {
        let shelf = BenchMeter(device: "shelf", place: .cooling, rated: 150e3, points: .power, equipment: "rack-02")
        var bench = try MeterBench(Self.feeds + [shelf], racks: Self.racks)
        bench.set("shelf", "active_power", 64e3, at: 5)
        let rack = bench.step(at: 6).racks[1]
        #expect(rack.power == Reading(value: 64e3, sourceTime: MeterBench.time(5)))
        #expect(rack.meanWatts == nil)
    }

    @Test func rackMetersCountInNoKeyFigure() throws {
        let site = MeterBench.site(Self.feeds, racks: Self.racks)
        #expect(Indicator.all(for: site).allSatisfy { $0.meters.isEmpty })
    }
}
