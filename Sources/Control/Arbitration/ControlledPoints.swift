// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Thermo

/// What a writable point does in the plant; decides its fail-safe value and its place in the order of commands.
package enum PointRole: Hashable, Sendable {
    case facilityWaterPump
    case condenserWaterPump
    case towerFan
    case economizerValve
    case chillerEnable
    case chillerSetpoint
    case coolantSetpoint
    case recoveryValve
    case recoveryPump
    case heatPumpEnable
    case heatPumpCapacity
    case other
}

/// One writable point with all that arbitration and writing need to know of it.
///
/// Never changes, and is a class only so that a cycle hands it on without copying it.
package final class ControlledPoint: Sendable {
    package let id: PointID
    package let index: PointIndex
    /// Position of the point's device in the site.
    package let device: Int
    package let unit: PointUnit
    package let role: PointRole
    /// What the map lets be written.
    package let range: AllowedValues
    /// The value of most cooling, in the point's base unit; nil where the point keeps what it has.
    package let failSafe: Double?
    /// What the map says gives the point back to its device, in its base unit.
    package let home: Double?
    /// What the device shows after it has restarted, in the point's base unit; nil where it keeps the last value.
    package let restartValue: Double?
    package let lease: Duration?
    /// A third of the lease in milliseconds, after which a value that stands is sent again.
    let refreshMilliseconds: Int64?
    package let settle: Duration
    package let isStored: Bool
    package let isReadable: Bool
    /// Two values nearer than this are the same to the device, in the point's base unit.
    package let tolerance: Double
    /// The least change worth a write, in the point's base unit.
    package let step: Double
    /// The fastest change, in the point's base unit per second; nil where it may jump.
    package let slewPerSecond: Double?
    /// Whether only the fall is limited: more flow and more cooling never wait.
    package let risesFreely: Bool
    /// Values between zero and this, in the point's base unit, are jumped over by a ramp.
    package let minimumRunning: Double
    /// What proves that the device acts on a command it has taken; nil where the map names nothing for that.
    package let feedback: FeedbackRule?

    /// What the point is sent to when the agent leaves, in its base unit; nil where it keeps what it has.
    ///
    /// A chiller that was staged off comes back instead of following a home value of "off": nobody would stage it up.
    package var departure: Double? { role == .chillerEnable ? failSafe : home }

    init(
        _ description: PointDescription,
        _ mapPoint: MapPoint,
        _ write: WriteBehavior,
        role: PointRole,
        site: SiteDescription
    ) {
        id = description.id
        index = description.index
        device = description.device
        unit = description.unit
        self.role = role
        range = Self.allowed(write.range, unit: description.unit)
        let equipment = site.devices[description.device].equipment
        failSafe = Self.failSafe(role, of: equipment, home: write.home, plant: site.plant)
        home = write.home
        restartValue = write.restartValue
        lease = write.lease
        refreshMilliseconds = write.lease.map { ($0 / 3).wholeMilliseconds }
        settle = write.settle
        isStored = write.isStored
        isReadable = mapPoint.isReadable
        let resolution = Self.resolution(mapPoint)
        let policy = UnitPolicy(description.unit)
        tolerance = max(resolution, policy.tolerance)
        step = max(resolution, policy.step)
        slewPerSecond = Self.mayJump(role) ? nil : policy.slewPerSecond
        risesFreely = [.towerFan, .facilityWaterPump, .condenserWaterPump, .recoveryPump].contains(role)
        minimumRunning = risesFreely ? 0.2 : 0
        feedback = FeedbackRule(description, mapPoint, write, site: site)
    }
}

/// The writable points of a site in site order; a point's place in this list is its slot.
package struct ControlledPoints: Sendable {
    package let points: [ControlledPoint]
    /// The slots of points whose map names a feedback beside the read-back.
    let slotsWithFeedback: [Int]
    /// Slot by point position, -1 where the point is not writable.
    private let slotByPosition: [Int]

    package init(site: SiteDescription) {
        let roles = Self.roles(of: site)
        var points: [ControlledPoint] = []
        var slots = Array(repeating: -1, count: site.points.count)
        for description in site.points {
            let mapPoint = site.mapPoint(description.index)
            guard let write = mapPoint.write else { continue }
            slots[description.index.position] = points.count
            let role = roles[description.index] ?? .other
            points.append(ControlledPoint(description, mapPoint, write, role: role, site: site))
        }
        self.points = points
        slotsWithFeedback = points.indices.filter { points[$0].feedback != nil }
        slotByPosition = slots
    }

    /// The slot of a point, or nil where it may never be written.
    package func slot(of index: PointIndex) -> Int? {
        let slot = slotByPosition[index.position]
        return slot < 0 ? nil : slot
    }

    private static func roles(of site: SiteDescription) -> [PointIndex: PointRole] {
        let plant = site.plant
        var named: [(id: String?, point: String, role: PointRole)] = []
        for loop in plant.waterLoops {
            named += [
                (loop.facilityWater?.id, PointName.pumpSpeedCommand, .facilityWaterPump),
                (loop.condenserWater?.id, PointName.pumpSpeedCommand, .condenserWaterPump),
                (loop.waterEconomizer?.id, PointName.valvePositionCommand, .economizerValve),
                (loop.heatRecovery?.id, PointName.valvePositionCommand, .recoveryValve),
                (loop.heatRecovery?.id, PointName.pumpSpeedCommand, .recoveryPump),
            ]
            for tower in loop.coolingTowers { named.append((tower.id, PointName.fanSpeedCommand, .towerFan)) }
            for chiller in loop.chillers {
                named.append((chiller.id, PointName.enableCommand, .chillerEnable))
                named.append((chiller.id, PointName.chilledWaterSetpoint, .chillerSetpoint))
            }
        }
        for unit in plant.coolantDistributionUnits {
            named.append((unit.id, PointName.coolantSupplyTemperatureSetpoint, .coolantSetpoint))
        }
        for pump in plant.heatPumps {
            named.append((pump.id, PointName.enableCommand, .heatPumpEnable))
            named.append((pump.id, PointName.capacityCommand, .heatPumpCapacity))
        }
        var roles: [PointIndex: PointRole] = [:]
        for entry in named {
            guard let id = entry.id, let index = site.index(equipment: id, entry.point) else { continue }
            roles[index] = entry.role
        }
        return roles
    }
}

extension ControlledPoint {
    /// Whether the device shows `expected`, as near as it can tell values apart.
    func shows(_ value: Double, _ expected: Double?) -> Bool {
        guard let expected else { return false }
        return abs(value - expected) <= tolerance
    }

    /// Valves have their own travel time, and a heat pump's capacity its own ramp: limiting them twice only adds lag.
    private static func mayJump(_ role: PointRole) -> Bool {
        role == .economizerValve || role == .recoveryValve || role == .heatPumpCapacity
    }

    private static func allowed(_ range: ClosedRange<Double>, unit: PointUnit) -> AllowedValues {
        guard unit == .boolean else { return .interval(range) }
        return AllowedValues.states([0, 1]).intersected(with: range) ?? .interval(range)
    }

    /// The failure value is more cooling: pumps, fans and chillers on, heat export off, the economizer as it stands.
    private static func failSafe(
        _ role: PointRole,
        of equipment: String,
        home: Double?,
        plant: PlantComposition
    ) -> Double? {
        switch role {
        case .facilityWaterPump, .condenserWaterPump, .towerFan, .chillerEnable: 1
        case .recoveryValve, .recoveryPump, .heatPumpEnable, .heatPumpCapacity: 0
        case .chillerSetpoint:
            plant.waterLoops.first { $0.chillers.contains { $0.id == equipment } }?
                .facilityWater?.supplyMinimum.celsius ?? home
        case .coolantSetpoint, .other: home
        case .economizerValve: nil
        }
    }

    /// One count of the register in the point's base unit; 0 for floating point.
    static func resolution(_ mapPoint: MapPoint) -> Double {
        switch mapPoint.type {
        case .float, .string: 0
        default: abs(mapPoint.scale * mapPoint.unit.factor)
        }
    }
}

/// How finely and how fast points of a unit are written.
///
/// Rates follow field practice for supervisory writes: 0.5 K in 5 min for water setpoints, 5 % a minute for speeds that
/// fall. Enables and codes may jump.
private struct UnitPolicy {
    let tolerance: Double
    let step: Double
    let slewPerSecond: Double?

    init(_ unit: PointUnit) {
        switch unit {
        case .celsius, .kelvins: (tolerance, step, slewPerSecond) = (0.02, 0.1, 0.5 / 300)
        case .ratio: (tolerance, step, slewPerSecond) = (0.002, 0.01, 0.05 / 60)
        case .boolean, .enumeration, .count, .bitField: (tolerance, step, slewPerSecond) = (0.5, 0.5, nil)
        default: (tolerance, step, slewPerSecond) = (1e-6, 1e-6, nil)
        }
    }
}
