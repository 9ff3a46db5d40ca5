// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import PlantSim
import SiteFiles
import TestKit
import Testing

/// A shipped site with its simulated plant and the shipped control, cycle by cycle in virtual time.
///
/// Readings are fresh and exact; commands reach the plant at the end of the cycle and are confirmed in the next.
struct VirtualSite {
    let site: SiteDescription
    var facility: Facility
    var control: ControlCycle
    private(set) var image: ProcessImage
    private var outcomes: [WriteOutcome] = []
    /// Plant time of one cycle.
    let dt = Duration.seconds(3)
    let authority = Authority(role: .active, epoch: 1)

    init(_ name: String, seed: UInt64 = 1) throws {
        let loaded = SiteFiles.loadSite(
            path: Repository.path("simulators/sites/\(name).yaml"),
            mapDirectories: [Repository.path("devicemaps")]
        )
        site = try #require(loaded.value, "\(loaded.problems)")
        let start = try #require(site.simulation?.start)
        let simulated = Facility.make(site: site, seed: seed, start: start)
        facility = try #require(simulated.0, "\(simulated.problems)")
        let made = ControlCycle.make(site: site)
        control = try #require(made.0, "\(made.problems)")
        image = Self.image(site, facility)
    }

    /// Plant time since the start of the simulation.
    var elapsed: Duration { facility.time - (site.simulation?.start ?? facility.time) }

    /// One cycle: the plant moves on, is read, control decides, and the plant takes its commands.
    mutating func step(_ requests: [OperatorRequest] = []) -> ControlOutputs {
        facility.step(dt: dt)
        image = Self.image(site, facility)
        let outputs = control.step(
            image,
            dt: dt,
            requests: requests,
            outcomes: outcomes,
            devices: [],
            authority: authority
        )
        outcomes = outputs.commands.compactMap { command in
            guard let index = site.index(of: command.point) else { return nil }
            facility.apply(index, value: command.value)
            return WriteOutcome(
                point: command.point,
                value: command.value,
                readBack: command.value,
                result: .confirmed,
                detail: "",
                time: image.time,
                durationSeconds: 0
            )
        }
        return outputs
    }

    /// One cycle of a plant whose agent is gone.
    mutating func watch() {
        facility.step(dt: dt)
        image = Self.image(site, facility)
    }

    /// Promotes every loop with a complete record.
    func promotions() -> [OperatorRequest] {
        site.loops.map { loop in
            OperatorRequest(
                action: .mode(loop: loop.id, mode: .automatic),
                reason: "closed-loop test",
                record: CommissioningRecord(
                    site: site.id,
                    loops: site.loops.map(\.id),
                    signedBy: "closed-loop test",
                    date: "2026-02-28",
                    checks: [CommissioningCheck(what: "run against the simulated plant", isPassed: true)]
                ),
                requester: "test"
            )
        }
    }

    /// The usable value of an equipment's point in the newest image.
    func value(_ equipment: String, _ point: String) -> Double? {
        image[site.index(equipment: equipment, point)].usableValue
    }

    private static func image(_ site: SiteDescription, _ facility: Facility) -> ProcessImage {
        ProcessImage(
            time: facility.time,
            readings: site.points.map { point in
                facility.value(of: point.index).map { Reading(value: $0, sourceTime: facility.time) }
                    ?? .bad(.notAvailable, at: facility.time)
            }
        )
    }
}
