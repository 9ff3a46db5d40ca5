// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// The exchanger between recovery loop and a taker of low-temperature heat, with the taker's own valve.
///
/// Sized for the taker's design heat between its return and its supply, 2 K above the recovery water's own temperatures
/// as they are there. The taker's valve throttles its own flow so that it gets water of the supply it asks for; it is
/// wide open where the recovery loop is too cold for that.
struct DirectHandOver: Sendable {
    private let plates: PlateExchanger
    private let flow: MassFlow
    private let required: Temperature

    /// The least flow that the taker's valve holds, as a share of design.
    private static let leastFlow = 0.05
    private static let approach = TemperatureDifference(kelvins: 2)

    init(_ recovery: HeatRecoveryDescription, _ taker: DistrictHeatingDescription) {
        let rise = max((taker.supplyRequired - taker.returnDesign).kelvins, 1)
        let water = LoopFluid.water
        flow = MassFlow(
            kilogramsPerSecond: taker.designHeat.watts / rise / water.specificHeat.joulesPerKilogramKelvin
        )
        required = taker.supplyRequired
        plates = PlateExchanger(
            designHeat: taker.designHeat,
            approach: Self.approach,
            at: .hot,
            hotDesignFlow: water.massFlow(recovery.designFlow),
            coldDesignFlow: flow
        )
    }

    /// - Returns: Heat handed over and the taker's water that carries it.
    func exchange(_ recovery: FluidStream, back: Temperature, acceptable: Power) -> (heat: Power, supply: Temperature) {
        guard acceptable.watts > 0, recovery.temperature > back, recovery.flow > .zero else {
            return (Power(watts: 0), back)
        }
        var result = exchange(recovery, back, share: 1)
        if result.supply < required {
            var (low, high) = (Self.leastFlow, 1.0)
            guard exchange(recovery, back, share: low).supply >= required else { return result }
            for _ in 0..<12 {
                let middle = (low + high) / 2
                if exchange(recovery, back, share: middle).supply >= required { low = middle } else { high = middle }
            }
            result = exchange(recovery, back, share: low)
        }
        return (min(result.heat, acceptable), result.supply)
    }

    private func exchange(
        _ recovery: FluidStream,
        _ back: Temperature,
        share: Double
    ) -> (heat: Power, supply: Temperature) {
        let result = plates.exchange(hot: recovery, cold: FluidStream(temperature: back, flow: flow * share))
        return (result.heat, result.coldLeaving)
    }
}
