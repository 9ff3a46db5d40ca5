// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Observe
import Plant
import Testing

@Suite("Status report")
struct SummaryTests {
    static func summary(replacing changes: [String: Reading] = [:]) -> [String: ReadingReport] {
        let site = ExampleSite.site()
        let record = ExampleSite.record(of: site, image: ExampleSite.image(of: site, replacing: changes))
        let report = StatusLayout(site: site, version: "1").report(record)
        return Dictionary(uniqueKeysWithValues: report.summary.map { ($0.name, $0.reading) })
    }

    @Test func `shows what the site has and nothing else`() {
        #expect(
            Self.summary().keys.sorted() == [
                "highest_coolant_supply_temperature", "outdoor_dry_bulb_temperature", "outdoor_wet_bulb_temperature",
            ]
        )
    }

    /// 20 °C at 50 % and 101.325 kPa has a wet bulb of 13.7 °C (ASHRAE psychrometric chart number 1).
    @Test func `computes the wet bulb`() throws {
        let wetBulb = try #require(Self.summary()["outdoor_wet_bulb_temperature"]?.value)
        #expect(abs(wetBulb - 13.7) < 0.1)
    }

    @Test func `a computed value is no better than its worst input`() {
        let stale = Reading(value: 0.5, quality: .stale, cause: .tooOld, sourceTime: ExampleSite.start - .seconds(9))
        let wetBulb = Self.summary(replacing: ["weather/outdoor_relative_humidity": stale])[
            "outdoor_wet_bulb_temperature"
        ]
        #expect(wetBulb?.quality == "stale")
        #expect(wetBulb?.cause == "inputs not good")
        #expect(wetBulb?.ageSeconds == 9)
        let bad = Reading.bad(.sensorAbsent, at: ExampleSite.start)
        let none = Self.summary(replacing: ["weather/outdoor_relative_humidity": bad])["outdoor_wet_bulb_temperature"]
        #expect(none?.value == nil)
        #expect(none?.quality == "bad")
    }

    @Test(
        arguments: [
            (
                [1, 1], Reading(value: 64_000, quality: .good, cause: .none, sourceTime: ExampleSite.start), 154_250.5,
                "good"
            ),
            (
                [1, -1], Reading(value: 64_000, quality: .good, cause: .none, sourceTime: ExampleSite.start), 26_250.5,
                "good"
            ),
            ([1, 1], Reading.bad(.timeout, at: ExampleSite.start), nil, "bad"),
        ] as [([Int], Reading, Double?, String)]
    )
    func `site power is the sum of all meters at the boundary`(
        signs: [Int],
        second: Reading,
        watts: Double?,
        quality: String
    ) throws {
        let plain = ExampleSite.site()
        let meters = zip(["meter-1", "meter-2"], signs).map { device, sign in
            MeterDescription(device: device, place: .boundary, carrier: .electricity, ratedRate: 1e6, sign: sign)
        }
        let site = SiteDescription(
            id: plain.id,
            name: plain.name,
            endpoints: plain.endpoints,
            maps: plain.maps,
            devices: plain.devices,
            meters: meters
        )
        let image = ExampleSite.image(of: site, replacing: ["meter-2/active_power": second])
        let report = StatusLayout(site: site, version: "1").report(ExampleSite.record(of: site, image: image))
        let power = try #require(report.summary.first { $0.name == "boundary_power" }).reading
        #expect(power.value == watts)
        #expect(power.quality == quality)
    }

    @Test func `a rack without a meter is shown with a bad reading`() throws {
        let latest = ExampleSite.latest()
        let record = try #require(latest.snapshot().record)
        let racks = StatusLayout(site: latest.site, version: "1").report(record).racks
        #expect(racks.map(\.id) == ["rack-1", "rack-2"])
        #expect(racks.map(\.power.value) == [90_250.5, 64_000])
        #expect(racks.map(\.power.quality) == ["good", "stale"])
        #expect(racks.allSatisfy { $0.inletAirTemperature == nil })
    }
}
