// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Thermo

/// How a sensor differs from the truth.
package struct SensorError: Hashable, Sendable {
    /// First-order lag in seconds.
    package var lag: Double
    /// Standard deviation of one reading, in the unit of the signal.
    package var noise: Double
    /// Bound of the constant offset, in the unit of the signal.
    package var bias: Double
    /// Standard deviation of one reading as a share of it, a ratio.
    package var relativeNoise: Double
    /// Bound of the constant gain error, a ratio.
    package var gain: Double
    /// Step of the reading, in the unit of the signal; 0 shows every fraction.
    package var resolution: Double

    package init(
        lag: Double = 0,
        noise: Double = 0,
        bias: Double = 0,
        relativeNoise: Double = 0,
        gain: Double = 0,
        resolution: Double = 0
    ) {
        self.lag = lag
        self.noise = noise
        self.bias = bias
        self.relativeNoise = relativeNoise
        self.gain = gain
        self.resolution = resolution
    }

    package static let exact = SensorError()
    /// Platinum sensor in a pipe well: ±0.2 K, 20 s.
    package static let pipeTemperature = SensorError(lag: 20, noise: 0.02, bias: 0.2, resolution: 0.01)
    /// One of a matched pair for a heat meter: ±0.05 K, 20 s.
    package static let pairedTemperature = SensorError(lag: 20, noise: 0.01, bias: 0.05, resolution: 0.01)
    /// Room or outdoor air: ±0.3 K, 60 s.
    package static let airTemperature = SensorError(lag: 60, noise: 0.05, bias: 0.3, resolution: 0.1)
    /// Capacitive humidity: ±2 % relative humidity, 60 s; as a share.
    package static let relativeHumidity = SensorError(lag: 60, noise: 0.005, bias: 0.02, resolution: 0.001)
    /// Magnetic flow meter: ±0.5 %, 2 s.
    package static let volumeFlow = SensorError(lag: 2, relativeNoise: 0.005, gain: 0.005)
    /// Differential pressure transmitter: ±0.5 %, 1 s.
    package static let differentialPressure = SensorError(lag: 1, relativeNoise: 0.003, gain: 0.005)
    /// Barometer: ±50 Pa.
    package static let barometer = SensorError(lag: 10, noise: 5, bias: 50, resolution: 10)
}

/// One sensor: first-order lag, constant error drawn once, noise, resolution; in the unit of the signal.
///
/// The lag is exact for a truth that holds over the step. It starts on the first truth it sees.
package struct SimulatedSensor: Sendable {
    /// What it shows, in the unit of the signal; NaN before the first step.
    package private(set) var shown = Double.nan
    package let error: SensorError
    private let offset: Double
    private let factor: Double
    private var lagged = Double.nan
    private var random: SplitMix64

    /// - Parameters:
    ///   - error: The class of the sensor.
    ///   - seed: The seed of the simulation.
    ///   - stream: A name of its own: `sensor/cdu-1/coolant_supply_temperature`.
    package init(_ error: SensorError, seed: UInt64, stream: String) {
        self.error = error
        random = SplitMix64(seed: seed, stream: stream)
        offset = error.bias > 0 ? random.uniform(-error.bias...error.bias) : 0
        factor = error.gain > 0 ? 1 + random.uniform(-error.gain...error.gain) : 1
    }

    /// Moves on by `dt` seconds to a truth.
    ///
    /// - Returns: What it shows.
    @discardableResult
    package mutating func step(_ truth: Double, dt: Double) -> Double {
        if error.lag > 0, lagged.isFinite {
            lagged += (truth - lagged) * -Libm.expm1(-dt / error.lag)
        } else {
            lagged = truth
        }
        var value = lagged * factor + offset
        if error.noise > 0 { value += error.noise * random.normal() }
        if error.relativeNoise > 0 { value += error.relativeNoise * lagged * random.normal() }
        if error.resolution > 0 { value = (value / error.resolution).rounded() * error.resolution }
        shown = value
        return value
    }
}
