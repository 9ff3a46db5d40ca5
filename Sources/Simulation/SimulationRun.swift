// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Control
import Plant
package import PlantSim

/// One controller on one simulated plant in virtual time.
///
/// Deterministic: the same setup and controller give the same result bit for bit. Copying it is a snapshot.
///
/// A yardstick may have a forerunner: another run of the same setup that goes along. Where that has come through with
/// less at the end of an hour, the run goes on from the forerunner's plant, as who sees the future would have gone its
/// way from the start; and its result is never worse than the forerunner's.
package struct SimulationRun: Sendable {
    package let setup: SimulationSetup
    package private(set) var plant: SimulatedSite
    private var controller: RunController
    private var ledger: RunLedger
    private var series: SeriesBuilder
    private var balances: BalanceWatch
    private var meters: MeterWatch?
    private var sinceControl = Duration.zero
    private var writes: [PointValue] = []
    /// None or one: a list, since a struct cannot hold its own kind.
    private var forerunner: [SimulationRun] = []
    private var sinceComparison = Duration.zero

    /// How often it is looked whether the forerunner has come through with less.
    private static let comparison = Duration.seconds(3_600)

    /// - Returns: nil and every reason where the site or the setup cannot be simulated.
    package static func make(
        _ setup: SimulationSetup,
        controller: any PlantController
    ) -> (SimulationRun?, problems: [SimulationProblem]) {
        make(setup, .reading(controller))
    }

    /// The same with a yardstick that may look at the plant itself, and at a forerunner of the same setup.
    package static func make(
        _ setup: SimulationSetup,
        controller: any PlanningController,
        forerunner: SimulationRun? = nil
    ) -> (SimulationRun?, problems: [SimulationProblem]) {
        var (run, problems) = make(setup, .planning(controller))
        if let forerunner { run?.forerunner = [forerunner] }
        return (run, problems)
    }

    private static func make(
        _ setup: SimulationSetup,
        _ controller: RunController
    ) -> (SimulationRun?, problems: [SimulationProblem]) {
        let problems = setup.problems
        guard problems.isEmpty else { return (nil, problems) }
        let (facility, found) = Facility.make(
            site: setup.site,
            seed: setup.seed,
            start: setup.start,
            settings: setup.facility,
            surroundings: setup.surroundings
        )
        guard let facility else { return (nil, found) }
        return (SimulationRun(setup, facility: facility, controller: controller), [])
    }

    private init(_ setup: SimulationSetup, facility: Facility, controller: RunController) {
        self.setup = setup
        self.controller = controller
        plant = SimulatedSite(site: setup.site, facility: facility)
        ledger = RunLedger(limits: setup.limits, site: setup.site)
        series = SeriesBuilder(duration: setup.duration)
        balances = BalanceWatch(facility)
        // Meters with errors of their own prove nothing.
        meters = setup.facility.accuracy(of: setup.site) == .exact ? MeterWatch(setup.site) : nil
        meters?.step(plant.image)
    }

    /// Plant time since the start.
    package var elapsed: Duration { plant.facility.time - setup.start }

    /// How the heat leaves facility water at the end of the last step.
    package var way: CoolingWay { ledger.present }

    /// One step of the plant, and a cycle of the controller where one is due.
    package mutating func step() {
        stepPlant()
        guard !forerunner.isEmpty else { return }
        forerunner[0].step()
        sinceComparison += setup.plantStep
        if sinceComparison >= Self.comparison {
            sinceComparison = .zero
            if forerunner[0].spent < spent { followForerunner() }
        }
    }

    /// What an oracle keeps low, since the start; in kilowatt hours.
    private var spent: Double {
        PlanTrial.cost(ledger.energy, ledger.violations, storedHeat: plant.facility.storedHeat ?? 0)
    }

    /// Goes on from where the forerunner stands.
    private mutating func followForerunner() {
        let other = forerunner[0]
        plant = other.plant
        ledger = other.ledger
        series = other.series
        balances = other.balances
        meters = other.meters
        sinceControl = other.sinceControl
        writes = other.writes
        controller.takeOver(plant)
    }

    private mutating func stepPlant() {
        let dt = setup.plantStep
        for entry in writes { plant.write(entry) }
        writes.removeAll(keepingCapacity: true)
        plant.advance(dt)
        observe(dt: dt.inSeconds)
        sinceControl += dt
        let isMeterTime = meters?.isDue(plant.facility.time) ?? false
        guard sinceControl >= setup.controlStep || isMeterTime else { return }
        if isMeterTime {
            plant.read()
            meters?.step(plant.image)
        } else {
            plant.readControlPoints()
        }
        guard sinceControl >= setup.controlStep else { return }
        writes = controller.step(plant, dt: sinceControl)
        ledger.countWrites(writes.count)
        sinceControl = .zero
    }

    /// Looks at the plant piece by piece: a facility is large, and no copy of it is made in a step.
    private mutating func observe(dt: Double) {
        let (flows, cooling) = (plant.facility.flows, plant.facility.coolingPowers)
        ledger.add(flows, cooling, dt: dt)
        if cooling != nil {
            plant.facility.observe(&ledger.observation)
            ledger.addObservation(dt: dt)
        }
        let isFull = series.add(flows, cooling, ledger.observation, ledger.present, dt: dt)
        if isFull { series.close(plant.facility.balance ?? PlantBalance()) }
        if balances.isDue(plant.facility.time) { balances.close(plant.facility) }
    }

    /// Runs to the end.
    ///
    /// - Parameter progress: told the share that is done, 0...1, once a simulated hour; false ends the run early.
    /// - Returns: nil where it was ended early.
    package mutating func run(progress: (Double) -> Bool = { _ in true }) -> SimulationResult? {
        let total = setup.duration.inSeconds
        var next = 3_600.0
        while elapsed < setup.duration {
            step()
            let seconds = elapsed.inSeconds
            guard seconds >= next else { continue }
            next += 3_600
            guard progress(seconds / total) else { return nil }
        }
        return result()
    }

    /// What the run has come to so far, or what its forerunner has where that is better.
    package func result() -> SimulationResult {
        let own = result(of: controller.name)
        guard let other = forerunner.first?.result(of: controller.name) else { return own }
        return other.isBetter(than: own) ? other : own
    }

    /// What the forerunner has come to so far; nil without one.
    package var forerunnerResult: SimulationResult? { forerunner.first?.result() }

    private func result(of name: String) -> SimulationResult {
        var (ledger, series, balances) = (ledger, series, balances)
        let facility = plant.facility
        ledger.finish(facility.balance)
        series.close(facility.balance ?? PlantBalance())
        balances.finish(facility)
        var closure = balances.closure
        closure.meters = meters?.deviation(from: ledger.energy.facility * 3.6e6, plant)
        return SimulationResult(
            controller: name,
            site: setup.site.id,
            start: setup.start,
            hours: elapsed.inSeconds / 3_600,
            seed: setup.seed,
            keyFigures: RunKeyFigures(ledger.energy, setup.site.kpis),
            energy: ledger.energy,
            modes: ledger.modes,
            violations: ledger.violations,
            machines: facility.machineRecords.map { MachineUse(id: $0.id, starts: $0.starts, hours: $0.hours) },
            wear: ledger.wear,
            closure: closure,
            series: series.rows
        )
    }
}

extension RunKeyFigures {
    init(_ energy: RunEnergy, _ settings: KPISettings) {
        func share(_ part: Double, _ whole: Double) -> Double? { whole > 0 ? part / whole : nil }
        let racks = energy.informationTechnology
        pue = share(energy.facility, racks)
        pueWithoutHeatUpgrade = share(energy.facility - energy.heatUpgrade, racks)
        coolingShare = share(energy.cooling, racks)
        wue = share(energy.water * 1_000, racks)
        erf = share(energy.heatExported, energy.facility)
        ere = share(energy.facility - energy.heatExported, racks)
        cue = settings.carbonIntensityGramsPerKilowattHour.flatMap { share($0 * energy.facility, racks) }
    }
}

extension SimulationSetup {
    /// What keeps the setup from being simulated.
    var problems: [SimulationProblem] {
        func problem(_ message: String) -> SimulationProblem { SimulationProblem(subject: "run", message: message) }
        var problems: [SimulationProblem] = []
        if !(Duration.milliseconds(100)...Duration.seconds(30)).contains(plantStep) {
            problems.append(problem("a plant step of \(plantStep); give 0.1 to 30 s"))
        }
        if controlStep < plantStep || controlStep > .seconds(60) {
            problems.append(problem("a control step of \(controlStep); give the plant's step or more, up to 60 s"))
        }
        if duration < plantStep || duration > Self.longest {
            problems.append(problem("a duration of \(duration); give up to \(Self.longest)"))
        }
        if case .climate(let name) = surroundings.air, !RunSurroundings.climates.contains(name) {
            let known = RunSurroundings.climates.joined(separator: ", ")
            problems.append(problem("there is no climate '\(name)'; take one of \(known)"))
        }
        return problems
    }

    /// The longest run: ten years.
    package static let longest = Duration.seconds(3_653 * 86_400)
}
