// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// The outdoor wet bulb from what the weather station gives.
///
/// From dry bulb and relative humidity; from dry bulb and dew point where the humidity is lost. Between -1 and 1 °C a
/// wet bulb is followed only when it has moved by the dead band, since liquid and frozen wicks give two answers
/// there.
struct OutdoorAir: Hashable, Sendable, Codable {
    private var dryBulb = HeldReading()
    private var relativeHumidity = HeldReading()
    private var dewPoint = HeldReading()
    private var airPressure = HeldReading()
    private var wetBulbCelsius: Double?

    mutating func step(
        _ inputs: WaterEconomizer.Inputs,
        parameters: WaterEconomizerParameters,
        pressure: Pressure,
        dt: Duration
    ) -> Temperature? {
        let hold = parameters.inputHold
        let dryBulb = self.dryBulb.step(inputs.dryBulb, limit: hold, dt: dt)
        let humidity = relativeHumidity.step(inputs.relativeHumidity, limit: hold, dt: dt)
        let dewPoint = self.dewPoint.step(inputs.dewPoint, limit: hold, dt: dt)
        let station = airPressure.step(inputs.airPressure, limit: hold, dt: dt)
        guard let dryBulb, (-60...70).contains(dryBulb) else { return forget() }
        let isPlausible = station.map { (50_000...110_000).contains($0) } ?? false
        let air = Self.air(
            dryBulb: Temperature(celsius: dryBulb),
            humidity: humidity,
            dewPoint: dewPoint,
            pressure: isPlausible ? Pressure(pascals: station ?? pressure.pascals) : pressure
        )
        guard let celsius = air?.wetBulb.celsius, celsius.isFinite else { return forget() }
        let moved = abs(celsius - (wetBulbCelsius ?? .infinity))
        if abs(celsius) > 1 || moved >= parameters.freezingDeadBand.kelvins { wetBulbCelsius = celsius }
        return wetBulbCelsius.map { Temperature(celsius: $0) }
    }

    private mutating func forget() -> Temperature? {
        wetBulbCelsius = nil
        return nil
    }

    private static func air(
        dryBulb: Temperature,
        humidity: Double?,
        dewPoint: Double?,
        pressure: Pressure
    ) -> MoistAir? {
        if let humidity, (0...1.05).contains(humidity) {
            return MoistAir(dryBulb: dryBulb, relativeHumidity: Ratio(fraction: min(1, humidity)), pressure: pressure)
        }
        guard let dewPoint, dewPoint <= dryBulb.celsius + 1 else { return nil }
        let dew = min(dewPoint, dryBulb.celsius)
        return MoistAir(dryBulb: dryBulb, dewPoint: Temperature(celsius: dew), pressure: pressure)
    }
}
