// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// What flows in a liquid loop, with its properties as functions of temperature at 300 kPa.
///
/// Polynomials fitted to CoolProp 8.0.0: water to IAPWS-95, ``propyleneGlycol25`` to its fluid `APG` at 25 %
/// **by volume**, the coolant that makers of liquid-cooled racks prescribe (25 % by mass is another fluid). The
/// greatest deviation stands with each function. From 0.1 to 1 MPa the density of water rises by 0.04 % and its
/// specific heat falls by 0.08 %.
///
/// Outside ``validTemperatures`` a property keeps its value at the nearest end: an overheated or frozen reading
/// gives a slightly wrong heat, never an absurd one. NaN gives NaN.
package enum Coolant: String, CaseIterable, Sendable, Codable {
    case water
    /// 25 % propylene glycol by volume; freezes at -10 °C.
    case propyleneGlycol25 = "propylene_glycol_25"

    /// The temperatures the fits cover.
    package var validTemperatures: ClosedRange<Temperature> {
        switch self {
        case .water: Temperature(celsius: 0.5)...Temperature(celsius: 95)
        case .propyleneGlycol25: Temperature(celsius: -5)...Temperature(celsius: 90)
        }
    }

    /// The density; within 0.005 % (water) and 0.001 % (glycol).
    package func density(at temperature: Temperature) -> Density {
        let t = temperature.clamped(to: validTemperatures).celsius
        let kilogramsPerCubicMeter =
            switch self {
            case .water: 999.9956 + t * (0.049_26 + t * (-7.4944e-3 + t * (4.191_59e-5 + t * -1.353_31e-7)))
            case .propyleneGlycol25: 1_031.24 + t * (-0.317_67 + t * -2.5373e-3)
            }
        return Density(kilogramsPerCubicMeter: kilogramsPerCubicMeter)
    }

    /// The specific heat at constant pressure; within 0.01 % (water) and 0.001 % (glycol).
    package func specificHeat(at temperature: Temperature) -> SpecificHeat {
        let t = temperature.clamped(to: validTemperatures).celsius
        let joulesPerKilogramKelvin =
            switch self {
            case .water:
                4_217.95
                    + t * (-3.1792 + t * (0.097_296_7 + t * (-1.4621e-3 + t * (1.164_36e-5 + t * -3.6099e-8))))
            case .propyleneGlycol25: 3_863.51 + t * 2.4683
            }
        return SpecificHeat(joulesPerKilogramKelvin: joulesPerKilogramKelvin)
    }

    /// Density times specific heat, both at one temperature.
    ///
    /// For a heat meter use ``heat(of:from:to:meteredAt:)``: this product at the mean temperature is off by
    /// 0.4 % where the loop has a difference of 20 K.
    package func volumetricHeatCapacity(at temperature: Temperature) -> VolumetricHeatCapacity {
        density(at: temperature) * specificHeat(at: temperature)
    }

    /// The dynamic viscosity in pascal seconds; within 0.25 % (water) and 0.001 % (glycol).
    package func dynamicViscosityPascalSeconds(at temperature: Temperature) -> Double {
        let t = temperature.clamped(to: validTemperatures).celsius
        switch self {
        case .water:
            return Libm.exp(-6.327_38 + t * (-0.033_957 + t * (2.877_38e-4 + t * (-1.966_45e-6 + t * 6.415_14e-9))))
        case .propyleneGlycol25:
            return Libm.exp(-5.217_94 + t * (-0.045_099 + t * (3.071_17e-4 + t * -1.001_82e-6)))
        }
    }

    /// The mass carried by a metered volume flow.
    ///
    /// - Parameters:
    ///   - flow: What the flow sensor reads.
    ///   - sensorTemperature: The temperature of the fluid inside the sensor.
    /// - Returns: The mass flow, the same everywhere along the pipe.
    package func massFlow(of flow: VolumeFlow, meteredAt sensorTemperature: Temperature) -> MassFlow {
        flow * density(at: sensorTemperature)
    }

    /// The heat a metered flow takes up between entering and leaving, negative where it cools down.
    ///
    /// Density at the temperature of the flow sensor, specific heat at the mean temperature. That follows the
    /// enthalpy difference, which EN 1434-1 demands of a heat meter, within 0.03 % (water, 60 to 40 °C, 0.6 MPa);
    /// a nominal 4.186 MJ/m³K is off by 0.9 to 1.8 % there, and water properties for glycol by 2 to 5 %.
    ///
    /// - Parameters:
    ///   - flow: What the flow sensor reads.
    ///   - entering: The temperature of the fluid entering the heat source.
    ///   - leaving: The temperature of the fluid leaving it.
    ///   - sensorTemperature: The temperature of the fluid inside the flow sensor, so that of the pipe it sits in.
    /// - Returns: The heat rate.
    package func heat(
        of flow: VolumeFlow,
        from entering: Temperature,
        to leaving: Temperature,
        meteredAt sensorTemperature: Temperature
    ) -> Power {
        let rise = leaving - entering
        return massFlow(of: flow, meteredAt: sensorTemperature) * specificHeat(at: entering + rise / 2) * rise
    }
}
