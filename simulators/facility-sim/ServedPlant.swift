// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim

/// What stands behind the registers of served devices.
protocol ServedPlant: Sendable {
    /// Plant time at the end of the last step.
    var time: Timestamp { get }

    /// Takes what the registers mean before anything was put into them, by position in the site's points.
    ///
    /// - Returns: What needs not be put there any more; NaN where the plant is to say it.
    mutating func begin(_ values: [Double?]) -> [Double]

    mutating func step(dt: Duration)

    /// Takes a command, in the point's base unit.
    mutating func apply(_ point: PointIndex, value: Double)

    /// Lets these faults of the plant itself, and no others, be on.
    mutating func apply(_ faults: PlantFaults)

    /// What a point shows, in its base unit; nil where the plant has nothing to say about it.
    func value(of point: PointIndex) -> Double?

    /// Whether a point has no value at present, and its registers must not look as if it had.
    func hasGap(at point: PointIndex) -> Bool

    /// Whether a device, by position in the site's devices, answers nothing at present.
    func isAway(device: Int) -> Bool

    /// The feedback of a point where it does not follow what is written, but shows a value of its own.
    func drivenFeedback(of point: PointIndex) -> PointIndex?

    /// Whether a point has no value while its registers cannot hold it; else they keep the one before.
    var withdrawsWhatDoesNotFit: Bool { get }
}

extension ServedPlant {
    func hasGap(at point: PointIndex) -> Bool { false }

    func isAway(device: Int) -> Bool { false }

    func drivenFeedback(of point: PointIndex) -> PointIndex? { nil }

    var withdrawsWhatDoesNotFit: Bool { false }
}

extension Facility: ServedPlant {
    mutating func begin(_ values: [Double?]) -> [Double] { Array(repeating: .nan, count: values.count) }
}

/// No plant: every point shows what it was told last, and a feedback what its command was.
struct StillPlant: ServedPlant {
    private(set) var time: Timestamp
    private var values: [Double?] = []
    /// The feedback of each point, by position in the site's points.
    private let feedbacks: [Int?]
    /// Whether that only says that the machine runs.
    private let areRunStates: [Bool]

    init(site: SiteDescription, start: Timestamp) {
        time = start
        feedbacks = site.points.map { site.feedback(of: $0.index)?.position }
        areRunStates = zip(site.points, feedbacks).map { point, feedback in
            guard let feedback, site.mapPoint(point.index).baseUnit != .boolean else { return false }
            return site.mapPoint(site.points[feedback].index).baseUnit == .boolean
        }
    }

    mutating func begin(_ values: [Double?]) -> [Double] {
        self.values = values
        return values.map { $0 ?? .nan }
    }

    mutating func step(dt: Duration) { time = time + dt }

    mutating func apply(_ point: PointIndex, value: Double) {
        values[point.position] = value
        if let feedback = feedbacks[point.position] {
            values[feedback] = areRunStates[point.position] ? (value > 0 ? 1 : 0) : value
        }
    }

    /// Without a plant there is nothing that these could be faults of.
    mutating func apply(_ faults: PlantFaults) {}

    func value(of point: PointIndex) -> Double? { values[point.position] }
}
