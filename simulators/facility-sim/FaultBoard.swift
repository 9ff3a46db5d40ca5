// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import PlantSim
import Thermo

/// Puts the faults that are on where they act: on endpoints, and on the registers of devices.
struct FaultBoard: Sendable {
    private let site: SiteDescription
    /// By position in the site's endpoints.
    let switches: [FaultSwitch]
    private let banks: [RegisterBank]
    /// The first point of each device in the site's points, by position in its devices.
    private let firstPoints: [Int]

    init(site: SiteDescription, banks: [RegisterBank], firstPoints: [Int]) {
        self.site = site
        self.banks = banks
        self.firstPoints = firstPoints
        switches = site.endpoints.map { _ in FaultSwitch() }
    }

    /// Lets these faults, and no others, be on.
    func apply(_ faults: [ScheduledFault]) {
        var units = Array(repeating: [UInt8: UnitFaults](), count: site.endpoints.count)
        var connectionLimits: [Int?] = Array(repeating: nil, count: site.endpoints.count)
        var writes = Array(repeating: [Int: BankWriteFault](), count: site.devices.count)
        for fault in faults {
            for device in fault.devices {
                let (endpoint, unit) = (site.devices[device].endpoint, site.devices[device].unit)
                switch fault.event.fault {
                case .latency(let profile): units[endpoint][unit, default: UnitFaults()].latency = profile
                case .reply(let reply, let share):
                    units[endpoint][unit, default: UnitFaults()].replies.append(
                        UnitFaults.Reply(reply, share: share.fraction)
                    )
                case .connectionLimit(let limit):
                    connectionLimits[endpoint] = min(limit, connectionLimits[endpoint] ?? limit)
                case .write(let write): add(write, of: fault, to: &writes[device], device)
                case .restart: units[endpoint][unit, default: UnitFaults()].replies.append(.away)
                case .stuck, .drift, .bias, .noise, .watchdog: break
                }
            }
        }
        for (endpoint, faultSwitch) in switches.enumerated() {
            faultSwitch.set(units[endpoint], connectionLimit: connectionLimits[endpoint])
        }
        for (device, bank) in banks.enumerated() { bank.setWriteFaults(writes[device]) }
    }

    private func add(
        _ write: WriteFault,
        of fault: ScheduledFault,
        to faults: inout [Int: BankWriteFault],
        _ device: Int
    ) {
        let points = banks[device].map.points.indices
        for point in fault.points where points.contains(point - firstPoints[device]) {
            faults[point - firstPoints[device]] =
                switch write {
                case .ignored, .localPanel: .ignored
                case .clamped(let range): .clamped(range)
                case .slow: .deferred
                case .wornOut(let most): .wornOut(after: most)
                }
        }
    }
}

extension UnitFaults.Reply {
    /// A device that is away ends the connection and answers nothing.
    fileprivate static let away = UnitFaults.Reply(.reset, share: 1)
}
