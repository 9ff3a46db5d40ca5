// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// What a yardstick has told its points: a value leaves when it changes, and again before its device forgets it.
struct ToldValues: Sendable {
    private struct Told: Sendable {
        let value: Double
        let time: Timestamp
    }

    /// By position in the site's points.
    private var told: [Told?]
    /// By position in the site's points, the longest time between two writes; nil where the device keeps the value.
    private let refresh: [Duration?]
    /// By position in the site's points, what the register takes, in the base unit; nil where it takes nothing.
    private let ranges: [ClosedRange<Double>?]

    init(_ site: SiteDescription) {
        told = Array(repeating: nil, count: site.points.count)
        refresh = site.points.map { site.mapPoint($0.index).write?.lease.map { $0 / 3 } }
        ranges = site.points.map { site.mapPoint($0.index).write?.range }
    }

    /// The value for a point, cut to what its register takes, where it has to leave now.
    mutating func due(_ point: PointIndex?, _ value: Double?, at time: Timestamp) -> PointValue? {
        guard let point, let value, value.isFinite, let range = ranges[point.position] else { return nil }
        let cut = min(max(value, range.lowerBound), range.upperBound)
        if let last = told[point.position], last.value == cut {
            guard let interval = refresh[point.position], time - last.time >= interval else { return nil }
        }
        told[point.position] = Told(value: cut, time: time)
        return PointValue(point: point, value: cut)
    }
}

/// A value that never changes, for one point.
struct FixedValue: Sendable {
    let point: PointIndex
    let value: Double

    /// - Returns: nil where the site has no such point.
    init?(_ site: SiteDescription, _ equipment: String?, _ point: String, _ value: Double) {
        guard let equipment, let index = site.index(equipment: equipment, point) else { return nil }
        self.point = index
        self.value = value
    }
}

extension FixedValue {
    /// Heat export that never runs.
    static func noHeatExport(_ site: SiteDescription) -> [FixedValue] {
        let plant = site.plant
        let recovery = plant.heatRecovery?.id
        let pumps = plant.heatPumps.map { FixedValue(site, $0.id, PointName.enableCommand, 0) }
        return
            (pumps + [
                FixedValue(site, recovery, PointName.valvePositionCommand, 0),
                FixedValue(site, recovery, PointName.pumpSpeedCommand, 0),
            ]).compactMap { $0 }
    }
}
