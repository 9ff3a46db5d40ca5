// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control

/// Finds the plan with the least cost: every mode once, then the best few by coordinates from coarse to fine.
///
/// The search along a coordinate goes on while it helps and halves the step where nothing does (Hooke and Jeeves,
/// "Direct Search Solution of Numerical and Statistical Problems", Journal of the ACM 8, 1961). Warmer water can be
/// had with more of it, and less air with more water, so that two diagonals stand beside the coordinates. Whatever it
/// found for a mode is where it starts from the next time.
struct PlanSearch: Sendable {
    /// What tells the modes apart.
    struct Mode: Hashable, Sendable {
        let isEconomizerOpen: Bool
        let chillers: Int

        init(_ plan: PlantPlan) {
            isEconomizerOpen = plan.isEconomizerOpen
            chillers = plan.chillers
        }
    }

    /// How much is tried.
    struct Effort: Hashable, Sendable {
        /// Trials for one plan, modes included.
        var trials: Int
        /// Modes that are refined.
        var modes: Int

        static let standard = Effort(trials: 80, modes: 2)
    }

    /// A plan with its cost in kilowatt hours.
    struct Tried: Sendable {
        let plan: PlantPlan
        let cost: Double
    }

    let effort: Effort
    /// Number of chillers of the site.
    let chillers: Int
    let hasEconomizer: Bool
    /// Whether a plan may be followed gently or not.
    let hasPace: Bool
    /// Facility water setpoints, in degrees Celsius.
    let setpoints: ClosedRange<Double>
    /// The best plan of each mode the last time; a list, so that no order of a dictionary matters.
    private var known: [PlantPlan] = []
    /// Trials so far.
    private(set) var trials = 0

    private static let coarsest = 1.0
    private static let finest = 0.125
    private static let speeds = 0.2...1.0
    private static let pumpSpeeds = 0.3...1.0
    private static let condenserSpeeds = 0.4...1.0
    /// The coarsest move in each direction: setpoint in kelvins, then speeds of fans, condenser and facility pumps.
    private static let moves: [(setpoint: Double, fan: Double, condenser: Double, facility: Double)] = [
        (2, 0, 0, 0), (0, 0.2, 0, 0), (0, 0, 0.2, 0), (0, 0, 0, 0.12), (2, 0, 0, 0.12), (0, 0.2, -0.2, 0),
    ]

    init(effort: Effort, chillers: Int, hasEconomizer: Bool, hasPace: Bool, setpoints: ClosedRange<Double>) {
        self.effort = effort
        self.chillers = chillers
        self.hasEconomizer = hasEconomizer
        self.hasPace = hasPace
        self.setpoints = setpoints
    }

    /// Looks for the best plan.
    ///
    /// - Parameters:
    ///   - present: What is followed now.
    ///   - needed: Chillers that the present heat asks for without the economizer.
    ///   - cost: What a plan costs, where its penalties stay below a bound.
    /// - Returns: The best plan that was found.
    mutating func best(
        present: PlantPlan,
        needed: Int,
        cost: (PlantPlan, _ bound: Double) -> Double
    ) -> PlantPlan {
        var left = effort.trials
        var tried: [Tried] = []
        var least = Double.infinity
        for plan in candidates(present: present, needed: needed) {
            let found = Tried(plan: plan, cost: cost(plan, least))
            least = min(least, found.cost)
            tried.append(found)
            left -= 1
        }
        // Sorting may not swap equals, so that the first of them stays.
        var order = tried.indices.sorted { (tried[$0].cost, $0) < (tried[$1].cost, $1) }
        order = Array(order.prefix(effort.modes))
        var best = tried[order[0]]
        for (rank, index) in order.enumerated() {
            var share = left / (order.count - rank)
            let start = share
            let refined = refine(tried[index], trials: &share, cost: cost)
            left -= start - share
            remember(refined.plan)
            if refined.cost < best.cost { best = refined }
        }
        trials += effort.trials - left
        return best.plan
    }

    /// One plan of each mode that may be worth having.
    private func candidates(present: PlantPlan, needed: Int) -> [PlantPlan] {
        var plans = [present]
        func add(_ isOpen: Bool, _ count: Int) {
            var plan = present
            plan.isEconomizerOpen = isOpen
            plan.chillers = count
            guard !plans.contains(where: { Mode($0) == Mode(plan) }) else { return }
            plans.append(known.first { Mode($0) == Mode(plan) } ?? start(plan))
        }
        if hasEconomizer {
            for count in 0...min(needed, chillers) { add(true, count) }
        }
        for count in max(1, needed - 1)...max(1, min(needed + 1, chillers)) { add(false, count) }
        return plans
    }

    /// Where a mode is entered that was never refined.
    private func start(_ plan: PlantPlan) -> PlantPlan {
        var plan = plan
        plan.supplySetpoint = 18
        plan.fanSpeed = 0.8
        plan.condenserPumpSpeed = 1
        plan.facilityPumpSpeed = max(plan.facilityPumpSpeed, 0.9)
        return limited(plan)
    }

    private mutating func remember(_ plan: PlantPlan) {
        if let index = known.firstIndex(where: { Mode($0) == Mode(plan) }) {
            known[index] = plan
        } else {
            known.append(plan)
        }
    }

    /// Follows the coordinates downhill from one plan.
    private func refine(_ start: Tried, trials: inout Int, cost: (PlantPlan, Double) -> Double) -> Tried {
        var best = start
        var seen = [start.plan]
        var size = Self.coarsest
        func tryPlan(_ plan: PlantPlan) -> Bool {
            guard trials > 0, !seen.contains(plan) else { return false }
            trials -= 1
            seen.append(plan)
            let found = cost(plan, best.cost)
            guard found < best.cost else { return false }
            best = Tried(plan: plan, cost: found)
            return true
        }
        while size >= Self.finest, trials > 0 {
            var hasMoved = false
            if hasPace {
                var plan = best.plan
                plan.isGentle.toggle()
                hasMoved = tryPlan(plan)
            }
            for move in Self.moves.indices where !(best.plan.isFree && Self.moves[move].fan != 0) {
                for scale in [size, -size] {
                    var isBetter = false
                    while tryPlan(moved(best.plan, move, scale)) { isBetter = true }
                    hasMoved = hasMoved || isBetter
                    if isBetter { break }
                }
            }
            if !hasMoved { size /= 2 }
        }
        return best
    }

    private func moved(_ plan: PlantPlan, _ move: Int, _ scale: Double) -> PlantPlan {
        let step = Self.moves[move]
        var plan = plan
        plan.supplySetpoint += step.setpoint * scale
        plan.fanSpeed += step.fan * scale
        plan.condenserPumpSpeed += step.condenser * scale
        plan.facilityPumpSpeed += step.facility * scale
        return limited(plan)
    }

    private func limited(_ plan: PlantPlan) -> PlantPlan {
        func within(_ value: Double, _ range: ClosedRange<Double>) -> Double {
            // A thousandth apart is the same, so that no plan is tried twice.
            (min(max(value, range.lowerBound), range.upperBound) * 1_000).rounded() / 1_000
        }
        var plan = plan
        plan.supplySetpoint = within(plan.supplySetpoint, setpoints)
        plan.fanSpeed = within(plan.fanSpeed, Self.speeds)
        plan.condenserPumpSpeed = within(plan.condenserPumpSpeed, Self.condenserSpeeds)
        plan.facilityPumpSpeed = within(plan.facilityPumpSpeed, Self.pumpSpeeds)
        return plan
    }
}
