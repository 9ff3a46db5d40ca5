// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Simulation
import Thermo

/// The first days of every month, each month a run of its own, so that as many go on at a time as there are processors.
struct YearOfRuns {
    let site: SiteDescription
    let air: RunSurroundings.Air
    /// Days of every month, 1...31.
    let days: Int

    private static let step = Duration.seconds(30)
    private static let racksPower = Power(kilowatts: 8_500)

    /// Twelve runs, or every reason why there are none.
    func runs(of controller: SimulatedController) -> ([SimulationRun], problems: [SimulationProblem]) {
        let load: LoadTrace
        do { load = try Self.load(of: site.plant.racks) } catch {
            return ([], [SimulationProblem(subject: "racks", message: "cannot draw 8.5 MW: \(error)")])
        }
        var runs: [SimulationRun] = []
        for month in 1...12 {
            let start = CalendarTime(year: 2_026, month: month, day: 1).timestamp
            let next = CalendarTime(year: month == 12 ? 2_027 : 2_026, month: month % 12 + 1, day: 1).timestamp
            let setup = SimulationSetup(
                site: site,
                start: start,
                duration: min(.seconds(days * 86_400), next - start),
                plantStep: Self.step,
                controlStep: Self.step,
                facility: FacilitySettings(profile: .trace(load)),
                surroundings: RunSurroundings(air: air, events: [])
            )
            let (run, problems) = controller.run(setup)
            guard let run else { return ([], problems) }
            runs.append(run)
        }
        return (runs, [])
    }

    /// The utilisation at which racks draw 8.5 MW: a straight line from the idle share to nominal power.
    private static func load(of racks: [RackDescription]) throws -> LoadTrace {
        let nominal = racks.reduce(0) { $0 + $1.nominalPower.watts }
        let idle = racks.reduce(0) { $0 + $1.nominalPower.watts * $1.idleShare.fraction }
        let utilisation = (racksPower.watts - idle) / (nominal - idle)
        return try LoadTrace(commaSeparated: "hours,utilisation\n0,\(utilisation)\n1,\(utilisation)\n")
    }
}
