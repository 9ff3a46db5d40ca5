// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Testing
import Thermo

/// What must hold in every cycle of every closed loop, whatever the sequences do.
struct SafetyWatch {
    private let points: ControlledPoints
    private let interlocks: PlantInterlocks
    private let units: [CoolantDistributionUnitDescription]
    private let supplyMaximum: Double
    private let supplySetpoint: Double
    private var coldSince: Duration?

    /// How far facility water may be below its setpoint for longer than ``coldTime``, in kelvins.
    private static let coldBand = 2.0
    private static let coldTime = Duration.seconds(600)

    /// How far a CDU's coolant may be from its setpoint, in kelvins (vendors' alarm band).
    private static let coolantBand = 2.0

    init(_ site: SiteDescription) {
        points = ControlledPoints(site: site)
        interlocks = PlantInterlocks(site: site, points: points)
        units = site.plant.coolantDistributionUnits
        supplyMaximum = site.plant.facilityWater?.supplyMaximum.celsius ?? .infinity
        supplySetpoint = site.plant.facilityWater?.supplySetpoint.celsius ?? -.infinity
    }

    /// One cycle; where the agent does not hold the plant, its devices may cool more than is wanted.
    mutating func check(_ plant: VirtualSite, isControlled: Bool = true) {
        // What the devices hold now, tested as if it had been proposed.
        let held = ProposedSet(values: points.points.map { plant.image[$0.index].usableValue })
        let violations = interlocks.violations(plant.image, held)
        #expect(violations.isEmpty, "\(violations.map(\.rawValue)) at \(plant.elapsed)")
        for unit in units {
            guard let supply = plant.value(unit.id, PointName.coolantSupplyTemperature),
                let setpoint = plant.value(unit.id, PointName.coolantSupplyTemperatureSetpoint)
            else {
                Issue.record("\(unit.id) shows no coolant supply at \(plant.elapsed)")
                continue
            }
            #expect(abs(supply - setpoint) <= Self.coolantBand, "\(unit.id) at \(plant.elapsed)")
            if let dewPoint = plant.value("hall-1", PointName.hallDewPointTemperature) {
                #expect(supply > dewPoint, "condensation at \(unit.id) at \(plant.elapsed)")
            }
        }
        let water = plant.value("facility-water", PointName.facilityWaterSupplyTemperature) ?? .infinity
        #expect(water <= supplyMaximum, "facility water at \(plant.elapsed)")
        if isControlled { checkNotTooCold(water, at: plant.elapsed) }
    }

    private mutating func checkNotTooCold(_ water: Double, at elapsed: Duration) {
        guard water < supplySetpoint - Self.coldBand else {
            coldSince = nil
            return
        }
        let since = coldSince ?? elapsed
        coldSince = since
        #expect(elapsed - since <= Self.coldTime, "facility water is \(water) °C at \(elapsed)")
    }
}
