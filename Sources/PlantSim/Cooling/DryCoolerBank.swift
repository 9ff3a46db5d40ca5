// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// Dry coolers in parallel on the condenser water loop, each with its own controller.
///
/// A cooler's controller holds the water that leaves it, behind its bypass, at the setpoint (``SplitRange``). Pads
/// are wetted where the fans run above 90 % and the water still leaves too warm, and dry again below 60 %.
struct DryCoolerBank: Sendable {
    private(set) var coolers: [DryCooler]
    private(set) var outputs: [DryCooler.Outputs] = []
    /// Water that left each cooler mixed with what went round it, in degrees Celsius.
    private(set) var leaving: [Double]
    private(set) var isWetted: [Bool]
    private var controllers: [SplitRange]

    private static let wetting = (above: 0.9, below: 0.6)
    private static let slowestFan = 0.08

    init(_ equipment: [DryCoolerDescription], initial: Temperature) {
        coolers = equipment.map { DryCooler($0, initialCoolant: initial) }
        leaving = Array(repeating: initial.celsius, count: equipment.count)
        isWetted = Array(repeating: false, count: equipment.count)
        controllers = Array(repeating: SplitRange(slowest: Self.slowestFan), count: equipment.count)
    }

    /// Electrical power of the fans, in watts.
    var power: Double { outputs.reduce(0) { $0 + $1.fanPower.watts } }

    /// Heat above 0 °C in the coils, in joules.
    var storedHeat: Double { coolers.reduce(0) { $0 + $1.storedHeat } }

    /// Moves on by `dt` seconds with the loop's water falling evenly on the coolers.
    ///
    /// - Returns: The water that leaves all of them, mixed.
    mutating func step(
        water: FluidStream,
        setpoints: [Int],
        outdoor: WeatherState,
        board: CommandBoard,
        dt: Double
    ) -> Temperature {
        let isFirst = outputs.isEmpty
        let count = Double(max(coolers.count, 1))
        var mixed = 0.0
        for index in coolers.indices {
            let error = leaving[index] - board[setpoints[index]]
            controllers[index].step(error: error, dt: dt)
            let drive = controllers[index].drive.fraction
            isWetted[index] = isWetted[index] ? drive > Self.wetting.below : drive > Self.wetting.above && error > 0
            let through = controllers[index].through.fraction
            let result = coolers[index].step(
                DryCooler.Inputs(
                    coolant: FluidStream(
                        temperature: water.temperature,
                        flow: MassFlow(kilogramsPerSecond: water.flow.kilogramsPerSecond / count * through)
                    ),
                    fanSpeedCommand: controllers[index].drive,
                    padCommand: isWetted[index],
                    outdoor: outdoor
                ),
                dt: dt
            )
            leaving[index] = result.leaving.celsius * through + water.temperature.celsius * (1 - through)
            mixed += leaving[index] / count
            if isFirst { outputs.append(result) } else { outputs[index] = result }
        }
        return Temperature(celsius: mixed)
    }
}
