// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing
import Thermo

@Suite("Instruments and racks' protection in a whole site", .timeLimit(.minutes(1)))
struct RealismTests {
    static let start = CalendarTime(year: 2_026, month: 3, day: 1, hour: 6).timestamp

    static func facility(_ settings: FacilitySettings = FacilitySettings(), seed: UInt64 = 1) throws -> Facility {
        try #require(Facility.make(site: HallSite.make(), seed: seed, start: start, settings: settings).0)
    }

    @Test("realistic instruments differ from the truth within their class, alike for the same seed")
    func instruments() throws {
        let site = HallSite.make()
        var ideal = try Self.facility()
        var real = try Self.facility(FacilitySettings(sensors: .realistic))
        var twin = try Self.facility(FacilitySettings(sensors: .realistic))
        let supply = try #require(
            site.index(equipment: "facility-water", PointName.facilityWaterSupplyTemperature)
        )
        let flow = try #require(site.index(equipment: "facility-water", PointName.facilityWaterVolumeFlow))
        var differences: [Double] = []
        for _ in 0..<200 {
            ideal.step(dt: .seconds(1))
            real.step(dt: .seconds(1))
            twin.step(dt: .seconds(1))
            let (truth, shown) = (try #require(ideal.value(of: supply)), try #require(real.value(of: supply)))
            #expect(twin.value(of: supply) == shown)
            differences.append(shown - truth)
            let trueFlow = try #require(ideal.value(of: flow))
            #expect(abs(try #require(real.value(of: flow)) / trueFlow - 1) < 0.05)
        }
        #expect(differences.allSatisfy { abs($0) < 0.5 })
        #expect(Set(differences.map { ($0 * 1e6).rounded() }).count > 3)
    }

    @Test("commands and feedbacks are read as they are")
    func feedbacks() throws {
        let site = HallSite.make()
        var ideal = try Self.facility()
        var real = try Self.facility(FacilitySettings(sensors: .realistic))
        for _ in 0..<20 {
            ideal.step(dt: .seconds(1))
            real.step(dt: .seconds(1))
        }
        for point in site.points {
            let name = point.id.point
            guard name.contains("feedback") || name.contains("setpoint") else { continue }
            #expect(ideal.value(of: point.index) == real.value(of: point.index), "\(point.id)")
        }
    }

    @Test("the site says how its instruments read, unless the run does")
    func siteKey() throws {
        let said = HallSite.make(sensors: .realistic)
        let plain = HallSite.make()
        let settings = FacilitySettings()
        #expect(settings.sensors(of: plain) == .ideal && settings.accuracy(of: plain) == .exact)
        #expect(settings.sensors(of: said) == .realistic && settings.accuracy(of: said) == .classHalf)
        #expect(FacilitySettings(sensors: .ideal).sensors(of: said) == .ideal)
        #expect(FacilitySettings(sensors: .ideal).accuracy(of: said) == .exact)
        #expect(FacilitySettings(sensors: .realistic).sensors(of: plain) == .realistic)
        #expect(FacilitySettings(accuracy: .exact).accuracy(of: said) == .exact)
        func readings(_ site: SiteDescription, _ settings: FacilitySettings) throws -> [Double?] {
            var facility = try #require(Facility.make(site: site, seed: 1, start: Self.start, settings: settings).0)
            for _ in 0..<30 { facility.step(dt: .seconds(1)) }
            return site.points.map { facility.value(of: $0.index) }
        }
        let realistic = try readings(said, FacilitySettings())
        #expect(realistic == (try readings(plain, FacilitySettings(sensors: .realistic))))
        let ideal = try readings(plain, FacilitySettings())
        #expect(ideal == (try readings(said, FacilitySettings(sensors: .ideal))))
        #expect(ideal != realistic)
    }

    @Test("racks in a healthy plant draw the same power with and without their protection")
    func protectionCostsNothing() throws {
        var with = try Self.facility()
        var without = try Self.facility(FacilitySettings(limitsRacks: false))
        for _ in 0..<360 {
            with.step(dt: .seconds(10))
            without.step(dt: .seconds(10))
        }
        #expect(with.racks.map(\.power) == without.racks.map(\.power))
        #expect(with.racks.allSatisfy { $0.limit == .none })
    }

    @Test("racks throttle when nothing cools the plant, which holds their coolant")
    func throttling() throws {
        var hall = try RunningHall()
        var hold: [(equipment: String, point: String, value: Double)] = []
        for chiller in hall.site.plant.chillers { hold.append((chiller.id, PointName.enableCommand, 0)) }
        for tower in hall.site.plant.coolingTowers { hold.append((tower.id, PointName.fanSpeedCommand, 0)) }
        let before = hall.facility.racks.reduce(0) { $0 + $1.power }
        hall.run(.seconds(3 * 3_600), step: .seconds(10), hold: hold)
        let after = hall.facility.racks.reduce(0) { $0 + $1.power }
        #expect(hall.facility.racks.contains { $0.limit != .none })
        #expect(after < 0.7 * before)
        hall.facility.resetRacks()
        #expect(hall.facility.racks.allSatisfy { $0.limit != .tripped })
    }
}
