// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Frequency and voltage of the mains and of the UPS output, wandering slowly about their nominal values.
struct Mains: Sendable {
    /// The present frequency, in hertz.
    private(set) var frequency: Double
    /// The present mains voltage from line to neutral, in volts.
    private(set) var voltage: Double
    /// The voltage behind the UPS from line to neutral, in volts: held by the inverter.
    let conditionedVoltage: Double

    private let nominalFrequency: Double
    private let nominalVoltage: Double
    private var random: SplitMix64

    /// The time constant of both wanders, in seconds.
    private static let timeConstant = 60.0

    init(nominalFrequency: Double, nominalVoltage: Double, random: SplitMix64) {
        self.nominalFrequency = nominalFrequency
        self.nominalVoltage = nominalVoltage
        self.random = random
        frequency = nominalFrequency
        voltage = nominalVoltage
        conditionedVoltage = nominalVoltage
    }

    /// Moves on by `dt` seconds; standard deviations 20 mHz and 0.8 % of nominal.
    mutating func step(dt: Double) {
        guard dt > 0 else { return }
        let keep = 1 / (1 + dt / Self.timeConstant)
        let kick = (1 - keep * keep).squareRoot()
        let frequencyError = keep * (frequency - nominalFrequency) + kick * 0.02 * random.normal()
        let voltageError = keep * (voltage - nominalVoltage) + kick * 0.008 * nominalVoltage * random.normal()
        frequency = nominalFrequency + frequencyError
        voltage = nominalVoltage + voltageError
    }
}
