// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// Plant time that runs from a fixed start, faster than wall time; only for sites on loopback.
package struct SimulationSettings: Hashable, Sendable {
    /// Plant time at the first start of the site.
    package let start: Timestamp
    /// Plant seconds per wall second, above 0.
    package let timeScale: Double
    /// How instruments and meters read the simulated plant.
    package let sensors: SensorRealism
    /// When the district network takes heat by the outdoor air; nil leaves it to the events alone.
    package let districtPermit: OutdoorPermit?
    /// What happens to the simulated world, in the order of the file.
    package let events: [SimulationEvent]

    package init(
        start: Timestamp,
        timeScale: Double,
        sensors: SensorRealism = .ideal,
        districtPermit: OutdoorPermit? = nil,
        events: [SimulationEvent] = []
    ) {
        self.start = start
        self.timeScale = timeScale
        self.sensors = sensors
        self.districtPermit = districtPermit
        self.events = events
    }
}

/// A district network that takes heat in cold weather only, as one does that has heat of its own to spare in summer.
package struct OutdoorPermit: Hashable, Sendable {
    /// Outdoor dry bulb below which it takes heat.
    package let below: Temperature
    /// How much warmer it has to become before it stops.
    package let hysteresis: TemperatureDifference

    package init(below: Temperature, hysteresis: TemperatureDifference = TemperatureDifference(kelvins: 1)) {
        self.below = below
        self.hysteresis = hysteresis
    }

    /// Whether it takes heat at an outdoor dry bulb, having taken it until now or not.
    package func permits(at dryBulb: Temperature, isPermitted: Bool) -> Bool {
        dryBulb.celsius < below.celsius + (isPermitted ? max(hysteresis.kelvins, 0) : 0)
    }
}

/// How a simulated site's instruments and meters read the plant.
package enum SensorRealism: String, Hashable, Sendable, CaseIterable {
    /// Every reading is the truth of the step.
    case ideal
    /// Lag, noise, bias and resolution of each instrument's class, drawn once from the seed; meters of class 0.5.
    case realistic
}

/// Something that happens to the simulated world at a plant time after the start.
package struct SimulationEvent: Hashable, Sendable {
    /// What happens.
    package enum Kind: Hashable, Sendable {
        /// The outdoor dry bulb and dew point move by these differences, spread evenly over `over`, and stay there.
        case weatherFront(dryBulb: TemperatureDifference, dewPoint: TemperatureDifference, over: Duration)
        /// The district network gives or takes back its permit; in cold weather only where that is a condition.
        case districtPermit(Bool)
        /// The mean IT load moves to this share of nominal power within `over`.
        case loadStep(Ratio, over: Duration)
        /// Dry bulb and wet bulb are raised by these differences for `lasting`, coming and going within `ramp` each.
        case heatWave(dryBulb: TemperatureDifference, wetBulb: TemperatureDifference, lasting: Duration, ramp: Duration)
    }

    /// Plant time between the start and the event.
    package let after: Duration
    package let kind: Kind

    package init(after: Duration, kind: Kind) {
        self.after = after
        self.kind = kind
    }
}
