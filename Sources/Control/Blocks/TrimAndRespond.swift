// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// How a ``TrimAndRespond`` moves; setpoint figures share one unit of the caller's choice.
package struct TrimAndRespondParameters: Hashable, Sendable {
    /// The setpoint while the device is off and until `delay` after its start, in the unit of the setpoint.
    package var initial: Double
    /// The setpoint's limits.
    package var limits: ClosedRange<Double>
    /// How long after a start the setpoint stays at `initial`.
    package var delay: Duration
    /// Time between two moves, above zero.
    package var interval: Duration
    /// Requests that are ignored, as a count.
    package var ignored: Int
    /// The move at every interval, toward less, in the unit of the setpoint.
    package var trim: Double
    /// The move per request above `ignored`, against `trim`, in the unit of the setpoint.
    package var respond: Double
    /// The largest response in one interval, signed as `respond`, in the unit of the setpoint.
    package var respondMaximum: Double

    package init(
        initial: Double,
        limits: ClosedRange<Double>,
        delay: Duration,
        interval: Duration,
        ignored: Int,
        trim: Double,
        respond: Double,
        respondMaximum: Double
    ) {
        self.initial = initial
        self.limits = limits
        self.delay = delay
        self.interval = interval
        self.ignored = ignored
        self.trim = trim
        self.respond = respond
        self.respondMaximum = respondMaximum
    }
}

/// Creeps a setpoint toward less effort until somebody asks for more.
///
/// At every interval the setpoint moves by `trim`, and in addition by `respond` for each request above those ignored,
/// at most by `respondMaximum`: the additive form. ASHRAE Guideline 36-2021 clause 5.1.14 can be read as either
/// adding the response to the trim or replacing it; the reference data of the Modelica Buildings Library follow the
/// sum, so do we. After a gap of several intervals one move is made, not several: nobody asked in between. Exact for
/// a dt up to one interval.
///
/// - Source: ASHRAE Guideline 36-2021, 5.1.14.
package struct TrimAndRespond: Hashable, Sendable, Codable {
    /// The setpoint in the unit of the parameters; nil before the first step.
    package private(set) var setpoint: Double?
    private var sinceStart: Duration?
    private var sinceMove: Duration = .zero

    package init() {}

    /// Takes one sample; `requests` is the number of requests at present.
    @discardableResult
    package mutating func step(
        isOn: Bool,
        requests: Int,
        parameters: TrimAndRespondParameters,
        dt: Duration
    ) -> Double {
        let limits = parameters.limits
        let initial = min(max(parameters.initial, limits.lowerBound), limits.upperBound)
        guard isOn else {
            sinceStart = nil
            setpoint = initial
            return initial
        }
        let step = max(dt, .zero)
        let started = sinceStart.map { min($0 + step, longestCount) } ?? .zero
        sinceStart = started
        guard started >= parameters.delay else {
            sinceMove = .zero
            setpoint = initial
            return initial
        }
        sinceMove += step
        var value = setpoint ?? initial
        if sinceMove >= parameters.interval {
            sinceMove = .zero
            let response = Double(max(0, requests - parameters.ignored)) * parameters.respond
            let most = parameters.respondMaximum
            value += parameters.trim + (most < 0 ? max(response, most) : min(response, most))
        }
        value = min(max(value, limits.lowerBound), limits.upperBound)
        setpoint = value
        return value
    }
}
