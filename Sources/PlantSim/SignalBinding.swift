// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// What of the simulated plant a point shows; bound once, so that no step looks anything up by name.
enum Signal: Sendable {
    /// Position in the facility's meters, for this and the next ones, with the share of the branch on one phase or
    /// beyond one stage.
    case power(meter: Int, share: Double)
    case voltage(meter: Int)
    case current(meter: Int)
    case powerFactor(meter: Int)
    case reactivePower(meter: Int)
    case apparentPower(meter: Int)
    case frequency
    /// Position in the facility's registers.
    case total(register: Int)
    /// Slot of the command board.
    case command(slot: Int)
    case plant(PlantReader)
}

/// A reader in a list: a bare function there would be called through a thunk.
struct BoundReader: Sendable {
    let read: PlantReader
}

/// The meters of a facility with the points that show them.
struct SignalBinding: Sendable {
    var meters: [BranchMeter] = []
    var registers: [EnergyRegister] = []
    /// The meter of each register.
    var registerMeters: [Int] = []
    /// By position in the site's points; nil where the simulator has no signal.
    var signals: [Signal?]
    /// The readers among them, by the same position: most points are read by one, hundreds in every step.
    private(set) var readers: [BoundReader?] = []

    /// Efficiency of a rack's power supply (Open Rack V3 rectifier at usual load).
    private static let supplyEfficiency = 0.96

    /// Binds every meter of the site, every other device that serves a rack, and, with a board, the cooling plant.
    init(site: SiteDescription, seed: UInt64, accuracy: MeterAccuracy, board: CommandBoard?) {
        signals = Array(repeating: nil, count: site.points.count)
        let flows = MeteredFlow.byDevice(of: site, hasPlant: board != nil)
        var meterOfDevice: [Int?] = Array(repeating: nil, count: site.devices.count)
        for (position, device) in site.devices.enumerated() {
            guard let flow = flows[device.id] else { continue }
            var random = SplitMix64(seed: seed, stream: "meter/\(device.id)")
            let gain = 1 + random.uniform(-accuracy.gainBound...accuracy.gainBound)
            meterOfDevice[position] = meters.count
            meters.append(BranchMeter(flow: flow, gain: gain, noise: accuracy.noise, random: random))
        }
        for point in site.points {
            if let meter = meterOfDevice[point.device] { bind(point, of: site, meter: meter, seed: seed) }
            guard let board, signals[point.index.position] == nil else { continue }
            if let slot = board.slot(of: point.index) {
                signals[point.index.position] = .command(slot: slot)
            } else if let slot = Self.shownCommand(point, of: site, board) {
                signals[point.index.position] = .command(slot: slot)
            } else {
                let equipment = site.devices[point.device].equipment
                signals[point.index.position] =
                    PlantSignals.reader(site.plant, equipment: equipment, point: point.id.point).map { .plant($0) }
            }
        }
        readers = signals.map { if case .plant(let read)? = $0 { BoundReader(read: read) } else { nil } }
    }

    /// The command that a point without a command of its own repeats: the setpoint a machine works to.
    private static func shownCommand(_ point: PointDescription, of site: SiteDescription, _ board: CommandBoard) -> Int?
    {
        let repeated = [
            "active_chilled_water_setpoint": PointName.chilledWaterSetpoint,
            "active_temperature_setpoint": PointName.supplyAirTemperatureSetpoint,
        ]
        guard let command = repeated[point.id.point] else { return nil }
        return site.index(of: PointID(device: point.id.device, point: command)).flatMap(board.slot)
    }

    private mutating func bind(_ point: PointDescription, of site: SiteDescription, meter: Int, seed: UInt64) {
        let signal: Signal? =
            switch point.id.point {
            case PointName.activePower, PointName.thermalPower, PointName.volumeFlow: .power(meter: meter, share: 1)
            case "active_power_l1", "active_power_l2", "active_power_l3": .power(meter: meter, share: 1.0 / 3)
            case PointName.outputPower: .power(meter: meter, share: Self.supplyEfficiency)
            case PointName.voltage, "voltage_l1", "voltage_l2", "voltage_l3", "input_voltage": .voltage(meter: meter)
            case PointName.current, "current_l1", "current_l2", "current_l3": .current(meter: meter)
            case PointName.powerFactor: .powerFactor(meter: meter)
            case "reactive_power": .reactivePower(meter: meter)
            case "apparent_power": .apparentPower(meter: meter)
            case PointName.frequency: .frequency
            case PointName.activeEnergyImport, PointName.heatEnergy, PointName.waterVolume:
                .total(register: addRegister(point, of: site, meter: meter, seed: seed))
            default: nil
            }
        signals[point.index.position] = signal
    }

    private mutating func addRegister(
        _ point: PointDescription,
        of site: SiteDescription,
        meter: Int,
        seed: UInt64
    ) -> Int {
        let entry = site.mapPoint(point.index)
        var random = SplitMix64(seed: seed, stream: "register/\(point.id)")
        // No meter in service stands at zero: up to 100 MWh or 10,000 m3, or anywhere in a register that ends earlier.
        let end = entry.counter?.rollover ?? RegisterCodec(entry).representableRange.map { $0.upperBound / 2 }
        let usual = point.unit == .cubicMeters ? 1e4 : 3.6e11
        let initial = random.unit() * min(end ?? .infinity, usual)
        registers.append(EnergyRegister(initial: initial, behavior: entry.counter))
        registerMeters.append(meter)
        return registers.count - 1
    }
}

extension MeteredFlow {
    /// The branch each meter, and each other device that serves a rack, stands in.
    ///
    /// With `hasPlant` the site's cooling plant is simulated, so its groups, heat and water are metered too.
    static func byDevice(of site: SiteDescription, hasPlant: Bool) -> [String: MeteredFlow] {
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
            guard let rack = racks[device.equipment] else { continue }
            let isShelf = site.maps[device.map].category == .powerShelf
            let supplies = (site.plant.racks[rack].nominalPower.watts / Self.supplyRating).rounded(.up)
            flows[device.id] = isShelf ? .rackSupply(rack: rack, count: max(supplies, 1)) : .rack(rack)
        }
        for meter in site.meters {
            let serves = equipment[meter.device] ?? meter.device
            if meter.carrier != .electricity {
                if hasPlant, let flow = thermal(meter) { flows[meter.device] = flow }
            } else if let rack = racks[serves] {
                flows[meter.device] = .rack(rack)
            } else if let hall = halls.firstIndex(of: serves), meter.place == .upsOutput {
                flows[meter.device] = .hallUninterruptibleOutput(hall: hall)
            } else if let hall = halls.firstIndex(of: serves), [.itInput, .pduOutput].contains(meter.place) {
                flows[meter.device] = .hall(hall)
            } else if hasPlant, meter.place == .cooling, let flow = group(serves, of: site.plant) {
                flows[meter.device] = flow
            } else {
                let peers = site.meters.count { peer in
                    let peerServes = equipment[peer.device] ?? peer.device
                    return peer.carrier == .electricity && peer.place == meter.place && peer.sign == meter.sign
                        && racks[peerServes] == nil && !halls.contains(peerServes)
                }
                flows[meter.device] = whole(meter, share: 1 / Double(max(1, peers)))
            }
        }
        return flows
    }

    /// A group of the cooling plant by the equipment its meter serves; those of a loop for liquid begin with `liquid-`.
    private static func group(_ serves: String, of plant: PlantComposition) -> MeteredFlow? {
        if let group = CoolingGroup(rawValue: serves) { return .coolingGroup(group, isLiquidLoop: false) }
        let prefix = "liquid-"
        guard plant.liquidLoop != nil, serves.hasPrefix(prefix),
            let group = CoolingGroup(rawValue: String(serves.dropFirst(prefix.count)))
        else { return nil }
        return .coolingGroup(group, isLiquidLoop: true)
    }

    /// Rating of one power supply of a rack, in watts: those of a 33 kW Open Rack V3 shelf of six.
    private static let supplyRating = 5_500.0

    private static func thermal(_ meter: MeterDescription) -> MeteredFlow? {
        switch (meter.carrier, meter.place) {
        case (.heat, .heatHandOff): .heatExported
        case (.heat, .heatRemoved): .heatRemoved
        case (.heat, .heatReturned): .nothing
        case (.water, .waterInput): .makeUpWater
        default: nil
        }
    }

    /// The share of a flow of the whole site that falls on one of several equal meters.
    private static func whole(_ meter: MeterDescription, share: Double) -> MeteredFlow {
        guard meter.sign > 0 else { return .nothing }
        return switch meter.place {
        case .boundary: .boundary(share: share)
        case .upsOutput: .uninterruptibleOutput(share: share)
        case .pduOutput, .itInput: .informationTechnology(share: share)
        case .cooling: .cooling(share: share)
        case .heatUpgrade: .heatUpgrade(share: share)
        case .rack, .generator, .heatHandOff, .heatReturned, .heatRemoved, .waterInput: .nothing
        }
    }
}
