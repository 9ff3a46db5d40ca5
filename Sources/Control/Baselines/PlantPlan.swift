// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// How a plant of chillers, towers and water economizer is to run for a while: the mode and the values that go with it.
package struct PlantPlan: Hashable, Sendable {
    /// Whether condenser water goes through the economizer.
    package var isEconomizerOpen: Bool
    /// Number of chillers that are enabled.
    package var chillers: Int
    /// What chillers, or in free cooling the tower fans, hold the facility water supply at, in degrees Celsius.
    package var supplySetpoint: Double
    /// Speed of all tower fans beside chillers, 0...1; free cooling finds its own.
    package var fanSpeed: Double
    /// 0...1 of full speed.
    package var condenserPumpSpeed: Double
    /// 0...1 of full speed.
    package var facilityPumpSpeed: Double
    /// Whether it is followed within ``PlanLimits/shipped`` also by who has no limits: a jump is not always the best.
    package var isGentle = false

    package init(
        isEconomizerOpen: Bool,
        chillers: Int,
        supplySetpoint: Double,
        fanSpeed: Double,
        condenserPumpSpeed: Double,
        facilityPumpSpeed: Double
    ) {
        self.isEconomizerOpen = isEconomizerOpen
        self.chillers = chillers
        self.supplySetpoint = supplySetpoint
        self.fanSpeed = fanSpeed
        self.condenserPumpSpeed = condenserPumpSpeed
        self.facilityPumpSpeed = facilityPumpSpeed
    }

    /// Whether towers alone cool.
    package var isFree: Bool { isEconomizerOpen && chillers == 0 }
}

/// How fast a plan may be followed.
package struct PlanLimits: Hashable, Sendable {
    /// Time of the economizer valve from shut to open.
    package var valveTravel: Duration
    /// Shortest time that the economizer stays on, and off.
    package var economizerDwell: Duration
    /// Fastest slowing down of fans, share of full speed in a minute; they speed up at once.
    package var slowDown: Ratio
    /// Largest move of the chilled water setpoint in 5 min.
    package var setpointSlew: TemperatureDifference
    /// Shortest run of a chiller.
    package var minimumOn: Duration
    /// Shortest stop of a chiller.
    package var minimumOff: Duration
    /// Shortest time between two changes of the number of chillers.
    package var stageInterval: Duration
    /// The same on the way to free cooling, where all stop one after the other.
    package var stopInterval: Duration
    /// Shortest time between two starts of one chiller.
    package var startInterval: Duration

    /// What the product's own sequences keep to with their default parameters; two starts of a chiller an hour.
    package static let shipped: PlanLimits = {
        let chillers = ChillerStagingParameters()
        let economizer = WaterEconomizerParameters()
        return PlanLimits(
            valveTravel: economizer.valveTravel,
            economizerDwell: max(economizer.minimumOn, economizer.minimumOff),
            slowDown: CoolingTowerParameters().slowDown,
            setpointSlew: chillers.setpointSlew,
            minimumOn: chillers.minimumOn,
            minimumOff: chillers.minimumOff,
            stageInterval: max(chillers.minimumStageTime, chillers.stageHold),
            stopInterval: chillers.sequenceInterval,
            startInterval: .seconds(1_800)
        )
    }()
}
