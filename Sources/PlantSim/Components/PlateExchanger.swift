// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// A counterflow plate exchanger whose conductance follows both flows.
///
/// Effectiveness-NTU in steady state; `1/UA = 1/hA_hot + 1/hA_cold`, equal at design, each `hA` with flow^0.8
/// (turbulent plates: Modelica Buildings Library, `Fluid.HeatExchangers.BaseClasses.HADryCoil` and `PlateHeatExchanger
/// EffectivenessNTU`). No thermal mass of its own; put a ``MixedVolume`` behind it where that matters.
package struct PlateExchanger: Hashable, Sendable {
    /// Which end the design approach belongs to.
    package enum ApproachEnd: Hashable, Sendable {
        /// Hot fluid leaving minus cold fluid entering.
        case cold
        /// Hot fluid entering minus cold fluid leaving.
        case hot
    }

    /// What an exchanger does with two streams.
    package struct Outputs: Hashable, Sendable {
        /// Heat from hot to cold, negative where the "cold" side is the warmer.
        package let heat: Power
        /// Hot side behind the exchanger, mixed with what went round it.
        package let hotLeaving: Temperature
        /// Cold side behind the exchanger, mixed with what went round it.
        package let coldLeaving: Temperature
        /// Share of the greatest heat that the flows through the plates could exchange.
        package let effectiveness: Ratio
    }

    /// Conductance at design flows.
    package let designConductance: HeatCapacityRate
    package let hotDesignFlow: MassFlow
    package let coldDesignFlow: MassFlow
    package let hotFluid: LoopFluid
    package let coldFluid: LoopFluid
    /// Share of the conductance left by fouling.
    package var cleanliness = Ratio.full
    /// The stated approach, in place of the conductance; nil for plates.
    package var approachCurve: ApproachCurve?

    /// Sizes an exchanger from its design point.
    ///
    /// The temperature difference at the other end follows from the flows; below 0.1 K, which no exchanger reaches, it
    /// counts as 0.1 K.
    package init(
        designHeat: Power,
        approach: TemperatureDifference,
        at end: ApproachEnd = .cold,
        hotDesignFlow: MassFlow,
        coldDesignFlow: MassFlow,
        hotFluid: LoopFluid = .water,
        coldFluid: LoopFluid = .water
    ) {
        let hotFall = designHeat.watts / hotFluid.capacityRate(hotDesignFlow).wattsPerKelvin
        let coldRise = designHeat.watts / coldFluid.capacityRate(coldDesignFlow).wattsPerKelvin
        let near = max(approach.kelvins, 0.1)
        let far = max(end == .cold ? near + hotFall - coldRise : near - hotFall + coldRise, 0.1)
        let isEven = abs(near - far) < 1e-6 * near
        let mean = isEven ? (near + far) / 2 : (near - far) / Libm.log(near / far)
        designConductance = HeatCapacityRate(wattsPerKelvin: designHeat.watts / mean)
        self.hotDesignFlow = hotDesignFlow
        self.coldDesignFlow = coldDesignFlow
        self.hotFluid = hotFluid
        self.coldFluid = coldFluid
    }

    /// Brings two streams together.
    ///
    /// - Parameters:
    ///   - hot: The whole hot stream, upstream of the valve.
    ///   - cold: The whole cold stream.
    ///   - hotShare: Share of the hot stream that goes through the plates; the rest goes round and mixes behind.
    ///   - coldShare: The same for the cold stream.
    /// - Returns: Heat and leaving temperatures; no heat where a side stands still.
    package func exchange(
        hot: FluidStream,
        cold: FluidStream,
        hotShare: Ratio = .full,
        coldShare: Ratio = .full
    ) -> Outputs {
        let hotWhole = hot.flow.kilogramsPerSecond * hotFluid.specificHeat.joulesPerKilogramKelvin
        let coldWhole = cold.flow.kilogramsPerSecond * coldFluid.specificHeat.joulesPerKilogramKelvin
        let hotRate = hotWhole * min(max(hotShare.fraction, 0), 1)
        let coldRate = coldWhole * min(max(coldShare.fraction, 0), 1)
        guard hotRate > 0, coldRate > 0 else {
            return Outputs(
                heat: Power(watts: 0),
                hotLeaving: hot.temperature,
                coldLeaving: cold.temperature,
                effectiveness: Ratio(fraction: 0)
            )
        }
        let least = min(hotRate, coldRate)
        let difference = hot.temperature.celsius - cold.temperature.celsius
        let effectiveness =
            approachCurve?.effectiveness(
                hotRate: hotRate,
                coldRate: coldRate,
                difference: difference,
                cleanliness: cleanliness
            ) ?? effectiveness(hotRate: hotRate, coldRate: coldRate)
        let heat = effectiveness * least * difference
        return Outputs(
            heat: Power(watts: heat),
            hotLeaving: Temperature(celsius: hot.temperature.celsius - heat / hotWhole),
            coldLeaving: Temperature(celsius: cold.temperature.celsius + heat / coldWhole),
            effectiveness: Ratio(fraction: effectiveness)
        )
    }

    /// The effectiveness, 0...1, for two capacity rates in watts per kelvin, both above 0.
    func effectiveness(hotRate: Double, coldRate: Double) -> Double {
        let hotFlow = hotRate / hotFluid.specificHeat.joulesPerKilogramKelvin / hotDesignFlow.kilogramsPerSecond
        let coldFlow = coldRate / coldFluid.specificHeat.joulesPerKilogramKelvin / coldDesignFlow.kilogramsPerSecond
        let resistance = 0.5 * (Libm.pow(hotFlow, -0.8) + Libm.pow(coldFlow, -0.8))
        let conductance = designConductance.wattsPerKelvin * cleanliness.fraction / resistance
        let least = min(hotRate, coldRate)
        return CounterflowExchange.effectiveness(
            units: conductance / least,
            capacityRatio: least / max(hotRate, coldRate)
        )
    }
}

extension PlateExchanger {
    /// The exchanger between facility water return (hot) and condenser water (cold).
    ///
    /// The description gives no condenser water flow; the same capacity rate as on the facility side is assumed.
    package init(_ description: WaterEconomizerDescription) {
        let flow = LoopFluid.water.massFlow(description.designFlow)
        self.init(
            designHeat: description.designHeat,
            approach: description.designApproach,
            hotDesignFlow: flow,
            coldDesignFlow: flow
        )
        approachCurve = description.approachExponent.map {
            ApproachCurve(
                designHeat: description.designHeat,
                designApproach: description.designApproach,
                exponent: $0
            )
        }
    }

    /// The exchanger between CDU return (hot) and recovery loop (cold).
    ///
    /// - Parameters:
    ///   - description: Size and approach at the hot end.
    ///   - hotDesignFlow: Flow of the CDU branch at design; nil takes that of the recovery loop.
    package init(_ description: HeatRecoveryDescription, hotDesignFlow: VolumeFlow? = nil) {
        self.init(
            designHeat: description.designHeat,
            approach: description.designApproach,
            at: .hot,
            hotDesignFlow: LoopFluid.water.massFlow(hotDesignFlow ?? description.designFlow),
            coldDesignFlow: LoopFluid.water.massFlow(description.designFlow)
        )
    }
}
