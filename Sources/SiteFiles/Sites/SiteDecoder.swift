// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Builds a ``SiteDescription`` from a site file's tree.
///
/// Sections are read in the order in which they refer to each other, whatever their order in the file. A new section
/// is one line in ``decode(_:)`` with a rule of its own.
final class SiteDecoder {
    let library: MapLibrary
    let problems: ProblemCollector
    let endpointNames = NameRegistry("endpoint")
    let deviceNames = NameRegistry("device")
    let rackNames = NameRegistry("rack")
    let loopNames = NameRegistry("loop")
    let receiverNames = NameRegistry("receiver")
    /// CDUs, air handlers, chillers and whatever else stands in `plant` besides racks.
    let equipmentNames = NameRegistry("piece of equipment")
    /// Places of things that are checked against each other once all is read.
    var endpoints: [Placed<EndpointDescription>] = []
    var devices: [Placed<DeviceDescription>] = []
    /// The map's position by device id, of devices without problems.
    private var mapByDevice: [String: Int] = [:]
    var racks: [Placed<RackDescription>] = []
    var meters: [Placed<MeterDescription>] = []

    init(library: MapLibrary, problems: ProblemCollector) {
        self.library = library
        self.problems = problems
    }

    /// The site, or nil where a problem that is an error was found.
    func decode(_ tree: YAMLNode) -> SiteDescription? {
        Rule<SiteDescription>.mapping("a site file") { [self] in decode($0) }.read(tree, "site file", problems)
    }

    private func decode(_ fields: Fields) -> SiteDescription? {
        let identity = fields.required("site", Self.identity)
        let interval = fields.optional("cycle", Self.cycle, default: .seconds(1))
        let simulation = fields.optional("simulation", Self.simulation)
        endpoints = fields.required("endpoints", list(endpoint.placed, "an endpoint", Limits.endpoints)) ?? []
        devices = fields.required("devices", list(device.placed, "a device", Limits.devices)) ?? []
        for device in devices { mapByDevice[device.value.id] = device.value.map }
        racks = fields.optional("racks", list(rack.placed, "a rack", Limits.racks), default: [])
        var plant = fields.optional("plant", self.plant, default: PlantComposition())
        plant.racks = racks.map(\.value)
        meters = fields.optional("meters", list(meter.placed, "a meter", Limits.meters), default: [])
        let loops = fields.optional("loops", list(loop, "a loop", Limits.loops), default: [])
        let kpis = fields.optional("kpis", Self.kpis, default: KPISettings())
        let store = fields.optional("store", Self.store, default: StoreSettings())
        let receivers = list(remoteWrite, "a receiver", Limits.receivers)
        let remoteWrite = fields.optional("remote_write", receivers, default: [])
        SiteChecks(decoder: self, fields: fields, isSimulated: simulation != nil, kpis: kpis, plant: plant).run()
        guard !problems.hasErrors, let identity else { return nil }
        return SiteDescription(
            id: identity.id,
            name: identity.name,
            jurisdiction: identity.jurisdiction,
            cycleInterval: interval,
            simulation: simulation,
            endpoints: endpoints.map(\.value),
            maps: library.maps,
            devices: devices.map(\.value),
            meters: meters.map(\.value),
            plant: plant,
            loops: loops,
            kpis: kpis,
            store: store,
            remoteWrite: remoteWrite
        )
    }

    func list<Value>(_ rule: Rule<Value>, _ name: String, _ limit: Int) -> Rule<[Value]> {
        .list(of: rule, named: name, atMost: limit)
    }

    /// The map of a device, or nil where the device has problems of its own.
    func map(ofDevice id: String) -> DeviceMap? {
        mapByDevice[id].map { library.maps[$0] }
    }
}
