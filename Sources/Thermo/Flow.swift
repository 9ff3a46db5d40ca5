// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A volume of fluid per time.
package struct VolumeFlow: LinearQuantity {
    /// The flow in cubic metres per second.
    package let cubicMetersPerSecond: Double

    package init(cubicMetersPerSecond: Double) { self.cubicMetersPerSecond = cubicMetersPerSecond }

    package var baseMagnitude: Double { cubicMetersPerSecond }

    package init(baseMagnitude: Double) { cubicMetersPerSecond = baseMagnitude }

    package init(litersPerMinute: Double) { cubicMetersPerSecond = litersPerMinute / 60_000 }

    package init(litersPerSecond: Double) { cubicMetersPerSecond = litersPerSecond / 1_000 }

    /// The flow in litres per minute.
    package var litersPerMinute: Double { cubicMetersPerSecond * 60_000 }

    /// The flow in litres per second.
    package var litersPerSecond: Double { cubicMetersPerSecond * 1_000 }
}

/// A mass of fluid per time.
package struct MassFlow: LinearQuantity {
    /// The flow in kilograms per second.
    package let kilogramsPerSecond: Double

    package init(kilogramsPerSecond: Double) { self.kilogramsPerSecond = kilogramsPerSecond }

    package var baseMagnitude: Double { kilogramsPerSecond }

    package init(baseMagnitude: Double) { kilogramsPerSecond = baseMagnitude }
}

/// A volume of fluid.
package struct Volume: LinearQuantity {
    /// The volume in cubic metres.
    package let cubicMeters: Double

    package init(cubicMeters: Double) { self.cubicMeters = cubicMeters }

    package var baseMagnitude: Double { cubicMeters }

    package init(baseMagnitude: Double) { cubicMeters = baseMagnitude }

    package init(liters: Double) { cubicMeters = liters / 1_000 }

    /// The volume in litres.
    package var liters: Double { cubicMeters * 1_000 }
}

/// Mass per volume.
package struct Density: LinearQuantity {
    /// The density in kilograms per cubic metre.
    package let kilogramsPerCubicMeter: Double

    package init(kilogramsPerCubicMeter: Double) { self.kilogramsPerCubicMeter = kilogramsPerCubicMeter }

    package var baseMagnitude: Double { kilogramsPerCubicMeter }

    package init(baseMagnitude: Double) { kilogramsPerCubicMeter = baseMagnitude }
}

/// Heat capacity per mass.
package struct SpecificHeat: LinearQuantity {
    /// The specific heat in joules per kilogram and kelvin.
    package let joulesPerKilogramKelvin: Double

    package init(joulesPerKilogramKelvin: Double) { self.joulesPerKilogramKelvin = joulesPerKilogramKelvin }

    package var baseMagnitude: Double { joulesPerKilogramKelvin }

    package init(baseMagnitude: Double) { joulesPerKilogramKelvin = baseMagnitude }
}

/// Heat capacity per volume: density times specific heat.
package struct VolumetricHeatCapacity: LinearQuantity {
    /// The heat capacity in joules per cubic metre and kelvin.
    package let joulesPerCubicMeterKelvin: Double

    package init(joulesPerCubicMeterKelvin: Double) { self.joulesPerCubicMeterKelvin = joulesPerCubicMeterKelvin }

    package var baseMagnitude: Double { joulesPerCubicMeterKelvin }

    package init(baseMagnitude: Double) { joulesPerCubicMeterKelvin = baseMagnitude }
}

/// Mass flow times specific heat, or a thermal conductance UA.
package struct HeatCapacityRate: LinearQuantity {
    /// The rate in watts per kelvin.
    package let wattsPerKelvin: Double

    package init(wattsPerKelvin: Double) { self.wattsPerKelvin = wattsPerKelvin }

    package var baseMagnitude: Double { wattsPerKelvin }

    package init(baseMagnitude: Double) { wattsPerKelvin = baseMagnitude }
}

extension MassFlow {
    package static func * (flow: MassFlow, heat: SpecificHeat) -> HeatCapacityRate {
        HeatCapacityRate(wattsPerKelvin: flow.kilogramsPerSecond * heat.joulesPerKilogramKelvin)
    }
}

extension VolumeFlow {
    package static func * (flow: VolumeFlow, density: Density) -> MassFlow {
        MassFlow(kilogramsPerSecond: flow.cubicMetersPerSecond * density.kilogramsPerCubicMeter)
    }
}

extension Density {
    package static func * (density: Density, heat: SpecificHeat) -> VolumetricHeatCapacity {
        VolumetricHeatCapacity(
            joulesPerCubicMeterKelvin: density.kilogramsPerCubicMeter * heat.joulesPerKilogramKelvin
        )
    }
}

extension VolumeFlow {
    package static func * (flow: VolumeFlow, capacity: VolumetricHeatCapacity) -> HeatCapacityRate {
        HeatCapacityRate(wattsPerKelvin: flow.cubicMetersPerSecond * capacity.joulesPerCubicMeterKelvin)
    }
}

extension HeatCapacityRate {
    package static func * (rate: HeatCapacityRate, difference: TemperatureDifference) -> Power {
        Power(watts: rate.wattsPerKelvin * difference.kelvins)
    }
}

extension Power {
    package static func / (power: Power, rate: HeatCapacityRate) -> TemperatureDifference {
        TemperatureDifference(kelvins: power.watts / rate.wattsPerKelvin)
    }
}
