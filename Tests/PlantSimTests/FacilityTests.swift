// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

struct FacilityTests {
    private let site = SmallSite.make()

    private func facility(seed: UInt64 = 7, settings: FacilitySettings = FacilitySettings()) throws -> Facility {
        let (facility, problems) = Facility.make(
            site: site,
            seed: seed,
            start: SmallSite.start,
            settings: settings
        )
        #expect(problems.isEmpty)
        return try #require(facility)
    }

    private func value(_ facility: Facility, _ device: String, _ point: String) throws -> Double {
        let index = try #require(site.index(of: PointID(device: device, point: point)))
        return try #require(facility.value(of: index))
    }

    /// Over a day of steps, what the boundary takes in is what UPS output, losses, cooling and auxiliaries use.
    @Test func energyBalanceClosesOverADay() throws {
        var facility = try facility()
        var boundary = 0.0
        var parts = 0.0
        for _ in 0..<86_400 {
            facility.step(dt: .seconds(1))
            let flows = facility.flows
            boundary += flows.boundary
            parts += flows.uninterruptibleOutput + flows.uninterruptibleLoss + flows.transformerLoss
            parts += flows.cooling + flows.auxiliary
        }
        #expect(abs(boundary - parts) <= 1e-9 * boundary)
        #expect(boundary > 0.3 * 8 * 132_000 * 86_400)
        #expect((1.1...1.3).contains(facility.flows.boundary / facility.flows.uninterruptibleOutput))
    }

    /// The registers of two boundary meters together move by the energy that crossed the boundary.
    @Test func registersConserveEnergyOverRollover() throws {
        var facility = try facility()
        let ids = ["boundary-a", "boundary-b", "meter-rack-1"]
        var before = try ids.map { try value(facility, $0, "active_energy_import") }
        var moved = [0.0, 0.0, 0.0]
        var trueBoundary = 0.0
        var trueRack = 0.0
        let rollover = 3.6e10
        for _ in 0..<2 * 8_640 {
            facility.step(dt: .seconds(10))
            trueBoundary += facility.flows.boundary * 10
            trueRack += facility.racks[0].power * 10
            for (position, id) in ids.enumerated() {
                let now = try value(facility, id, "active_energy_import")
                moved[position] += now >= before[position] ? now - before[position] : now + rollover - before[position]
                before[position] = now
            }
        }
        #expect(trueBoundary > 2 * rollover)
        #expect(abs(moved[0] + moved[1] - trueBoundary) <= 2 * 3.6e4)
        #expect(abs(moved[2] - trueRack) <= 3.6e4)
    }

    @Test func everyMeterShowsItsBranch() throws {
        var facility = try facility()
        facility.step(dt: .seconds(1))
        let racks = facility.racks.map(\.power)
        #expect(try value(facility, "meter-rack-3", "active_power") == racks[2])
        #expect(abs(try value(facility, "hall-1-pdu", "active_power") - racks[0..<4].reduce(0, +)) < 1e-6)
        #expect(try value(facility, "ups-a", "active_power") == facility.flows.uninterruptibleOutput)
        #expect(try value(facility, "cooling-1", "active_power") == facility.flows.cooling)
        #expect(try value(facility, "boundary-a", "active_power") == facility.flows.boundary / 2)
        #expect(abs(racks.reduce(0, +) - facility.flows.informationTechnology) < 1e-6)
    }

    @Test func electricalQuantitiesAgreeWithEachOther() throws {
        var facility = try facility()
        for _ in 0..<600 { facility.step(dt: .seconds(1)) }
        for device in ["boundary-a", "ups-a", "meter-rack-2"] {
            let power = try value(facility, device, "active_power")
            let voltage = try value(facility, device, "voltage")
            let current = try value(facility, device, "current")
            let factor = try value(facility, device, "power_factor")
            #expect(abs(3 * voltage * current * factor - power) < 1e-6 * power)
            #expect((215...245).contains(voltage))
            #expect((49.8...50.2).contains(try value(facility, device, "frequency")))
        }
    }

    @Test func rackHeatIsItsPowerSplitByTheLiquidShare() throws {
        var facility = try facility()
        facility.step(dt: .seconds(1))
        for rack in facility.racks {
            #expect((0.30 * 132_000...132_000).contains(rack.power))
            #expect(abs(rack.liquidHeat - 0.87 * rack.power) < 1e-6)
            #expect(abs(rack.liquidHeat + rack.airHeat - rack.power) < 1e-6)
        }
    }

    /// The ripple left of the iterations' swing is about one percent of what load moves, whatever the step.
    @Test(arguments: [1.0, 10])
    func rackPowerRipplesAroundItsLoad(step: Double) throws {
        var facility = try facility()
        var changes: [Double] = []
        for _ in 0..<4_000 {
            facility.step(dt: .seconds(step))
            // Racks 1 and 2 carry one job: only their ripple differs from a constant ratio.
            let shares = facility.racks[0...1].map { ($0.power / 132_000 - 0.3) / 0.7 }
            changes.append(shares[0] - shares[1])
        }
        #expect((0.010...0.022).contains(deviation(changes)))
    }

    @Test func sameSeedGivesTheSameBitsAndAnotherSeedOthers() throws {
        func bits(seed: UInt64) throws -> [UInt64] {
            var facility = try facility(seed: seed, settings: FacilitySettings(accuracy: .classHalf))
            var bits: [UInt64] = []
            for _ in 0..<2_000 {
                facility.step(dt: .seconds(1))
                for point in site.points { bits.append((facility.value(of: point.index) ?? .nan).bitPattern) }
            }
            return bits
        }
        let first = try bits(seed: 42)
        #expect(first == (try bits(seed: 42)))
        #expect(first != (try bits(seed: 43)))
    }

    @Test func copyIsASnapshot() throws {
        var facility = try facility()
        for _ in 0..<100 { facility.step(dt: .seconds(1)) }
        var copy = facility
        for _ in 0..<100 { facility.step(dt: .seconds(1)) }
        for _ in 0..<100 { copy.step(dt: .seconds(1)) }
        #expect(copy.flows == facility.flows)
        #expect(copy.time == facility.time)
    }

    @Test func classHalfMeterIsOffByItsGainAndNoise() throws {
        var facility = try facility(settings: FacilitySettings(accuracy: .classHalf))
        var ratios: [Double] = []
        for _ in 0..<3_000 {
            facility.step(dt: .seconds(1))
            ratios.append(try value(facility, "ups-a", "active_power") / facility.flows.uninterruptibleOutput)
        }
        #expect((0.995...1.005).contains(mean(ratios)))
        #expect((0.0018...0.0022).contains(deviation(ratios)))
    }

    @Test func commandShowsUntilThePlantHasASignalForIt() throws {
        var facility = try facility()
        let index = try #require(site.index(of: PointID(device: "ups-a", point: "alarm_threshold")))
        #expect(facility.value(of: index) == nil)
        facility.apply(index, value: 250_000)
        #expect(facility.value(of: index) == 250_000)
    }

    @Test func siteWithoutLoadOrWithImpossibleRacksIsRefusedWithReasons() {
        let empty = SiteDescription(id: "empty", endpoints: [], maps: [], devices: [])
        let refused = Facility.make(site: empty, seed: 1, start: SmallSite.start)
        #expect(refused.0 == nil)
        #expect(refused.problems.map(\.subject) == ["site"])

        let odd = SiteDescription(
            id: "odd",
            endpoints: [],
            maps: [],
            devices: [],
            plant: PlantComposition(racks: [
                RackDescription(id: "rack-1", nominalPower: .zero, liquidShare: Ratio(fraction: 1.2))
            ])
        )
        let problems = Facility.make(site: odd, seed: 1, start: SmallSite.start).problems
        #expect(problems.map(\.subject) == ["rack-1", "rack-1"])
    }
}
