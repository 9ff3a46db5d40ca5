// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import KPI
import Plant
import PlantSim
import SiteFiles

/// What control, key figures and the simulator say against a site: `check` finds all that would keep `run` from
/// starting.
enum SiteJudgement {
    static func objections(to site: SiteDescription) -> [SiteObjection] {
        keyFigures(site) + loops(site) + climate(site)
    }

    private static func climate(_ site: SiteDescription) -> [SiteObjection] {
        let name = site.plant.surroundings.climate
        guard !RunSurroundings.climates.contains(name) else { return [] }
        let known = RunSurroundings.climates.joined(separator: ", ")
        return [SiteObjection(.climate, "there is no climate '\(name)' to simulate the site in; take one of \(known)")]
    }

    private static func loops(_ site: SiteDescription) -> [SiteObjection] {
        let problems = ControlCycle.make(site: site).problems
        guard !problems.isEmpty else { return [] }
        // A problem names the equipment that lacks something; which loop misses it shows when each is built alone.
        let alone = site.loops.map { loop in
            (id: loop.id, problems: Set(ControlCycle.make(site: site.with(only: loop)).problems))
        }
        return problems.map { problem in
            if let parameter = problem.parameter(of: site) {
                return SiteObjection(parameter, "\(problem.subject): \(problem.message)")
            }
            let loop = alone.first { $0.problems.contains(problem) }?.id ?? problem.subject
            return SiteObjection(.loop(loop), "\(problem.subject): \(problem.message)")
        }
    }

    private static func keyFigures(_ site: SiteDescription) -> [SiteObjection] {
        KPIEngine.make(site: site).problems.map { problem in
            let meter = site.meters.first { problem.place == "meters: \($0.device) at \($0.place.rawValue)" }
            let subject =
                meter.map { SiteObjection.Subject.meter(device: $0.device, place: $0.place) } ?? .keyFigures
            return SiteObjection(subject, problem.description)
        }
    }
}

extension ControlProblem {
    /// The parameter it concerns, where it concerns one.
    fileprivate func parameter(of site: SiteDescription) -> SiteObjection.Subject? {
        for loop in site.loops {
            for parameter in loop.parameters where subject == "loop \(loop.id), parameter \(parameter.name)" {
                return .parameter(loop: loop.id, name: parameter.name)
            }
        }
        return nil
    }
}

extension SiteDescription {
    /// The site with one of its loops.
    fileprivate func with(only loop: LoopDescription) -> SiteDescription {
        SiteDescription(
            id: id,
            name: name,
            jurisdiction: jurisdiction,
            cycleInterval: cycleInterval,
            simulation: simulation,
            endpoints: endpoints,
            maps: maps,
            devices: devices,
            meters: meters,
            plant: plant,
            loops: [loop],
            kpis: kpis,
            store: store,
            remoteWrite: remoteWrite
        )
    }
}
