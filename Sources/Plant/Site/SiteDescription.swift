// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// All that is said of one site: where its devices answer, what they are, how the plant is put together.
///
/// Built by SiteFiles from YAML and already checked: identifiers are unique and every reference resolves. Control,
/// KPI and PlantSim are built from it; nothing in it changes while the agent runs.
package struct SiteDescription: Sendable {
    package let id: String
    package let name: String
    /// ISO 3166-1 alpha-2 code of the country whose law the site's data is under: `SE`.
    package let jurisdiction: String
    package let cycleInterval: Duration
    package let simulation: SimulationSettings?
    package let endpoints: [EndpointDescription]
    package let maps: [DeviceMap]
    package let devices: [DeviceDescription]
    /// Every point of every device, in device order, then map order.
    package let points: [PointDescription]
    package let meters: [MeterDescription]
    package let plant: PlantComposition
    package let loops: [LoopDescription]
    package let kpis: KPISettings
    package let store: StoreSettings
    /// Receivers of the site's time series, in the order of the file.
    package let remoteWrite: [RemoteWriteSettings]

    private let indexByID: [PointID: PointIndex]
    private let indexByEquipment: [PointID: PointIndex]

    package init(
        id: String,
        name: String = "",
        jurisdiction: String = "",
        cycleInterval: Duration = .seconds(1),
        simulation: SimulationSettings? = nil,
        endpoints: [EndpointDescription],
        maps: [DeviceMap],
        devices: [DeviceDescription],
        meters: [MeterDescription] = [],
        plant: PlantComposition = PlantComposition(),
        loops: [LoopDescription] = [],
        kpis: KPISettings = KPISettings(),
        store: StoreSettings = StoreSettings(),
        remoteWrite: [RemoteWriteSettings] = []
    ) {
        self.id = id
        self.name = name
        self.jurisdiction = jurisdiction
        self.cycleInterval = cycleInterval
        self.simulation = simulation
        self.endpoints = endpoints
        self.maps = maps
        self.devices = devices
        self.meters = meters
        self.plant = plant
        self.loops = loops
        self.kpis = kpis
        self.store = store
        self.remoteWrite = remoteWrite
        let points = PointDescription.all(of: devices, maps: maps)
        self.points = points
        indexByID = Dictionary(points.map { ($0.id, $0.index) }, uniquingKeysWith: { first, _ in first })
        indexByEquipment = Dictionary(
            points.map { (PointID(device: devices[$0.device].equipment, point: $0.id.point), $0.index) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The place of a point by its identifier, or nil.
    package func index(of id: PointID) -> PointIndex? { indexByID[id] }

    /// The place of the named point of the first device, in site order, that serves this equipment, or nil.
    package func index(equipment: String, _ point: String) -> PointIndex? {
        indexByEquipment[PointID(device: equipment, point: point)]
    }

    package subscript(_ index: PointIndex) -> PointDescription { points[index.position] }

    /// The map's entry for a point.
    package func mapPoint(_ index: PointIndex) -> MapPoint {
        let point = points[index.position]
        return maps[devices[point.device].map].points[point.mapPoint]
    }

    /// The point that shows what a device made of a command to this one, where the map names one; it may be the point
    /// itself.
    package func feedback(of index: PointIndex) -> PointIndex? {
        mapPoint(index).write?.feedback.flatMap { name in
            self.index(of: PointID(device: self[index].id.device, point: name))
        }
    }

    /// The shortest cycle in plant time: at time scale X no more than one per 50 ms of wall time (DESIGN rule 8).
    package var effectiveCycleInterval: Duration {
        guard let simulation else { return cycleInterval }
        return max(cycleInterval, .seconds(simulation.timeScale * 0.05))
    }
}

/// A TCP address that one or more devices answer behind.
package struct EndpointDescription: Hashable, Sendable {
    package let id: String
    package let host: String
    package let port: UInt16

    package init(id: String, host: String, port: UInt16) {
        self.id = id
        self.host = host
        self.port = port
    }
}

/// One device: an endpoint, a unit id, a map, and the piece of equipment it measures or moves.
package struct DeviceDescription: Hashable, Sendable {
    package let id: String
    /// The piece of equipment the device serves; its own identifier where the site does not say.
    package var equipment: String
    /// Position in ``SiteDescription/endpoints``.
    package var endpoint: Int
    /// The Modbus unit id, 0...255.
    package var unit: UInt8
    /// Position in ``SiteDescription/maps``.
    package var map: Int
    /// Poll intervals in plant time that replace the defaults of their class.
    package var intervals: [PollClass: Duration]

    package init(
        id: String,
        equipment: String? = nil,
        endpoint: Int,
        unit: UInt8 = 1,
        map: Int,
        intervals: [PollClass: Duration] = [:]
    ) {
        self.id = id
        self.equipment = equipment ?? id
        self.endpoint = endpoint
        self.unit = unit
        self.map = map
        self.intervals = intervals
    }

    /// The interval in plant time at which points of a class are read.
    package func interval(_ pollClass: PollClass) -> Duration { intervals[pollClass] ?? pollClass.defaultInterval }
}

/// One point of one device of the site.
package struct PointDescription: Hashable, Sendable {
    package let id: PointID
    package let index: PointIndex
    /// Position in ``SiteDescription/devices``.
    package let device: Int
    /// Position in the device map's points.
    package let mapPoint: Int
    package let unit: PointUnit
    /// Plant time between two reads.
    package let interval: Duration

    /// A reading older than this is stale: three of the point's own poll intervals.
    package var staleAfter: Duration { interval * 3 }

    static func all(of devices: [DeviceDescription], maps: [DeviceMap]) -> [PointDescription] {
        var points: [PointDescription] = []
        for (devicePosition, device) in devices.enumerated() {
            for (mapPosition, point) in maps[device.map].points.enumerated() {
                points.append(
                    PointDescription(
                        id: PointID(device: device.id, point: point.name),
                        index: PointIndex(points.count),
                        device: devicePosition,
                        mapPoint: mapPosition,
                        unit: point.baseUnit,
                        interval: device.interval(point.pollClass)
                    )
                )
            }
        }
        return points
    }
}

/// How much is kept, and how much disk it may take.
package struct StoreSettings: Hashable, Sendable {
    /// All files of the store together, in bytes.
    package var byteBudget: Int64
    /// How long readings of every cycle are kept, in days.
    package var rawDays: Int
    /// How long 1 min roll-ups are kept, in days.
    package var minuteDays: Int
    /// How long 15 min roll-ups and energy totals are kept, in days.
    package var quarterHourDays: Int

    package init(
        byteBudget: Int64 = 200_000_000_000,
        rawDays: Int = 14,
        minuteDays: Int = 400,
        quarterHourDays: Int = 3_660
    ) {
        self.byteBudget = byteBudget
        self.rawDays = rawDays
        self.minuteDays = minuteDays
        self.quarterHourDays = quarterHourDays
    }
}
