// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Thermo

/// The weather a plant stands in: from a climate or from a file, with fronts and heat waves on top.
package struct Weather: Sendable {
    private enum Source: Sendable {
        case synthetic(SyntheticWeather)
        case series(WeatherSeries)
    }

    private var source: Source
    private let fronts: [WeatherFront]
    private let heatWaves: [HeatWave]

    package init(_ synthetic: SyntheticWeather, fronts: [WeatherFront] = [], heatWaves: [HeatWave] = []) {
        source = .synthetic(synthetic)
        self.fronts = fronts
        self.heatWaves = heatWaves
    }

    package init(_ series: WeatherSeries, fronts: [WeatherFront] = [], heatWaves: [HeatWave] = []) {
        source = .series(series)
        self.fronts = fronts
        self.heatWaves = heatWaves
    }

    /// The weather at a time; a synthetic year is drawn forward, so times must not go back.
    package mutating func state(at time: Timestamp) -> WeatherState {
        var values: WeatherValues
        switch source {
        case .synthetic(var synthetic):
            values = synthetic.values(at: time)
            source = .synthetic(synthetic)
        case .series(let series):
            values = series.values(at: time)
        }
        for front in fronts {
            let progress = front.progress(at: time)
            values.dryBulb += progress * front.dryBulb.kelvins
            values.dewPoint += progress * front.dewPoint.kelvins
        }
        for wave in heatWaves { wave.apply(to: &values, at: time) }
        return values.state
    }
}
