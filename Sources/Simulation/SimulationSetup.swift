// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import PlantSim
package import Thermo

/// One run: which site, in which air, under which load, from when, for how long, in which steps.
package struct SimulationSetup: Sendable {
    package let site: SiteDescription
    package var start: Timestamp
    package var duration: Duration
    package var seed: UInt64
    /// The step of the plant, up to 30 s.
    package var plantStep: Duration
    /// Plant time between two cycles of the controller, a multiple of the plant's step.
    package var controlStep: Duration
    package var facility: FacilitySettings
    package var surroundings: RunSurroundings
    package var limits: ThermalLimits

    package init(
        site: SiteDescription,
        start: Timestamp,
        duration: Duration,
        seed: UInt64 = 1,
        plantStep: Duration = .seconds(10),
        controlStep: Duration = .seconds(10),
        facility: FacilitySettings = FacilitySettings(),
        surroundings: RunSurroundings = RunSurroundings(),
        limits: ThermalLimits? = nil
    ) {
        self.site = site
        self.start = start
        self.duration = duration
        self.seed = seed
        self.plantStep = plantStep
        self.controlStep = controlStep
        self.facility = facility
        self.surroundings = surroundings
        self.limits = limits ?? ThermalLimits(site)
    }
}

/// The temperatures that a run is judged by: what is beyond them counts as a violation.
package struct ThermalLimits: Hashable, Sendable {
    /// Warmest coolant that IT is given.
    package var coolantMaximum: Temperature
    /// What coolant must be warmer than the hall's dew point.
    package var dewPointMargin: TemperatureDifference
    /// Warmest air at rack inlets.
    package var rackInletMaximum: Temperature
    /// Warmest facility water that the loads allow.
    package var facilityWaterMaximum: Temperature
    /// Warmest water that CDUs and tanks with a loop of their own allow.
    package var liquidLoopMaximum: Temperature

    /// Coolant of the site's class with 2 K of deviation, 2 K above the dew point and A2 air at 27 °C (ASHRAE, "Thermal
    /// Guidelines for Data Processing Environments", 5th edition), and the site's own limits of its water loops.
    package init(_ site: SiteDescription) {
        coolantMaximum = Temperature(celsius: Self.coolantClass(site) + 2)
        dewPointMargin = TemperatureDifference(kelvins: 2)
        rackInletMaximum = Temperature(celsius: 27)
        facilityWaterMaximum = site.plant.facilityWater?.supplyMaximum ?? Temperature(celsius: 26)
        liquidLoopMaximum = site.plant.liquidLoop?.facilityWater?.supplyMaximum ?? Temperature(celsius: 60)
    }

    /// The least of the classes W32, W40 and W45, in degrees Celsius, that has room for every CDU's setpoint.
    private static func coolantClass(_ site: SiteDescription) -> Double {
        let warmest = site.plant.coolantDistributionUnits.map(\.coolantSupplySetpoint.celsius).max() ?? 0
        return [32.0, 40].first { warmest <= $0 } ?? 45
    }
}
