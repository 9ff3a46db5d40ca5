// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Thermo

extension PlantFigure {
    /// Chillers, heat pumps, exchangers, pumps, the power chain.
    static let machines = [
        PlantFigure(
            "chiller",
            title: "Chiller: coefficient of performance over condenser water leaving",
            ordinate: "COP",
            across: "condenser water leaving, °C",
            at: span(18, 44, by: 1),
            curves: [
                ("7 °C water", { chiller(chilled: 7, condenser: $0, load: 1) }),
                ("18 °C water", { chiller(chilled: 18, condenser: $0, load: 1) }),
                ("18 °C, half load", { chiller(chilled: 18, condenser: $0, load: 0.5) }),
                ("26 °C water", { chiller(chilled: 26, condenser: $0, load: 1) }),
            ]
        ),
        PlantFigure(
            "chiller-map",
            title: "Published map and Carnot fraction: 29.4 °C condenser water entering",
            ordinate: "COP",
            across: "chilled water leaving, °C",
            at: span(4, 20, by: 0.5),
            curves: [
                ("Carnot fraction", { ComponentChillerMapTests.carnot($0, 29.44) }),
                ("Trane map, blended", { ComponentChillerMapTests.blended(PublishedChiller.trane.map, $0, 29.44) }),
                ("York map, blended", { ComponentChillerMapTests.blended(PublishedChiller.york.map, $0, 29.44) }),
            ]
        ),
        PlantFigure(
            "heat-pump",
            title: "Heat pump: coefficient of performance over lift",
            ordinate: "COP",
            across: "sink out less source in, K",
            at: span(10, 78, by: 2),
            curves: [
                ("full load", { HeatPump.coefficientOfPerformance(lift: TemperatureDifference(kelvins: $0)) }),
                (
                    "30 % load",
                    {
                        HeatPump.coefficientOfPerformance(lift: TemperatureDifference(kelvins: $0))
                            * HeatPump.partLoadFactor(0.3)
                    }
                ),
                ("45 % of Carnot", { 0.45 * (36 + $0 + 273.15) / $0 }),
            ]
        ),
        PlantFigure(
            "plate-exchanger",
            title: "Economizer of 10 MW: heat over flow share, 36 °C on one side, 18 °C on the other",
            ordinate: "heat, MW",
            across: "share of design flow, both sides",
            at: span(0.05, 1.2, by: 0.05),
            curves: [
                ("clean", { economizer(flow: $0, cleanliness: 1) }),
                ("80 % conductance", { economizer(flow: $0, cleanliness: 0.8) }),
                ("60 % conductance", { economizer(flow: $0, cleanliness: 0.6) }),
            ]
        ),
        PlantFigure(
            "pump",
            title: "Pump: power over flow by speed, valves open; by valves, full speed",
            ordinate: "share of design power",
            names: ["share of design flow", "by speed", "by speed, 30 % static", "by valves"]
        ) {
            let free = pump(staticShare: 0)
            let lifting = pump(staticShare: 0.3)
            return span(0.1, 1, by: 0.05).map { flow in
                [
                    flow, power(of: free, flow: flow) { ($0, 1) }, power(of: lifting, flow: flow) { ($0, 1) },
                    power(of: free, flow: flow) { (1, $0) },
                ]
            }
        },
        PlantFigure(
            "power-chain",
            title: "UPS: efficiency over load",
            ordinate: "efficiency, %",
            across: "load over rating",
            at: span(0.1, 1, by: 0.05),
            curves: [
                ("eco mode", { 100 * PowerChainVintageTests.efficiency(.ecoMode, load: $0) }),
                ("double conversion", { 100 * PowerChainVintageTests.efficiency(.modern, load: $0) }),
                ("legacy", { 100 * PowerChainVintageTests.efficiency(.legacy, load: $0) }),
            ]
        ),
    ]

    private static func chiller(chilled: Double, condenser: Double, load: Double) -> Double {
        ChillerCurves.coefficientOfPerformance(
            carnotFraction: Ratio(fraction: 0.64),
            evaporatorLeaving: Temperature(celsius: chilled),
            condenserLeaving: Temperature(celsius: condenser),
            load: load
        )
    }

    private static func economizer(flow: Double, cleanliness: Double) -> Double {
        var exchanger = ComponentExchangerTests.economizer
        exchanger.cleanliness = Ratio(fraction: cleanliness)
        return exchanger.exchange(
            hot: ComponentExchangerTests.stream(36, exchanger.hotDesignFlow.kilogramsPerSecond * flow),
            cold: ComponentExchangerTests.stream(18, exchanger.coldDesignFlow.kilogramsPerSecond * flow)
        ).heat.megawatts
    }

    private static func pump(staticShare: Double) -> Pump {
        Pump(
            designFlow: MassFlow(kilogramsPerSecond: 100),
            designHead: Pressure(kilopascals: 200),
            designPower: Power(kilowatts: 30),
            staticShare: Ratio(fraction: staticShare)
        )
    }

    /// Share of design power where `setting`, of 0...1, gives the flow; both speed and openness raise flow.
    private static func power(of pump: Pump, flow: Double, _ setting: (Double) -> (Double, Double)) -> Double {
        var low = 0.0
        var high = 1.0
        for _ in 0..<60 {
            let middle = (low + high) / 2
            let (speed, openness) = setting(middle)
            let result = pump.operation(speed: Ratio(fraction: speed), openness: Ratio(fraction: openness))
            if result.flow.kilogramsPerSecond < 100 * flow { low = middle } else { high = middle }
        }
        let (speed, openness) = setting(high)
        let result = pump.operation(speed: Ratio(fraction: speed), openness: Ratio(fraction: openness))
        return result.power.kilowatts / 30
    }
}
