// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import PlantSim
import Simulation
import SiteFiles
import TestKit
import Testing
import Thermo

/// The sites under simulators/sites side by side in one climate, under one load.
enum SiteComparison {
    /// A site with what the industry publishes of its kind.
    struct Entry: Sendable, CustomTestStringConvertible {
        let site: String
        let cooling: String
        let published: ClosedRange<Double>?

        var testDescription: String { site }
    }

    static let entries = [
        Entry(site: "legacy-air", cooling: "air, chilled water of 8 °C", published: 1.5...1.8),
        Entry(site: "outdoor-air", cooling: "outdoor air", published: nil),
        Entry(site: "direct-to-chip", cooling: "cold plates, dry coolers with pads", published: 1.1...1.3),
        Entry(site: "hall-10mw", cooling: "cold plates, towers, heat pumps off", published: nil),
        Entry(site: "two-loops", cooling: "cold plates on a warm loop, dry coolers with pads", published: nil),
        Entry(site: "lake", cooling: "cold plates, lake water, heat pumps off", published: nil),
        Entry(site: "immersion", cooling: "immersion, dry coolers", published: 1.02...1.08),
        Entry(site: "pool-28kw", cooling: "immersion, heats a pool", published: nil),
    ]

    /// What some days of a site come to.
    struct Figures {
        var facility = 0.0
        var racks = 0.0
        var water = 0.0
        var exported = 0.0
        /// Sum and number of hourly looks at the warmest water, or air, that leaves the loads, in degrees Celsius.
        var grade = (sum: 0.0, count: 0.0)
        var worstHeat = 0.0

        var pue: Double { facility / racks }
        /// Litres per kilowatt hour of IT.
        var wue: Double { water * 1_000 / racks }
        /// Degrees Celsius.
        var meanGrade: Double { grade.sum / grade.count }
    }

    static func site(_ name: String) throws -> SiteDescription {
        let loaded = SiteFiles.loadSite(
            path: Repository.path("simulators/sites/\(name).yaml"),
            mapDirectories: [Repository.path("devicemaps")]
        )
        return try #require(loaded.value, "\(loaded.problems)")
    }

    /// Runs a site through windows of Frankfurt's synthetic year at 85 % of nominal power, with the shipped control.
    ///
    /// The pool takes its heat all along; the district networks take none, so that PUE tells the cooling alone.
    static func run(_ name: String, from dates: [String], hours: Double) throws -> Figures {
        let site = try site(name)
        let trace = try LoadTrace(commaSeparated: "hours,utilisation\n0,0.7857\n1,0.7857\n")
        let takes = site.plant.heatPumps.isEmpty && site.plant.districtHeating != nil
        var figures = Figures()
        for date in dates {
            let setup = SimulationSetup(
                site: site,
                start: try #require(Timestamp(iso8601: date)),
                duration: .seconds(hours * 3_600),
                plantStep: .seconds(30),
                controlStep: .seconds(30),
                facility: FacilitySettings(profile: .trace(trace)),
                surroundings: RunSurroundings(
                    air: .climate("frankfurt"),
                    events: takes ? [SimulationEvent(after: .zero, kind: .districtPermit(true))] : []
                )
            )
            var run = try #require(SimulatedController.shipped.run(setup).0)
            var next = 3_600.0
            while run.elapsed < setup.duration {
                run.step()
                guard run.elapsed.inSeconds >= next else { continue }
                next += 3_600
                figures.look(at: run.plant.facility, site)
            }
            figures.add(run.result())
        }
        return figures
    }

    /// The page that shows all of them.
    static func page(_ all: [(Entry, SiteDescription, Figures)]) -> String {
        var rows = ""
        for (entry, site, figures) in all {
            let racks = site.plant.racks
            let perRack = racks.reduce(0) { $0 + $1.nominalPower.kilowatts } / Double(racks.count)
            let range =
                entry.published.map {
                    "\(String(format: "%.2f", $0.lowerBound)) to \(String(format: "%.2f", $0.upperBound))"
                }
                ?? ""
            let reused =
                figures.exported > 0 ? String(format: "%.0f %%", 100 * figures.exported / figures.facility) : ""
            let cells = [
                "[\(entry.site)](../../simulators/sites/\(entry.site).yaml)", entry.cooling,
                String(format: "%.0f", perRack), String(format: "%.3f", figures.pue), range,
                String(format: "%.2f", figures.wue), String(format: "%.0f °C", figures.meanGrade), reused,
            ]
            rows += "| " + cells.joined(separator: " | ") + " |\n"
        }
        return header + rows + footer
    }

    private static let header = """
        # Air, cold plates and immersion side by side

        The sites of `simulators/sites`, simulated in one climate under one load: 15 January, April, July and October of
        Frankfurt's synthetic year (seed 1), each for 24 hours in steps of 30 s, racks at 85 % of nominal power, shipped
        control. PUE and WUE are those of the four days together, so close to a year's. No factor is applied anywhere:
        each figure comes out of the components' physics and what the site file states.

        | site | cooling | kW per rack | PUE | published | WUE, L/kWh | heat leaves at | reused |
        |---|---|---|---|---|---|---|---|

        """

    private static let footer = """

        *Heat leaves at*: the mean temperature of what could be recovered: the water that comes back from CDUs or
        tanks, of a hall on chilled water that of its return, of a hall on outdoor air the exhaust air. *Reused*:
        share of the site's energy that a pool took (ERF); the heat pumps of the other sites are off here.

        What stands behind the three classes:

        - Legacy air, 30 kW: UPS of the 1990s in 2N, so at a third of their rating (87 % efficient); CRAH fans and
          pumps at constant speed, more air than the racks draw; supply air of 15 °C and chilled water of 8 °C
          without an economizer; chillers at 48 % of Carnot; 35 kW of light, offices and humidification.
        - Cold plates, 70 kW: 80 % of the heat into coolant of 32 °C, the rest into supply air of 26 °C, so facility
          water of 22 °C: dry coolers alone in the cold half of the year, then their pads, and trim chillers on hot
          days; UPS in double conversion in 2N.
        - Immersion, 200 kW: facility water of 33 °C, dry coolers without pads or chillers all year; UPS on their
          bypass. In double conversion the same hall would be 0.02 to 0.03 higher.

        Ranges published for these classes (industry surveys and vendors' case studies): 1.5 to 1.8, 1.1 to 1.3,
        1.02 to 1.08. The hall on outdoor air and the two with cold plates on towers and lake water stand beside
        them. PUE counts server fans as IT; a hall on air has some 5 to 10 % of its rack power in them, which
        immersion does without, so the true distance is larger than the table shows.

        Record anew with `THERMOCLINE_RECORD=1 swift test --filter SiteComparisonTests`.

        """
}

extension SiteComparison.Figures {
    mutating func look(at facility: Facility, _ site: SiteDescription) {
        var seen = PlantObservation()
        facility.observe(&seen)
        let plant = site.plant
        let hasCoolant = !plant.coolantDistributionUnits.isEmpty || !plant.immersionTanks.isEmpty
        grade.sum +=
            hasCoolant
            ? seen.coolantBranchReturn : plant.facilityWater == nil ? seen.hallReturnAir : seen.facilityWaterReturn
        grade.count += 1
    }

    mutating func add(_ result: SimulationResult) {
        facility += result.energy.facility
        racks += result.energy.informationTechnology
        water += result.energy.water
        exported += result.energy.heatExported
        worstHeat = max(worstHeat, result.closure.worstHeat)
    }
}
