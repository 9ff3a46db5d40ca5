// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// What acts on the plant from outside: weather, the district network's permit, the demand for computing.
struct SimulatedWorld: Sendable {
    /// The air that stands around the plant.
    private enum Air: Sendable {
        case climate(Weather)
        /// The same air day and night, with fronts on top: for demonstrations and for tests of one state.
        case steady(WeatherValues, fronts: [WeatherFront], heatWaves: [HeatWave])
    }

    /// The name of the climate whose air never changes: 19 °C dry bulb, 16 °C dew point, so 17 °C wet bulb.
    static let steadyClimate = "mild-and-humid"

    /// The outdoor air at the end of the last step.
    private(set) var outdoor: WeatherState
    /// Whether the district network takes heat.
    private(set) var isHeatPermitted = false
    /// What the racks' power is multiplied with.
    private(set) var loadFactor = 1.0

    private var air: Air
    private let start: Timestamp
    private let events: [SimulationEvent]
    /// Condition of the permit beside the events.
    private let outdoorPermit: OutdoorPermit?
    /// Whether it is cold enough for that condition, or there is none.
    private var isCold = true
    private var loadStep: (from: Double, to: Double, event: Int)?
    private var airAge = 0.0

    /// How often the air is worked out anew, in seconds: it changes by hundredths of a kelvin in that time.
    private static let airInterval = 10.0

    /// - Returns: nil where there is no such climate.
    init?(site: SiteDescription, seed: UInt64, start: Timestamp, of run: RunSurroundings = RunSurroundings()) {
        let surroundings = site.plant.surroundings
        self.start = start
        events = run.events ?? site.simulation?.events ?? []
        outdoorPermit = site.simulation?.districtPermit
        let fronts = WeatherFront.fronts(in: events, start: start)
        let waves = HeatWave.waves(in: events, start: start)
        let climate = if case .climate(let name) = run.air { name } else { surroundings.climate }
        if case .series(let series) = run.air {
            air = .climate(Weather(series, fronts: fronts, heatWaves: waves))
        } else if climate == Self.steadyClimate {
            let values = WeatherValues(
                dryBulb: 19,
                dewPoint: 16,
                pressure: surroundings.atmosphericPressure.pascals
            )
            air = .steady(values, fronts: fronts, heatWaves: waves)
        } else {
            guard let weather = SyntheticWeather(climate: climate, seed: seed, start: start) else {
                return nil
            }
            air = .climate(Weather(weather, fronts: fronts, heatWaves: waves))
        }
        outdoor = Self.state(of: &air, at: start)
        isCold = outdoorPermit?.permits(at: outdoor.dryBulb, isPermitted: false) ?? true
        step(to: start, loadShare: 0, dt: 0)
    }

    /// The climates a site may name.
    static var climates: [String] { Climate.all.map(\.name) + [steadyClimate] }

    /// Moves on to a plant time.
    ///
    /// `loadShare` is the racks' power without any load step over their nominal power.
    mutating func step(to time: Timestamp, loadShare: Double, dt: Double) {
        airAge += dt
        if airAge >= Self.airInterval {
            airAge = 0
            outdoor = Self.state(of: &air, at: time)
        }
        let elapsed = (time - start).inSeconds
        isCold = outdoorPermit?.permits(at: outdoor.dryBulb, isPermitted: isCold) ?? true
        // Who states a condition takes heat under it, unless an event says otherwise.
        var isOpen = outdoorPermit != nil
        for (position, event) in events.enumerated() where event.after.inSeconds <= elapsed {
            switch event.kind {
            case .weatherFront, .heatWave: break
            case .districtPermit(let isPermitted): isOpen = isPermitted
            case .loadStep(let target, _):
                guard (loadStep?.event ?? -1) < position, loadShare > 0 else { continue }
                loadStep = (from: loadFactor, to: target.fraction / loadShare, event: position)
            }
        }
        isHeatPermitted = isOpen && isCold
        if let loadStep, case .loadStep(_, let over) = events[loadStep.event].kind {
            let since = elapsed - events[loadStep.event].after.inSeconds
            let progress = over > .zero ? min(since / over.inSeconds, 1) : 1
            loadFactor = loadStep.from + (loadStep.to - loadStep.from) * progress
        }
    }

    private static func state(of air: inout Air, at time: Timestamp) -> WeatherState {
        switch air {
        case .climate(var weather):
            let state = weather.state(at: time)
            air = .climate(weather)
            return state
        case .steady(var values, let fronts, let heatWaves):
            for front in fronts {
                values.dryBulb += front.progress(at: time) * front.dryBulb.kelvins
                values.dewPoint += front.progress(at: time) * front.dewPoint.kelvins
            }
            for wave in heatWaves { wave.apply(to: &values, at: time) }
            return values.state
        }
    }
}
