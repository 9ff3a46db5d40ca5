// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Checks that need several sections of a site.
struct SiteChecks {
    let decoder: SiteDecoder
    let fields: Fields
    let isSimulated: Bool
    let kpis: KPISettings
    let plant: PlantComposition

    private var problems: ProblemCollector { decoder.problems }

    func run() {
        checkEndpoints()
        checkDevices()
        checkEquipment()
        checkRacks()
        checkMeters()
    }

    private func checkEndpoints() {
        var known: [String: Placed<EndpointDescription>] = [:]
        for endpoint in decoder.endpoints {
            let value = endpoint.value
            let address = "\(value.host.lowercased()):\(value.port)"
            if let first = known[address] {
                let place = first.place.seen(from: endpoint.place.file)
                problems.error(
                    endpoint.place,
                    "endpoint '\(value.id)' is at \(address) like '\(first.value.id)' (\(place)); one endpoint serves "
                        + "all unit ids of an address, so point the devices at one of them"
                )
            } else {
                known[address] = endpoint
            }
            if isSimulated, !SiteDecoder.isLoopback(value.host) {
                problems.error(
                    endpoint.place,
                    "endpoint '\(value.id)' at \(value.host) is not on loopback, but the site is simulated; plant time "
                        + "of a real device is wall time, so remove 'simulation' or use 127.0.0.1"
                )
            }
        }
        let used = Set(decoder.devices.map(\.value.endpoint))
        for (position, name) in decoder.endpointNames.names.enumerated() where !used.contains(position) {
            guard !problems.hasErrors, let place = decoder.endpointNames.place(of: name) else { continue }
            problems.warning(place, "no device answers at endpoint '\(name)'; remove it or add its devices")
        }
    }

    private func checkDevices() {
        var units: [String: Placed<DeviceDescription>] = [:]
        var points = 0
        for device in decoder.devices {
            let map = decoder.library.maps[device.value.map]
            points += map.points.count
            let key = "\(device.value.endpoint) \(device.value.unit) \(map.name)"
            if let first = units[key] {
                problems.error(
                    device.place,
                    "device '\(device.value.id)' has the endpoint, unit id and map of '\(first.value.id)' "
                        + "(\(first.place.seen(from: device.place.file))); it would be read twice, remove one"
                )
            } else {
                units[key] = device
            }
        }
        if points > Limits.pointsPerSite {
            problems.error(
                fields.place(of: "devices"),
                "the devices have \(points) points, more than the \(Limits.pointsPerSite) one agent takes; "
                    + "split the site between agents"
            )
        }
    }

    private func checkRacks() {
        let racks = Set(decoder.rackNames.names)
        let equipment = Set(decoder.devices.map(\.value.equipment))
        let equipmentByDevice = Dictionary(
            decoder.devices.map { ($0.value.id, $0.value.equipment) },
            uniquingKeysWith: { first, _ in first }
        )
        var metered: Set<String> = []
        for meter in decoder.meters where meter.value.place == .rack {
            guard let served = equipmentByDevice[meter.value.device] else { continue }
            metered.insert(served)
            if !racks.contains(served) {
                problems.error(
                    meter.place,
                    "the rack meter '\(meter.value.device)' serves '\(served)', which is no rack of 'racks'; "
                        + "set the device's 'equipment' to the rack's id"
                )
            }
        }
        for rack in decoder.racks {
            if !metered.contains(rack.value.id), !problems.hasErrors {
                problems.warning(
                    rack.place,
                    "rack '\(rack.value.id)' has no power meter, so its power is not shown; add a meter with place "
                        + "rack whose device has equipment: \(rack.value.id)"
                )
            }
            guard plant.coolantDistributionUnits.isEmpty else { continue }
            if let unit = rack.value.coolantDistributionUnit, !equipment.contains(unit), !problems.hasErrors {
                let names = equipment.sorted()
                let hint = NearestName.hint(for: unit, in: names, called: "the equipment of devices")
                problems.error(rack.place, "no device serves the CDU '\(unit)' of rack '\(rack.value.id)'; \(hint)")
            }
        }
    }

    private func checkEquipment() {
        let units = plant.coolantDistributionUnits.map(\.id)
        for rack in decoder.racks where !units.isEmpty {
            if let unit = rack.value.coolantDistributionUnit, !units.contains(unit) {
                let hint = NearestName.hint(for: unit, in: units, called: "the CDUs")
                problems.error(
                    rack.place,
                    "rack '\(rack.value.id)' names the CDU '\(unit)', which is not there; \(hint)"
                )
            }
        }
        let tanks = plant.immersionTanks.map(\.id)
        for rack in decoder.racks {
            guard let tank = rack.value.immersionTank, !tanks.contains(tank) else { continue }
            let hint = NearestName.hint(for: tank, in: tanks, called: "the immersion tanks")
            problems.error(
                rack.place,
                "rack '\(rack.value.id)' names the immersion tank '\(tank)', which is not there; \(hint)"
            )
        }
        for rack in decoder.racks {
            guard let place = decoder.equipmentNames.place(of: rack.value.id) else { continue }
            problems.error(
                rack.place,
                "the rack '\(rack.value.id)' has the name of a piece of equipment "
                    + "(\(place.seen(from: rack.place.file))); give one of them another name"
            )
        }
        let halls = decoder.racks.reduce(into: [String]()) { halls, rack in
            if !halls.contains(rack.value.hall) { halls.append(rack.value.hall) }
        }
        let handlers = plant.airHandlers.map { ($0.id, $0.hall) } + plant.outdoorAirHandlers.map { ($0.id, $0.hall) }
        for (id, hall) in handlers where !halls.contains(hall) {
            guard let place = decoder.equipmentNames.place(of: id) else { continue }
            let hint = NearestName.hint(for: hall, in: halls, called: "the halls")
            problems.error(place, "no rack stands in hall '\(hall)' of air handler '\(id)'; \(hint)")
        }
        let served = Set(decoder.racks.flatMap { [$0.value.coolantDistributionUnit, $0.value.immersionTank] })
        for (unit, kind) in units.map({ ($0, "CDU") }) + tanks.map({ ($0, "immersion tank") })
        where !served.contains(unit) && !problems.hasErrors {
            guard let place = decoder.equipmentNames.place(of: unit) else { continue }
            problems.warning(place, "no rack names the \(kind) '\(unit)', so it carries no heat; name it or remove it")
        }
    }

    private func checkMeters() {
        var known: [String: Place] = [:]
        for meter in decoder.meters {
            let key = "\(meter.value.device) \(meter.value.place.rawValue)"
            if let first = known[key] {
                problems.error(
                    meter.place,
                    "device '\(meter.value.device)' meters \(meter.value.place.rawValue) before, at "
                        + "\(first.seen(from: meter.place.file)); its total would count twice, remove one"
                )
            } else {
                known[key] = meter.place
            }
        }
        guard !decoder.meters.isEmpty, !problems.hasErrors else { return }
        let needed: [MeterPlace] = [.boundary, [.upsOutput, .pduOutput, .itInput][kpis.category - 1]]
        for place in needed where !decoder.meters.contains(where: { $0.value.place == place }) {
            problems.warning(
                fields.place(of: "meters"),
                "no meter has place \(place.rawValue), so PUE of category \(kpis.category) stays without a value"
            )
        }
    }
}
