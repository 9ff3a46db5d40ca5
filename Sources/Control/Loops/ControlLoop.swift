// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// What one loop gets in one cycle.
struct LoopStep {
    let image: ProcessImage
    let dt: Duration
    /// Time between two looks at the slow rules of a sequence.
    var supervision: Duration = .zero
    /// Whether the loop's wishes are sent.
    let isActing: Bool
    let isHeld: (PointIndex) -> Bool

    /// Whether a wish for this point reaches it.
    func reaches(_ point: PointIndex?) -> Bool {
        guard isActing, let point else { return false }
        return !isHeld(point)
    }
}

/// A sequence bound to the points of a site.
protocol ControlLoop: Sendable {
    /// The points it may wish for.
    var commandPoints: [PointIndex] { get }
    var state: LoopState { get }

    mutating func step(_ step: LoopStep, context: inout PlantContext) -> LoopOutput
    mutating func adopt(_ image: ProcessImage)
    /// Continues from a saved state; one that does not fit this site is left out.
    mutating func restore(_ state: LoopState)
}

/// What is kept of one loop across a restart.
enum LoopState: Sendable, Codable {
    case heatExport(HeatExport.State)
    case waterEconomizer(WaterEconomizer.State)
    case chillerStaging(ChillerStaging.State)
    case coolingTower(CoolingTower.State)
    case coolantSupply([CoolantSupplyLoop.UnitState])
}

extension LoopOutput {
    /// An output whose events are the state changes of the step.
    static func make(
        state: String,
        reason: Reason,
        wishes: [Wish] = [],
        limits: [PointLimit] = [],
        alarms: [AlarmCondition] = [],
        changes: [Reason],
        subject: String,
        at time: Timestamp
    ) -> LoopOutput {
        LoopOutput(
            state: state,
            reason: reason,
            wishes: wishes,
            limits: limits,
            alarms: alarms,
            events: changes.map { Event(time: time, kind: $0.code, subject: subject, message: $0.text) }
        )
    }
}

extension [Wish] {
    /// Adds a wish where both the point and the value are there.
    mutating func add(_ point: PointIndex?, _ value: Double?, _ reason: Reason) {
        guard let point, let value, value.isFinite else { return }
        append(Wish(point: point, value: value, reason: reason))
    }
}

extension [PointLimit] {
    /// Adds a limit where the point is there.
    mutating func add(
        _ point: PointIndex?,
        _ layer: ArbitrationLayer,
        _ allowed: ClosedRange<Double>,
        _ reason: Reason
    ) {
        guard let point else { return }
        append(PointLimit(point: point, layer: layer, allowed: allowed, reason: reason))
    }
}
