// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// A change of the weather: dry bulb and dew point move by a difference, evenly over a time, and stay there.
package struct WeatherFront: Hashable, Sendable {
    package let start: Timestamp
    package let dryBulb: TemperatureDifference
    package let dewPoint: TemperatureDifference
    /// How long the change takes; zero changes at once.
    package let over: Duration

    package init(
        start: Timestamp,
        dryBulb: TemperatureDifference,
        dewPoint: TemperatureDifference,
        over: Duration
    ) {
        self.start = start
        self.dryBulb = dryBulb
        self.dewPoint = dewPoint
        self.over = over
    }

    /// The fronts among the events of a simulation that begins at `start`, in the order of the file.
    package static func fronts(in events: [SimulationEvent], start: Timestamp) -> [WeatherFront] {
        events.compactMap { event in
            guard case .weatherFront(let dryBulb, let dewPoint, let over) = event.kind else { return nil }
            return WeatherFront(start: start + event.after, dryBulb: dryBulb, dewPoint: dewPoint, over: over)
        }
    }

    /// How far it has come at a time, 0...1.
    package func progress(at time: Timestamp) -> Double {
        let elapsed = (time - start).inSeconds
        guard elapsed >= 0 else { return 0 }
        let length = over.inSeconds
        return length > 0 ? min(elapsed / length, 1) : 1
    }
}
