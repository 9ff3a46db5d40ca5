// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// Days that a typical year does not have: dry bulb and wet bulb raised, day and night, and back again.
///
/// Typical years leave extremes out. The defaults are 5 K of dry bulb and 2 K of wet bulb for five days, with half a
/// day of coming and going: a usual allowance above a site's warmest days, not a statistic of one place.
package struct HeatWave: Hashable, Sendable {
    package let start: Timestamp
    /// From the first warming to the end of the cooling.
    package let lasting: Duration
    /// How long coming and going take, each; at most half of ``lasting``.
    package let ramp: Duration
    package let dryBulb: TemperatureDifference
    package let wetBulb: TemperatureDifference

    package init(
        start: Timestamp,
        lasting: Duration = .seconds(5 * 86_400),
        ramp: Duration = .seconds(43_200),
        dryBulb: TemperatureDifference = TemperatureDifference(kelvins: 5),
        wetBulb: TemperatureDifference = TemperatureDifference(kelvins: 2)
    ) {
        self.start = start
        self.lasting = lasting
        self.ramp = ramp
        self.dryBulb = dryBulb
        self.wetBulb = wetBulb
    }

    /// The heat waves among the events of a simulation that begins at `start`, in the order of the file.
    package static func waves(in events: [SimulationEvent], start: Timestamp) -> [HeatWave] {
        events.compactMap { event in
            guard case .heatWave(let dryBulb, let wetBulb, let lasting, let ramp) = event.kind else { return nil }
            return HeatWave(
                start: start + event.after,
                lasting: lasting,
                ramp: ramp,
                dryBulb: dryBulb,
                wetBulb: wetBulb
            )
        }
    }

    /// How much of it stands at a time, 0...1.
    package func strength(at time: Timestamp) -> Double {
        let elapsed = (time - start).inSeconds
        let rest = lasting.inSeconds - elapsed
        guard elapsed > 0, rest > 0 else { return 0 }
        let length = min(ramp.inSeconds, lasting.inSeconds / 2)
        return length > 0 ? min(elapsed / length, rest / length, 1) : 1
    }

    /// Raises the weather of a time; the dew point is the one that gives the raised wet bulb.
    package func apply(to values: inout WeatherValues, at time: Timestamp) {
        let share = strength(at: time)
        guard share > 0 else { return }
        let usual = values.state
        let warm = MoistAir(
            dryBulb: usual.dryBulb + dryBulb * share,
            wetBulb: usual.wetBulb + wetBulb * share,
            pressure: usual.pressure
        )
        values.dryBulb = warm.dryBulb.celsius
        values.dewPoint = warm.dewPoint.celsius
    }
}
