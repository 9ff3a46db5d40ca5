// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Control
package import Plant
package import PlantSim

/// A site's simulated plant behind its sensors: what a controller reads of it, and what it writes to it.
///
/// Readings are fresh, and as exact as the sensors, on the same points as the agent reads; a command reaches the
/// plant before its next step. Points that only count energy may be read less often, since nothing controls by them.
package struct SimulatedSite: Sendable {
    package let site: SiteDescription
    package var facility: Facility
    /// What was read last.
    package private(set) var image: ProcessImage

    private let everyPoint: [PointIndex]
    private let controlPoints: [PointIndex]

    package init(site: SiteDescription, facility: Facility) {
        self.site = site
        self.facility = facility
        everyPoint = site.points.map(\.index)
        controlPoints = Self.controlPoints(of: site)
        image = ProcessImage(
            time: facility.time,
            readings: Array(repeating: .notYetRead, count: site.points.count)
        )
        read()
    }

    /// The points that control works with: no meters, and no racks.
    static func controlPoints(of site: SiteDescription) -> [PointIndex] {
        let meters = Set(site.meters.map(\.device))
        let racks = Set(site.plant.racks.map(\.id))
        return site.points.filter { point in
            let device = site.devices[point.device]
            return !(meters.contains(device.id) && !Self.isController(device, site))
                && !racks.contains(device.equipment)
        }.map(\.index)
    }

    /// A meter that takes commands too is part of what is controlled.
    private static func isController(_ device: DeviceDescription, _ site: SiteDescription) -> Bool {
        site.maps[device.map].points.contains { $0.write != nil }
    }

    /// The plant moves on by `dt`, 0 to 30 s; nothing is read.
    package mutating func advance(_ dt: Duration) { facility.step(dt: dt) }

    /// Reads every point.
    package mutating func read() { read(everyPoint) }

    /// Reads the points that control works with, not the energy meters.
    package mutating func readControlPoints() { read(controlPoints) }

    private mutating func read(_ points: [PointIndex]) {
        var readings = image.readings
        // The image lets go of the readings, so that they are changed in place.
        image = ProcessImage(time: facility.time, readings: [])
        facility.read(points, into: &readings)
        image = ProcessImage(time: facility.time, readings: readings)
    }

    /// Writes one value to its device.
    package mutating func write(_ entry: PointValue) { facility.apply(entry.point, value: entry.value) }

    /// Writes commands to their devices.
    ///
    /// - Returns: One confirmation per command.
    package mutating func carryOut(_ commands: [Command]) -> [WriteOutcome] {
        var outcomes: [WriteOutcome] = []
        outcomes.reserveCapacity(commands.count)
        for command in commands {
            guard let index = site.index(of: command.point) else { continue }
            facility.apply(index, value: command.value)
            outcomes.append(.confirmed(command, at: image.time))
        }
        return outcomes
    }

    /// The usable value of an equipment's point in the newest image, in its base unit.
    package func value(_ equipment: String, _ point: String) -> Double? {
        image[site.index(equipment: equipment, point)].usableValue
    }
}

extension WriteOutcome {
    /// What a device that takes every write answers.
    static func confirmed(_ command: Command, at time: Timestamp) -> WriteOutcome {
        WriteOutcome(
            point: command.point,
            value: command.value,
            readBack: command.value,
            result: .confirmed,
            detail: "",
            time: time,
            durationSeconds: 0
        )
    }
}

extension SiteDescription {
    /// The requests that make every loop automatic, with a record that names the simulation as its proof.
    package func promotions(by requester: String) -> [OperatorRequest] {
        loops.map { loop in
            OperatorRequest(
                action: .mode(loop: loop.id, mode: .automatic),
                reason: requester,
                record: CommissioningRecord(
                    site: id,
                    loops: loops.map(\.id),
                    signedBy: requester,
                    date: "2026-02-28",
                    checks: [CommissioningCheck(what: "run against the simulated plant", isPassed: true)]
                ),
                requester: requester
            )
        }
    }
}
