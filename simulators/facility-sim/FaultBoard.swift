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
    /// The unit ids at which each device answers, by position in the site's devices.
    private let units: [ClosedRange<UInt8>]

    init(site: SiteDescription, banks: [RegisterBank], firstPoints: [Int], isAtEveryUnit: Bool = false) {
        self.site = site
        units = site.devices.map { isAtEveryUnit ? .min ... .max : $0.unit...$0.unit }
        self.banks = banks
        self.firstPoints = firstPoints
        switches = site.endpoints.map { _ in FaultSwitch() }
    }

    /// Lets these faults, and no others, be on.
    func apply(_ faults: [ScheduledFault]) {
        var units = Array(repeating: [UInt8: UnitFaults](), count: site.endpoints.count)
        var connectionLimits: [Int?] = Array(repeating: nil, count: site.endpoints.count)
        var writes = Array(repeating: [Int: BankWriteFault](), count: site.devices.count)
        var frozen = Array(repeating: Set<Int>(), count: site.devices.count)
        for fault in faults {
            for device in fault.devices {
                let endpoint = site.devices[device].endpoint
                switch fault.event.fault {
                case .latency(let profile):
                    for unit in self.units[device] { units[endpoint][unit, default: UnitFaults()].latency = profile }
                case .reply(let reply, let share):
                    let reply = UnitFaults.Reply(reply, share: share.fraction)
                    for unit in self.units[device] {
                        units[endpoint][unit, default: UnitFaults()].replies.append(reply)
                    }
                case .connectionLimit(let limit):
                    connectionLimits[endpoint] = min(limit, connectionLimits[endpoint] ?? limit)
                case .write(let write): add(write, of: fault, to: &writes[device], device)
                case .restart:
                    for unit in self.units[device] {
                        units[endpoint][unit, default: UnitFaults()].replies.append(.away)
                    }
                case .stuck:
                    let points = banks[device].map.points.indices
                    frozen[device].formUnion(fault.points.map { $0 - firstPoints[device] }.filter(points.contains))
                case .drift, .bias, .noise, .watchdog: break
                }
            }
        }
        for (endpoint, faultSwitch) in switches.enumerated() {
            faultSwitch.set(units[endpoint], connectionLimit: connectionLimits[endpoint])
        }
        for (device, bank) in banks.enumerated() {
            bank.setWriteFaults(writes[device])
            bank.setFrozenPoints(frozen[device])
        }
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
