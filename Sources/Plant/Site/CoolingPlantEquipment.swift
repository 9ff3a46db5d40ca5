// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// The facility water loop: it carries heat from CDUs and air handlers to the cooling plant.
package struct FacilityWaterDescription: Hashable, Sendable {
    /// The equipment's identifier in the site.
    package var id: String
    /// Flow with the pumps at full speed.
    package var designFlow: VolumeFlow
    /// Differential pressure of the pumps at design flow.
    package var designHead: Pressure
    /// Electrical power of the pumps at design flow.
    package var pumpPower: Power
    /// Water in the loop; gives its transport delay and its ride-through.
    package var volume: Volume
    /// Supply temperature the plant starts with.
    package var supplySetpoint: Temperature
    /// Coldest supply the loads allow.
    package var supplyMinimum: Temperature
    /// Warmest supply the loads allow.
    package var supplyMaximum: Temperature
    /// Return minus supply that a bypass keeps, where the loads alone would give more; nil without a bypass.
    package var returnRise: TemperatureDifference?

    package init(
        id: String = "facility-water",
        designFlow: VolumeFlow,
        designHead: Pressure = Pressure(kilopascals: 200),
        pumpPower: Power = Power(kilowatts: 100),
        volume: Volume,
        supplySetpoint: Temperature = Temperature(celsius: 20),
        supplyMinimum: Temperature = Temperature(celsius: 15),
        supplyMaximum: Temperature = Temperature(celsius: 26),
        returnRise: TemperatureDifference? = nil
    ) {
        self.id = id
        self.designFlow = designFlow
        self.designHead = designHead
        self.pumpPower = pumpPower
        self.volume = volume
        self.supplySetpoint = supplySetpoint
        self.supplyMinimum = supplyMinimum
        self.supplyMaximum = supplyMaximum
        self.returnRise = returnRise
    }
}

/// One water-cooled chiller.
package struct ChillerDescription: Hashable, Sendable {
    /// The equipment's identifier in the site.
    package var id: String
    /// Evaporator capacity at the rated point.
    package var capacity: Power
    /// Share of the Carnot COP reached at full load, condensing and evaporating 1.5 K off the water.
    package var carnotFraction: Ratio
    /// Part load below which the machine cycles.
    package var minimumLoad: Ratio
    /// Coldest leaving water setpoint it accepts.
    package var leavingWaterMinimum: Temperature
    /// Its maker's curves, which hold in their box; nil where the share of Carnot is all that is known.
    package var curves: ChillerCurveSet?

    package init(
        id: String,
        capacity: Power,
        carnotFraction: Ratio = Ratio(fraction: 0.64),
        minimumLoad: Ratio = Ratio(fraction: 0.10),
        leavingWaterMinimum: Temperature = Temperature(celsius: 5),
        curves: ChillerCurveSet? = nil
    ) {
        self.id = id
        self.capacity = capacity
        self.carnotFraction = carnotFraction
        self.minimumLoad = minimumLoad
        self.leavingWaterMinimum = leavingWaterMinimum
        self.curves = curves
    }
}

/// One cooling tower cell with its fan; cells share the condenser water.
package struct CoolingTowerDescription: Hashable, Sendable {
    /// The equipment's identifier in the site.
    package var id: String
    /// Heat rejected at the rated point.
    package var ratedHeat: Power
    /// Wet bulb of the rated point.
    package var ratedWetBulb: Temperature
    /// Leaving water minus wet bulb at the rated point.
    package var ratedApproach: TemperatureDifference
    /// Entering minus leaving water at the rated point.
    package var ratedRange: TemperatureDifference
    /// Electrical power of the fan at full speed.
    package var fanPower: Power
    /// Dissolved solids of blowdown over make-up, a ratio above 1.
    package var cyclesOfConcentration: Double
    /// What its leaving water follows from.
    package var model: CoolingTowerModel
    /// Share of full speed below which the drive does not go while the fan runs.
    package var minimumFanSpeed: Ratio

    package init(
        id: String,
        ratedHeat: Power,
        ratedWetBulb: Temperature = Temperature(celsius: 25.6),
        ratedApproach: TemperatureDifference = TemperatureDifference(kelvins: 3.9),
        ratedRange: TemperatureDifference = TemperatureDifference(kelvins: 5.6),
        fanPower: Power,
        cyclesOfConcentration: Double = 5,
        model: CoolingTowerModel = .merkel,
        minimumFanSpeed: Ratio = Ratio(fraction: 0.2)
    ) {
        self.id = id
        self.ratedHeat = ratedHeat
        self.ratedWetBulb = ratedWetBulb
        self.ratedApproach = ratedApproach
        self.ratedRange = ratedRange
        self.fanPower = fanPower
        self.cyclesOfConcentration = cyclesOfConcentration
        self.model = model
        self.minimumFanSpeed = minimumFanSpeed
    }
}

/// What a simulated tower's leaving water follows from.
package enum CoolingTowerModel: String, CaseIterable, Hashable, Sendable {
    /// Merkel's theory with part-flow corrections, sized from the rated point.
    case merkel
    /// The YorkCalc correlation, as many published energy models have it; its rated point is 25.6 °C wet bulb, 5.6 K
    /// range and 3.9 K approach.
    case yorkCalc = "york_calc"
}

/// The condenser water loop between towers, chillers and the economizer exchanger.
package struct CondenserWaterDescription: Hashable, Sendable {
    /// The equipment's identifier in the site.
    package var id: String
    /// Flow with all pumps at full speed.
    package var designFlow: VolumeFlow
    /// Electrical power of the pumps at design flow.
    package var pumpPower: Power
    /// Water in basins and pipes.
    package var volume: Volume
    /// Basin temperature below which fans stop.
    package var basinMinimum: Temperature

    package init(
        id: String = "condenser-water",
        designFlow: VolumeFlow,
        pumpPower: Power = Power(kilowatts: 120),
        volume: Volume,
        basinMinimum: Temperature = Temperature(celsius: 6)
    ) {
        self.id = id
        self.designFlow = designFlow
        self.pumpPower = pumpPower
        self.volume = volume
        self.basinMinimum = basinMinimum
    }
}

/// The plate exchanger between condenser water and facility water return.
package struct WaterEconomizerDescription: Hashable, Sendable {
    /// The equipment's identifier in the site.
    package var id: String
    /// Heat exchanged at design flows and approach.
    package var designHeat: Power
    /// Facility water leaving minus condenser water entering at design.
    package var designApproach: TemperatureDifference
    /// Facility water flow at design.
    package var designFlow: VolumeFlow
    /// The exponent of the heat in `approach = design approach (heat / design heat)^exponent`, dimensionless; nil where
    /// the approach follows from plates and flows.
    package var approachExponent: Double?

    package init(
        id: String = "economizer",
        designHeat: Power,
        designApproach: TemperatureDifference = TemperatureDifference(kelvins: 2),
        designFlow: VolumeFlow,
        approachExponent: Double? = nil
    ) {
        self.id = id
        self.designHeat = designHeat
        self.designApproach = designApproach
        self.designFlow = designFlow
        self.approachExponent = approachExponent
    }
}
