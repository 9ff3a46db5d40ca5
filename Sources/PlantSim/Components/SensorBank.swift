// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The instruments of a site: one ``SimulatedSensor`` for each point that shows a state of the plant.
///
/// Each draws from a stream of its own point's name, so adding a device does not change the others. Commands,
/// feedbacks, states and meters have none: meters have an accuracy of their own (``MeterAccuracy``).
struct SensorBank: Sendable {
    /// Positions of the points that have an instrument, in site order.
    private(set) var positions: [Int] = []
    private var sensors: [SimulatedSensor] = []
    /// By position in the site's points.
    private var sensorOfPoint: [Int?]

    /// - Parameters:
    ///   - site: The site whose points are read.
    ///   - seed: The seed of the simulation.
    ///   - isState: Whether the point of a position shows a state of the plant.
    init(site: SiteDescription, seed: UInt64, isState: (Int) -> Bool) {
        sensorOfPoint = Array(repeating: nil, count: site.points.count)
        for point in site.points where isState(point.index.position) {
            guard let error = Self.error(of: point) else { continue }
            sensorOfPoint[point.index.position] = sensors.count
            positions.append(point.index.position)
            sensors.append(SimulatedSensor(error, seed: seed, stream: "sensor/\(point.id)"))
        }
    }

    /// What the instrument of a point shows; nil where it has none or nothing to show yet.
    subscript(position: Int) -> Double? {
        guard let sensor = sensorOfPoint[position] else { return nil }
        let shown = sensors[sensor].shown
        return shown.isFinite ? shown : nil
    }

    /// Lets the instrument of a point see the truth for `dt` seconds; without a truth it keeps what it shows.
    mutating func see(_ truth: Double?, at position: Int, dt: Double) {
        guard let truth, let sensor = sensorOfPoint[position] else { return }
        sensors[sensor].step(truth, dt: dt)
    }

    /// The class of the instrument behind a point; nil for what no instrument measures.
    static func error(of point: PointDescription) -> SensorError? {
        let name = point.id.point
        let isTold = ["setpoint", "required", "command", "feedback", "permit"].contains { name.contains($0) }
        guard !isTold else { return nil }
        let isAir = ["air", "outdoor", "dew_point", "room", "hall"].contains { name.contains($0) }
        let isPair = ["facility_water_", "recovery_", "district_"].contains { name.hasPrefix($0) }
        return switch point.unit {
        case .celsius: isAir ? .airTemperature : isPair ? .pairedTemperature : .pipeTemperature
        case .cubicMetersPerSecond: .volumeFlow
        case .pascals: isAir ? .barometer : .differentialPressure
        case .ratio: name.contains("humidity") ? .relativeHumidity : nil
        default: nil
        }
    }
}
