// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import KPI
import Plant
import Thermo

/// One meter of a bench: where it stands and what its device offers.
struct BenchMeter {
    enum Points {
        /// An energy or volume register, in base units.
        case register(resolution: Double? = 1, rollover: Double? = nil)
        /// The same with a scale-factor register, as they are at the factor 0.
        case scaled(resolution: Double, rollover: Double?)
        /// A register of 32-bit floating point numbers.
        case float32Register
        case power
        case registerAndPower
        case nothing
    }

    var device: String
    var place: MeterPlace
    var carrier = EnergyCarrier.electricity
    /// Watts, or cubic metres per second for water.
    var rated = 2e6
    var sign = 1
    var points = Points.register()
    /// Seconds between polls.
    var poll = 10.0
    var equipment: String?

    /// The counter's or the rate's name, whichever the engine has to look at.
    var watched: String {
        switch points {
        case .power, .nothing:
            carrier == .electricity ? "active_power" : carrier == .water ? "volume_flow" : "thermal_power"
        default:
            switch carrier {
            case .electricity: "active_energy_import"
            case .heat, .districtCooling: "heat_energy"
            case .water: "water_volume"
            case .naturalGas, .diesel: "fuel_volume"
            }
        }
    }

    fileprivate var map: DeviceMap {
        let volume = [EnergyCarrier.water, .naturalGas, .diesel].contains(carrier)
        func counter(_ type: RegisterType, _ behavior: CounterBehavior, factor: UInt16? = nil) -> MapPoint {
            MapPoint(
                name: volume ? (carrier == .water ? "water_volume" : "fuel_volume") : counterName,
                table: .holdingRegister,
                address: 0,
                type: type,
                unit: SourceUnit(volume ? "m3" : "J", volume ? .cubicMeters : .joules),
                scaleFactorAddress: factor,
                counter: behavior
            )
        }
        let rate = MapPoint(
            name: volume ? "volume_flow" : carrier == .electricity ? "active_power" : "thermal_power",
            table: .holdingRegister,
            address: 10,
            type: .float(bits: 64),
            unit: SourceUnit(volume ? "m3/s" : "W", volume ? .cubicMetersPerSecond : .watts)
        )
        let plain = CounterBehavior(rollover: nil, resolution: 1)
        let points: [MapPoint] =
            switch points {
            case .register(let resolution, let rollover):
                [counter(.float(bits: 64), CounterBehavior(rollover: rollover, resolution: resolution))]
            case .scaled(let resolution, let rollover):
                [counter(.unsigned(bits: 32), CounterBehavior(rollover: rollover, resolution: resolution), factor: 4)]
            case .float32Register: [counter(.float(bits: 32), CounterBehavior(rollover: nil, resolution: nil))]
            case .power: [rate]
            case .registerAndPower: [counter(.unsigned(bits: 64), plain), rate]
            case .nothing: []
            }
        return DeviceMap(name: device, category: .powerMeter, confirmation: .simulated, points: points)
    }

    private var counterName: String { carrier == .electricity ? "active_energy_import" : "heat_energy" }
}

/// An engine with the readings of its meters at hand: tests set values and move time.
struct MeterBench {
    static let start = Timestamp(milliseconds: 1_772_344_800_000)

    let site: SiteDescription
    var engine: KPIEngine
    private var readings: [Reading]

    init(
        _ meters: [BenchMeter],
        settings: KPISettings = KPISettings(),
        factors: EnergyFactors = EnergyFactors(),
        racks: [RackDescription] = [],
        cycle: Duration = .seconds(1),
        simulation: SimulationSettings? = nil
    ) throws {
        site = Self.site(meters, settings: settings, racks: racks, cycle: cycle, simulation: simulation)
        let (engine, problems) = KPIEngine.make(site: site, factors: factors)
        guard let engine else { throw BenchProblem(problems: problems) }
        self.engine = engine
        readings = Array(repeating: .notYetRead, count: site.points.count)
    }

    struct BenchProblem: Error {
        let problems: [KPIProblem]
    }

    static func site(
        _ meters: [BenchMeter],
        settings: KPISettings = KPISettings(),
        racks: [RackDescription] = [],
        cycle: Duration = .seconds(1),
        simulation: SimulationSettings? = nil
    ) -> SiteDescription {
        let classes: [PollClass] = [.fast, .normal, .slow]
        return SiteDescription(
            id: "bench",
            cycleInterval: cycle,
            simulation: simulation,
            endpoints: [EndpointDescription(id: "e", host: "127.0.0.1", port: 1_502)],
            maps: meters.map(\.map),
            devices: meters.enumerated().map { position, meter in
                DeviceDescription(
                    id: meter.device,
                    equipment: meter.equipment,
                    endpoint: 0,
                    map: position,
                    intervals: Dictionary(uniqueKeysWithValues: classes.map { ($0, .seconds(meter.poll)) })
                )
            },
            meters: meters.map {
                MeterDescription(
                    device: $0.device,
                    place: $0.place,
                    carrier: $0.carrier,
                    ratedRate: $0.rated,
                    sign: $0.sign
                )
            },
            plant: PlantComposition(racks: racks),
            kpis: settings
        )
    }

    /// Plant time so many seconds after the start.
    static func time(_ seconds: Double) -> Timestamp {
        Timestamp(milliseconds: start.milliseconds + Int64((seconds * 1_000).rounded()))
    }

    /// Puts a new reading on a point, in base units.
    mutating func set(
        _ device: String,
        _ point: String,
        _ value: Double,
        at seconds: Double,
        quality: Quality = .good
    ) {
        guard let index = site.index(of: PointID(device: device, point: point)) else { return }
        readings[index.position] = Reading(value: value, quality: quality, sourceTime: Self.time(seconds))
    }

    mutating func step(at seconds: Double) -> KPIOutputs {
        engine.step(ProcessImage(time: Self.time(seconds), readings: readings))
    }
}

extension KPIOutputs {
    func result(_ name: KPIName, _ window: KPIWindow, category: Int? = nil) -> KPIResult? {
        results.first {
            $0.name == name && $0.window == window && (category == nil || $0.category == category)
        }
    }

    func total(_ device: String) -> MeterTotal? { totals.first { $0.device == device } }
}

/// Joules per kilowatt hour.
let kilowattHour = 3.6e6

/// The SplitMix64 generator (Steele, Lea and Flood, 2014): the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
