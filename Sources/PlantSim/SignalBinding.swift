// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// What of the simulated plant a point shows; bound once, so that no step looks anything up by name.
enum Signal: Hashable, Sendable {
    /// Position in the facility's meters, for this and the next three.
    case activePower(meter: Int)
    case voltage(meter: Int)
    case current(meter: Int)
    case powerFactor(meter: Int)
    case frequency
    /// Position in the facility's registers.
    case energy(register: Int)
}

/// The meters of a facility with the points that show them.
struct SignalBinding: Sendable {
    var meters: [BranchMeter] = []
    var registers: [EnergyRegister] = []
    /// The meter of each register.
    var registerMeters: [Int] = []
    /// By position in the site's points; nil where the simulator has no signal.
    var signals: [Signal?]

    /// Binds every electricity meter of the site, and every other device that serves a rack.
    init(site: SiteDescription, seed: UInt64, accuracy: MeterAccuracy) {
        signals = Array(repeating: nil, count: site.points.count)
        let flows = MeteredFlow.byDevice(of: site)
        var meterOfDevice: [Int?] = Array(repeating: nil, count: site.devices.count)
        for (position, device) in site.devices.enumerated() {
            guard let flow = flows[device.id] else { continue }
            var random = SplitMix64(seed: seed, stream: "meter/\(device.id)")
            let gain = 1 + random.uniform(-accuracy.gainBound...accuracy.gainBound)
            meterOfDevice[position] = meters.count
            meters.append(BranchMeter(flow: flow, gain: gain, noise: accuracy.noise, random: random))
        }
        for point in site.points {
            guard let meter = meterOfDevice[point.device] else { continue }
            bind(point, of: site, meter: meter, seed: seed)
        }
    }

    private mutating func bind(_ point: PointDescription, of site: SiteDescription, meter: Int, seed: UInt64) {
        switch point.id.point {
        case PointName.activePower: signals[point.index.position] = .activePower(meter: meter)
        case PointName.voltage: signals[point.index.position] = .voltage(meter: meter)
        case PointName.current: signals[point.index.position] = .current(meter: meter)
        case PointName.powerFactor: signals[point.index.position] = .powerFactor(meter: meter)
        case PointName.frequency: signals[point.index.position] = .frequency
        case PointName.activeEnergyImport:
            let entry = site.mapPoint(point.index)
            var random = SplitMix64(seed: seed, stream: "register/\(point.id)")
            // No meter in service stands at zero: up to 100 MWh, or anywhere in a register that ends earlier.
            let end = entry.counter?.rollover ?? RegisterCodec(entry).representableRange.map { $0.upperBound / 2 }
            let initial = random.unit() * min(end ?? .infinity, 3.6e11)
            signals[point.index.position] = .energy(register: registers.count)
            registers.append(EnergyRegister(initial: initial, behavior: entry.counter))
            registerMeters.append(meter)
        default: break
        }
    }
}

extension MeteredFlow {
    /// The branch each electricity meter, and each other device that serves a rack, stands in.
    static func byDevice(of site: SiteDescription) -> [String: MeteredFlow] {
        let racks = Dictionary(
            site.plant.racks.enumerated().map { ($0.element.id, $0.offset) },
            uniquingKeysWith: { first, _ in first }
        )
        let halls = ComputeLoad.halls(of: site)
        let equipment = Dictionary(
            site.devices.map { ($0.id, $0.equipment) },
            uniquingKeysWith: { first, _ in first }
        )
        var flows: [String: MeteredFlow] = [:]
        for device in site.devices {
            if let rack = racks[device.equipment] { flows[device.id] = .rack(rack) }
        }
        let electric = site.meters.filter { $0.carrier == .electricity }
        for meter in electric {
            let serves = equipment[meter.device] ?? meter.device
            if let rack = racks[serves] {
                flows[meter.device] = .rack(rack)
            } else if let hall = halls.firstIndex(of: serves), meter.place == .upsOutput {
                flows[meter.device] = .hallUninterruptibleOutput(hall: hall)
            } else if let hall = halls.firstIndex(of: serves), [.itInput, .pduOutput].contains(meter.place) {
                flows[meter.device] = .hall(hall)
            } else {
                let peers = electric.count { peer in
                    let peerServes = equipment[peer.device] ?? peer.device
                    return peer.place == meter.place && peer.sign == meter.sign && racks[peerServes] == nil
                        && !halls.contains(peerServes)
                }
                flows[meter.device] = whole(meter, share: 1 / Double(max(1, peers)))
            }
        }
        return flows
    }

    /// The share of a flow of the whole site that falls on one of several equal meters.
    private static func whole(_ meter: MeterDescription, share: Double) -> MeteredFlow {
        guard meter.sign > 0 else { return .nothing }
        return switch meter.place {
        case .boundary: .boundary(share: share)
        case .upsOutput: .uninterruptibleOutput(share: share)
        case .pduOutput, .itInput: .informationTechnology(share: share)
        case .cooling: .cooling(share: share)
        case .rack, .generator, .heatUpgrade, .heatHandOff, .heatReturned, .heatRemoved, .waterInput: .nothing
        }
    }
}
