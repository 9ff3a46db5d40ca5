// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// The temperature of a lake, a river or the sea at an intake.
///
/// The mixed upper layer follows the air like a first-order lag, `ρ c h dT/dt = K (T_air - T)`: the equilibrium
/// temperature of Edinger, Brady and Geyer ("Heat Exchange and Transport in the Environment", Johns Hopkins 1974) with
/// the air's own temperature in its place, so sun and wind are left out and a real body may be some kelvins warmer in
/// summer. Exchange coefficient `K` = 30 W/(m² K), a usual value for light wind. A layer of 2 m (river) has a time
/// constant of 3 days, 10 m (lake) 16 days, 25 m (coastal sea) 40 days. A deep intake draws a share of water of
/// constant temperature from below. Water does not cool below its freezing point. Exact for air that holds over the
/// step.
package struct AmbientWaterBody: Hashable, Sendable {
    /// What is drawn on: how deep it mixes, what lies below, when it freezes.
    package struct Kind: Hashable, Sendable {
        /// Depth of the mixed layer in metres.
        package var mixedDepth: Double
        /// Share of the intake that comes from below the mixed layer.
        package var deepShare: Ratio
        /// Temperature of the water below.
        package var deepTemperature: Temperature
        /// The coldest it gets.
        package var freezing: Temperature

        package init(
            mixedDepth: Double,
            deepShare: Ratio = .zero,
            deepTemperature: Temperature = Temperature(celsius: 6),
            freezing: Temperature = Temperature(celsius: 0.2)
        ) {
            self.mixedDepth = mixedDepth
            self.deepShare = deepShare
            self.deepTemperature = deepTemperature
            self.freezing = freezing
        }

        package static let river = Kind(mixedDepth: 2)
        /// Intake in the mixed layer.
        package static let lake = Kind(mixedDepth: 10)
        /// Intake mostly below the thermocline, 6 °C all year.
        package static let deepLake = Kind(mixedDepth: 10, deepShare: Ratio(fraction: 0.9))
        package static let sea = Kind(mixedDepth: 25, freezing: Temperature(celsius: -1.5))
    }

    package let kind: Kind
    /// The mixed layer at the end of the last step.
    package private(set) var surface: Temperature

    private static let exchangeCoefficient = 30.0
    private static let shallowest = 0.1

    package init(_ kind: Kind, initial: Temperature) {
        self.kind = kind
        surface = max(initial, kind.freezing)
    }

    /// Time constant of the mixed layer, in seconds.
    package var timeConstant: Double {
        let water = LoopFluid.water
        return (water.density * water.specificHeat).joulesPerCubicMeterKelvin
            * max(kind.mixedDepth, Self.shallowest) / Self.exchangeCoefficient
    }

    /// Water at the intake at the end of the last step.
    package var intake: Temperature {
        let deep = kind.deepShare.fraction
        return Temperature(celsius: surface.celsius * (1 - deep) + kind.deepTemperature.celsius * deep)
    }

    /// Moves on by `dt` seconds under air of a dry bulb; one that is not a number changes nothing.
    package mutating func step(dryBulb: Temperature, dt: Double) {
        guard dryBulb.isFinite else { return }
        let change = (dryBulb - surface).kelvins * -Libm.expm1(-dt / timeConstant)
        surface = max(Temperature(celsius: surface.celsius + change), kind.freezing)
    }
}
