// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// Speed of variable-speed condenser water pumps: the flow that the machines in line are meant to have.
///
/// - With the economizer on, the design flow of its exchanger and of every chiller in line together, full speed where
///   the pumps cannot give that (ASHRAE Guideline 36-2021, 5.20.9.5 and 5.20.9.6, as documented by the Modelica
///   Buildings Library, `G36.Plants.Chillers.Pumps.CondenserWater.Subsequences.Speed`; no reset by load meanwhile,
///   5.20.10.6). There commissioning finds the speed of every stage, here a loop on the measured flow does.
/// - With chillers alone, their design flow times their part load: Taylor's `CWFR = C PLR + D` ("Optimizing Design &
///   Control of Chilled Water Plants, Part 5", ASHRAE Journal, June 2012) with C = 1 and D = 0, the form in which
///   EnergyPlus has it for each chiller (`Condenser Flow Control`: `ModulatedChillerPLR`). It keeps the range at its
///   design value.
/// - Never less than half of the tower's design flow, below which the fill is not wetted evenly.
///
/// Where the flow is not known, or nothing is known to be in line, the pumps run at full speed.
package struct CondenserPumpReset: Sendable {
    /// What water is wanted for.
    package struct Stage: Hashable, Sendable {
        /// Chillers that run or are told to.
        package var chillers: Int
        /// Load over the capacity of the running chillers; nil where it is not known.
        package var loadRatio: Ratio?
        package var isEconomizerOn: Bool

        package init(chillers: Int, loadRatio: Ratio?, isEconomizerOn: Bool) {
            self.chillers = chillers
            self.loadRatio = loadRatio
            self.isEconomizerOn = isEconomizerOn
        }
    }

    /// Design flow of one chiller's condenser over that of the loop, a ratio.
    package let chillerShare: Double
    /// Design flow of the economizer's exchanger over that of the loop, a ratio.
    package let economizerShare: Double
    private var loop = PIDWithReset()
    private var hasTakenOver = false

    private static let leastFlow = 0.5
    private static let parameters = PIDParameters(
        gain: 0.3,
        integralSeconds: 120,
        limits: 0.3...1,
        isReverseActing: true
    )

    /// - Parameters:
    ///   - chillers: Installed chillers, which share the design flow evenly.
    ///   - economizerFlow: Design flow of the economizer's exchanger; nil where there is none.
    ///   - designFlow: Design flow of the condenser water loop, above zero.
    package init(chillers: Int, economizerFlow: VolumeFlow?, designFlow: VolumeFlow) {
        chillerShare = 1 / Double(max(chillers, 1))
        economizerShare = economizerFlow.map { $0.cubicMetersPerSecond / designFlow.cubicMetersPerSecond } ?? 0
    }

    /// The flow wanted over that of the loop at design, 0.5 or more; above 1 the pumps give what they can.
    package func flowShare(_ stage: Stage) -> Double {
        guard stage.chillers > 0 || stage.isEconomizerOn else { return 1 }
        let condensers = Double(stage.chillers) * chillerShare
        let wanted =
            stage.isEconomizerOn
            ? condensers + economizerShare
            : condensers * min(max(stage.loadRatio?.fraction ?? 1, 0), 1)
        return max(wanted, Self.leastFlow)
    }

    /// One cycle.
    ///
    /// - Parameters:
    ///   - stage: What is in line.
    ///   - measured: Flow over that of the loop at design, a ratio; nil where it is not known.
    ///   - present: The speed commanded at present, from which the loop goes on when it takes over.
    ///   - dt: Plant time since the cycle before.
    /// - Returns: The speed, 0.3...1 of full speed.
    package mutating func step(_ stage: Stage, measured: Double?, present: Double?, dt: Duration) -> Double {
        guard let measured else {
            hasTakenOver = false
            return 1
        }
        if !hasTakenOver {
            hasTakenOver = true
            loop.reset(to: present ?? 1)
        }
        return loop.step(setpoint: flowShare(stage), measurement: measured, parameters: Self.parameters, dt: dt)
    }
}
