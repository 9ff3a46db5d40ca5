// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// A fault that was asked for, with its times in plant time since the start.
package struct ScheduledFault: Sendable {
    /// Counts faults from 1 in the order in which they were asked for.
    package let number: Int
    package let event: FaultEvent
    package let begins: Duration
    package let ends: Duration?
    /// Positions of the site's devices.
    package let devices: [Int]
    /// Positions of the site's points; empty for faults of whole devices.
    package let points: [Int]
}

/// Which faults are on at a plant time.
package struct FaultSchedule: Sendable {
    /// Faults kept at a time; those that are over make room.
    package static let capacity = 2_000

    package private(set) var faults: [ScheduledFault] = []
    private var nextNumber = 1
    /// The next plant time at which a fault begins or ends.
    private var nextChange = Duration.zero

    /// Why a fault cannot be taken on.
    package struct Refusal: Error {
        package let text: String

        package init(text: String) { self.text = text }
    }

    package init() {}

    /// Adds a fault that is asked for at a plant time since the start.
    ///
    /// - Returns: Its number.
    package mutating func add(
        _ event: FaultEvent,
        to site: SiteDescription,
        at elapsed: Duration
    ) throws(Refusal) -> Int {
        let devices = event.selector.devices(of: site)
        guard !devices.isEmpty else {
            throw Refusal(text: "no device of the site fits; check devices, endpoints, units")
        }
        guard faults.count < Self.capacity else {
            throw Refusal(text: "\(Self.capacity) faults are too many at a time")
        }
        var points: [Int] = []
        if event.fault.isOnPoints {
            for device in devices {
                let map = site.maps[site.devices[device].map]
                for point in event.selector.points(of: map) where event.fault.fits(map.points[point]) {
                    let id = PointID(device: site.devices[device].id, point: map.points[point].name)
                    if let index = site.index(of: id) { points.append(index.position) }
                }
            }
            guard !points.isEmpty else { throw Refusal(text: "no point of these devices fits; check points") }
        }
        let begins = elapsed + event.after
        let fault = ScheduledFault(
            number: nextNumber,
            event: event,
            begins: begins,
            ends: event.lasts.map { begins + $0 },
            devices: devices,
            points: points
        )
        nextNumber += 1
        faults.append(fault)
        nextChange = min(nextChange, begins)
        return fault.number
    }

    /// Takes faults away, one or, with nil, all.
    ///
    /// - Returns: Whether there was any.
    package mutating func remove(_ number: Int?) -> Bool {
        let before = faults.count
        faults.removeAll { number == nil || $0.number == number }
        nextChange = .zero
        return faults.count < before
    }

    /// The faults that are on, in the order in which they were asked for; nil where nothing began or ended.
    package mutating func changed(at elapsed: Duration) -> [ScheduledFault]? {
        guard elapsed >= nextChange else { return nil }
        faults.removeAll { $0.ends.map { $0 <= elapsed } ?? false }
        let moments = faults.flatMap { [$0.begins, $0.ends].compactMap { $0 } }
        nextChange = moments.filter { $0 > elapsed }.min() ?? .seconds(Int64.max / 2)
        return faults.filter { $0.begins <= elapsed }
    }
}

extension DeviceFault {
    /// Whether the fault is on single points rather than on whole devices.
    fileprivate var isOnPoints: Bool {
        switch self {
        case .latency, .reply, .connectionLimit: false
        case .stuck, .drift, .bias, .noise, .write, .watchdog, .restart: true
        }
    }

    fileprivate func fits(_ point: MapPoint) -> Bool {
        switch self {
        case .latency, .reply, .connectionLimit, .stuck: true
        // A drifting code or flag would be another code.
        case .drift, .bias, .noise: ![.boolean, .enumeration, .bitField].contains(point.baseUnit)
        case .write, .restart: point.write != nil
        case .watchdog(let fault): point.write != nil && (fault.period != nil || point.write?.lease != nil)
        }
    }
}
