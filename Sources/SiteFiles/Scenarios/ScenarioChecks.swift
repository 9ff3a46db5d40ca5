// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

extension SiteFiles {
    /// What a scenario names that a site does not have, each as `file:line:column: message`, in the scenario's order.
    package static func problems(of scenario: Scenario, on site: SiteDescription) -> [String] {
        ScenarioChecks(site: site).problems(of: scenario)
    }
}

/// Holds the names in a scenario against a site.
struct ScenarioChecks {
    let site: SiteDescription

    func problems(of scenario: Scenario) -> [String] {
        scenario.faults.compactMap(problem(of:)) + scenario.plantFaults.compactMap(problem(of:))
            + scenario.expectations.compactMap(problem(of:))
    }

    private func problem(of fault: FaultEvent) -> String? {
        guard fault.selector.devices(of: site).isEmpty else { return nil }
        let selector = fault.selector
        let ids = site.devices.map(\.id)
        if !ids.contains(where: { selector.devices.matches($0) }) {
            return "\(fault.origin): " + unknown("device", selector.devices, ids)
        }
        let endpoints = site.endpoints.map(\.id)
        if !endpoints.contains(where: { selector.endpoints.matches($0) }) {
            return "\(fault.origin): " + unknown("endpoint", selector.endpoints, endpoints)
        }
        return "\(fault.origin): no device of the site fits all of devices, endpoints and units"
    }

    private func problem(of fault: PlantFaultEvent) -> String? {
        let ids = fault.fault.equipment(of: site.plant)
        if ids == ["site"] { return nil }
        guard !ids.contains(where: { fault.equipment.matches($0) }) else { return nil }
        return "\(fault.origin): " + unknown("equipment for this fault", fault.equipment, ids)
    }

    private func problem(of expectation: Expectation) -> String? {
        let message: String? =
            switch expectation.kind {
            case .limit(let limit), .reaches(let limit, _): problem(of: limit)
            case .starts(let machines, _, _):
                missing(
                    "machine",
                    machines,
                    site.plant.waterLoops.flatMap(\.chillers).map(\.id) + site.plant.heatPumps.map(\.id)
                )
            case .automatic(let loops, _): missing("loop", loops, site.loops.map(\.id))
            case .passes(let loop, _), .enters(let loop, _, _):
                missing("loop", PointGlob(loop), site.loops.map(\.id))
            case .alarms, .noOtherAlarms, .cooling, .safeCommands, .limitedRacks: nil
            }
        return message.map { "\(expectation.origin): \($0)" }
    }

    private func problem(of limit: LimitExpectation) -> String? {
        let points = site.points.filter { limit.points.matches($0.id) }
        guard !points.isEmpty else {
            return unknown("point", limit.points, site.points.map(\.id.description))
        }
        guard let unit = limit.unit, let other = points.first(where: { $0.unit != unit }) else { return nil }
        return "\(other.id) is in \(other.unit.rawValue), not in \(unit.rawValue); give its bounds so"
    }

    private func missing(_ what: String, _ glob: PointGlob, _ ids: [String]) -> String? {
        ids.contains { glob.matches($0) } ? nil : unknown(what, glob, ids)
    }

    private func unknown(_ what: String, _ glob: PointGlob, _ ids: [String]) -> String {
        "no \(what) of the site fits '\(glob.text)'; " + NearestName.hint(for: glob.text, in: ids, called: "there")
    }
}
