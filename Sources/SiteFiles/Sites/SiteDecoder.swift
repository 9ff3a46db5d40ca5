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
    var loops: [Placed<LoopDescription>] = []
    /// Where a loop's parameters stand, by `loop parameter`.
    var parameterPlaces: [String: Place] = [:]
    /// The templates among the maps that were spoken of.
    var reportedTemplates: Set<Int> = []
    /// The device that `weather_station` names, where it is given.
    var weatherStation: Placed<String>?
    private(set) var keyFigurePlace: Place?
    /// Where the climate is named, where it is.
    var climatePlace: Place?

    init(library: MapLibrary, problems: ProblemCollector) {
        self.library = library
        self.problems = problems
    }

    /// The site, or nil where a problem that is an error was found.
    func decode(_ tree: YAMLNode) -> SiteDescription? {
        Rule<SiteDescription>.mapping("a site file") { [self] in decode($0) }.read(tree, "site file", problems)
    }

    private func decode(_ fields: Fields) -> SiteDescription? {
        // Its number was looked at when the file was read.
        _ = fields.optional("format", .integer(SiteFormat.readable))
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
        loops = fields.optional("loops", list(loop.placed, "a loop", Limits.loops), default: [])
        keyFigurePlace = fields.place(of: "kpis")
        let kpis = fields.optional("kpis", Self.kpis, default: KPISettings())
        let store = fields.optional("store", Self.store, default: StoreSettings())
        let receivers = list(remoteWrite, "a receiver", Limits.receivers)
        let remoteWrite = fields.optional("remote_write", receivers, default: [])
        SiteChecks(decoder: self, fields: fields, isSimulated: simulation != nil, kpis: kpis, plant: plant).run()
        SiteDoubts(decoder: self, fields: fields, cycle: interval, simulation: simulation, plant: plant).run()
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
            loops: loops.map(\.value),
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

    /// Takes in what those who run the site say against it, at the place in the files that it concerns.
    func take(_ objections: [SiteObjection]) {
        for objection in objections {
            let place: Place? =
                switch objection.subject {
                case .loop(let id): loopNames.place(of: id)
                case .parameter(let loop, let name): parameterPlaces["\(loop) \(name)"] ?? loopNames.place(of: loop)
                case .meter(let device, let place):
                    meters.first { $0.value.device == device && $0.value.place == place }?.place
                case .keyFigures: keyFigurePlace
                case .climate: climatePlace
                case .site: nil
                }
            let start = Place.start(of: problems.files.first ?? "")
            // A site that is not simulated needs no climate.
            if objection.subject == .climate {
                problems.warning(place ?? start, objection.message)
            } else {
                problems.error(place ?? start, objection.message)
            }
        }
    }
}
