// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// Something that goes wrong with the plant itself, not with what its devices say.
package enum PlantFault: Hashable, Sendable {
    /// A protection holds a chiller or heat pump tripped; when the fault is over it clears once it is disabled.
    case trip
    /// A chiller or heat pump is out of service: it ignores its enable and reports no fault.
    case unavailable
    /// So many of a loop's or unit's pumps stand.
    case pumpLost(Ratio)
    /// The fan of a tower cell or air handler stands.
    case fanStopped
    /// A valve runs to this position and stays there; nil stays where it is.
    case valveStuck(Ratio?)
    /// Deposits took so much of an exchanger's conductance, of a tower's fill or of a chiller's efficiency.
    case fouling(Ratio)
    /// The district network's pump stands: there is a permit, but the network takes nothing.
    case refusesHeat
    /// The utility is lost: what is not on these groups' uninterruptible supply stands until it is back.
    case utilityLost(rideThrough: Set<PowerGroup>)

    /// The groups of motors that a supply keeps going or not.
    package enum PowerGroup: String, CaseIterable, Hashable, Sendable {
        case chillers
        case towers
        case condenserPumps = "condenser_pumps"
        case facilityPumps = "facility_pumps"
        case coolantUnits = "cdus"
        case airHandlers = "air_handlers"
        case heatPumps = "heat_pumps"
    }
}

/// One plant fault on some equipment for some time.
package struct PlantFaultEvent: Hashable, Sendable {
    /// Plant time between the start of the scenario and the fault.
    package let after: Duration
    /// Plant time until it is over; nil where it stays.
    package let lasts: Duration?
    /// Over equipment ids.
    package let equipment: PointGlob
    package let fault: PlantFault
    /// Where it was asked for, `file:line:column`.
    package let origin: String

    package init(after: Duration, lasts: Duration?, equipment: PointGlob, fault: PlantFault, origin: String) {
        self.after = after
        self.lasts = lasts
        self.equipment = equipment
        self.fault = fault
        self.origin = origin
    }

    /// Whether it is on, so much plant time after the start.
    package func isOn(at elapsed: Duration) -> Bool {
        elapsed >= after && lasts.map { elapsed < after + $0 } ?? true
    }
}

extension PlantFault {
    /// The equipment of a plant that the fault can be on, in the plant's order.
    package func equipment(of plant: PlantComposition) -> [String] {
        let units = plant.coolantDistributionUnits.map(\.id)
        let handlers = plant.airHandlers.map(\.id)
        let loops = plant.waterLoops
        let machines = loops.flatMap(\.chillers).map(\.id) + plant.heatPumps.map(\.id)
        let towers = loops.flatMap(\.coolingTowers).map(\.id)
        let recovery = loops.compactMap(\.heatRecovery?.id)
        let economizers = loops.compactMap(\.waterEconomizer?.id)
        switch self {
        case .trip, .unavailable: return machines
        case .pumpLost:
            return loops.flatMap { [$0.facilityWater?.id, $0.condenserWater?.id] }.compactMap(\.self) + recovery + units
        case .fanStopped: return towers + handlers
        case .valveStuck: return economizers + recovery + units + handlers
        case .fouling: return economizers + recovery + units + handlers + towers + machines
        case .refusesHeat: return [plant.districtHeating?.id].compactMap(\.self)
        case .utilityLost: return ["site"]
        }
    }
}
