// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Observe
import Plant
import Thermo

/// A small site with one of everything a surface shows.
enum ExampleSite {
    static let start = Timestamp(milliseconds: 1_772_344_800_000)

    static let meterMap = DeviceMap(
        name: "example_meter",
        category: .powerMeter,
        confirmation: .simulated,
        points: [
            MapPoint(
                name: PointName.activePower,
                summary: "Electrical power drawn.",
                table: .holdingRegister,
                address: 0,
                type: .float(bits: 32),
                unit: SourceUnit("W", .watts)
            ),
            MapPoint(
                name: PointName.activeEnergyImport,
                summary: "Running total of energy drawn",
                table: .holdingRegister,
                address: 2,
                type: .unsigned(bits: 64),
                unit: SourceUnit("J", .joules),
                counter: CounterBehavior(rollover: nil, resolution: 1)
            ),
            MapPoint(
                name: "outlet_count",
                table: .holdingRegister,
                address: 6,
                type: .unsigned(bits: 16),
                unit: SourceUnit("count", .count)
            ),
        ]
    )

    static let coolantMap = DeviceMap(
        name: "example_cdu",
        category: .coolantDistributionUnit,
        confirmation: .simulated,
        points: [
            MapPoint(
                name: PointName.coolantSupplyTemperature,
                summary: "Secondary loop \"to\" the racks,\nC:\\",
                table: .inputRegister,
                address: 0,
                type: .float(bits: 32),
                unit: SourceUnit("degC", .celsius)
            ),
            MapPoint(
                name: "operating_state",
                table: .inputRegister,
                address: 2,
                type: .unsigned(bits: 16),
                unit: SourceUnit("enumeration", .enumeration),
                labels: [
                    EnumerationLabel(code: 0, name: "off"), EnumerationLabel(code: 1, name: "running"),
                    EnumerationLabel(code: 2, name: "fault"), EnumerationLabel(code: 3, name: "fault"),
                ]
            ),
            MapPoint(
                name: PointName.leakDetected,
                table: .discreteInput,
                address: 0,
                type: .bool,
                unit: SourceUnit("boolean", .boolean)
            ),
            MapPoint(
                name: PointName.valvePositionCommand,
                table: .holdingRegister,
                address: 4,
                type: .unsigned(bits: 16),
                unit: SourceUnit("ratio", .ratio),
                write: WriteBehavior(range: 0...1, function: .singleRegister)
            ),
        ]
    )

    static let weatherMap = DeviceMap(
        name: "example_weather",
        category: .weatherStation,
        confirmation: .simulated,
        points: [PointName.outdoorDryBulbTemperature, PointName.outdoorRelativeHumidity].map { name in
            MapPoint(
                name: name,
                table: .inputRegister,
                address: 0,
                type: .float(bits: 32),
                unit: name == PointName.outdoorRelativeHumidity
                    ? SourceUnit("ratio", .ratio) : SourceUnit("degC", .celsius)
            )
        }
    )

    static func site(simulation: SimulationSettings? = nil) -> SiteDescription {
        var plant = PlantComposition(racks: [
            RackDescription(id: "rack-1", nominalPower: Power(kilowatts: 120)),
            RackDescription(id: "rack-2", nominalPower: Power(kilowatts: 80)),
        ])
        plant.surroundings.weatherStation = "weather"
        return SiteDescription(
            id: "lulea-1",
            name: "Luleå <1>",
            jurisdiction: "SE",
            simulation: simulation,
            endpoints: [EndpointDescription(id: "e", host: "127.0.0.1", port: 1502)],
            maps: [meterMap, coolantMap, weatherMap],
            devices: [
                DeviceDescription(id: "meter-1", equipment: "rack-1", endpoint: 0, unit: 1, map: 0),
                DeviceDescription(id: "meter-2", equipment: "rack-2", endpoint: 0, unit: 2, map: 0),
                DeviceDescription(id: "cdu-1", endpoint: 0, unit: 3, map: 1),
                DeviceDescription(id: "weather", endpoint: 0, unit: 4, map: 2),
            ],
            plant: plant,
            loops: [LoopDescription(id: "coolant", kind: .coolantSupply)]
        )
    }

    /// The readings of the example, by identifier; points not named have not been read.
    static func image(of site: SiteDescription, replacing changes: [String: Reading] = [:]) -> ProcessImage {
        let replied = start - .milliseconds(400)
        func good(_ value: Double) -> Reading { Reading(value: value, sourceTime: replied) }
        var readings: [String: Reading] = [
            "meter-1/active_power": good(90_250.5),
            "meter-1/active_energy_import": good(7_200_000_000_123),
            "meter-1/outlet_count": good(42),
            "meter-2/active_power": Reading(
                value: 64_000,
                quality: .stale,
                cause: .timeout,
                sourceTime: start - .seconds(30)
            ),
            "meter-2/active_energy_import": .bad(.timeout, at: start),
            "cdu-1/coolant_supply_temperature": good(31.4),
            "cdu-1/operating_state": good(1),
            "cdu-1/leak_detected": good(0),
            "cdu-1/valve_position_command": Reading(
                value: 0.375,
                quality: .uncertain,
                cause: .interpolated,
                sourceTime: replied
            ),
            "weather/outdoor_dry_bulb_temperature": good(20),
            "weather/outdoor_relative_humidity": good(0.5),
        ]
        readings.merge(changes) { _, new in new }
        return ProcessImage(time: start, readings: site.points.map { readings[$0.id.description] ?? .notYetRead })
    }

    static let reason = Reason(
        code: "coolant_above_setpoint",
        text: "Coolant at 31.4 °C is above its setpoint of 31 °C.",
        evidence: [Evidence(name: "cdu-1/coolant_supply_temperature", value: 31.4, unit: .celsius)]
    )

    static let decision = Decision(
        point: PointID(device: "cdu-1", point: PointName.valvePositionCommand),
        wish: 0.5,
        value: 0.4,
        origin: "coolant",
        reason: reason,
        boundBy: [Binding(layer: .equipmentProtection, reason: Reason(code: "slew", text: "At most 5 % a second."))],
        isSent: true
    )

    static let command = Command(
        point: decision.point,
        value: 0.4,
        origin: "coolant",
        reason: reason,
        expires: start + .seconds(60),
        authority: Authority(role: .active, epoch: 1)
    )

    static let outcome = WriteOutcome(
        point: decision.point,
        value: 0.4,
        readBack: 0.4,
        result: .confirmed,
        detail: "",
        time: start - .milliseconds(50),
        durationSeconds: 0.021
    )

    static func kpi(_ name: KPIName, _ window: KPIWindow, category: Int?, value: Double?, reason: String = "")
        -> KPIResult
    {
        KPIResult(
            name: name,
            window: window,
            category: category,
            boundary: "site",
            value: value,
            reason: reason,
            completeness: value == nil ? 0.5 : 1,
            start: start - window.duration,
            end: start,
            numerator: name == .wue ? 0.25 : 3.3e8,
            denominator: 3e8,
            meters: ["meter-1"],
            uncertainty: 0.001
        )
    }

    static let devices = [
        DeviceStatus(
            device: "meter-1",
            link: .up,
            lastReply: start - .milliseconds(400),
            requests: 1_200,
            timeouts: 1,
            roundTripSeconds: 0.0125,
            identity: DeviceIdentity(state: .confirmed, expected: "7", mismatches: 2)
        ),
        DeviceStatus(
            device: "meter-2",
            link: .down,
            detail: "no reply in time",
            lastReply: start - .seconds(30),
            requests: 900,
            timeouts: 12,
            exceptions: 2,
            lateReplies: 3,
            malformedReplies: 4,
            overruns: 5,
            roundTripSeconds: 0.5
        ),
        DeviceStatus(device: "cdu-1", link: .degraded, lastReply: start - .milliseconds(400), requests: 5),
        DeviceStatus(device: "weather", link: .connecting),
    ]

    static func record(
        of site: SiteDescription,
        sequence: Int = 7,
        image: ProcessImage? = nil,
        devices: [DeviceStatus] = devices
    ) -> CycleRecord {
        let image = image ?? self.image(of: site)
        return CycleRecord(
            sequence: sequence,
            image: image,
            wallTime: start,
            totals: [
                MeterTotal(
                    device: "meter-1",
                    place: .itInput,
                    total: 9_007_199_254_740_993,
                    sourceTime: start,
                    isCovered: true
                ),
                MeterTotal(device: "water", place: .waterInput, total: 1_234_567, sourceTime: start, isCovered: false),
            ],
            kpis: [
                kpi(.pue, .fiveMinutes, category: 1, value: 1.1),
                kpi(.pue, .oneHour, category: 1, value: nil, reason: "half of the window is not covered"),
                kpi(.wue, .oneHour, category: nil, value: 2.5e-10),
            ],
            racks: RackFeeds.all(of: site).map { RackPower(rack: $0.rack, power: $0.live(image)) },
            loops: [
                LoopStatus(
                    id: "coolant",
                    kind: .coolantSupply,
                    mode: .automatic,
                    state: "cooling",
                    reason: reason,
                    since: start - .seconds(120)
                )
            ],
            decisions: [decision],
            alarms: [
                AlarmRecord(
                    id: "meter-2/no_reply",
                    priority: .medium,
                    state: .active,
                    message: "meter-2 does not answer",
                    response: "Check power and network of the meter.",
                    since: start - .seconds(27)
                )
            ],
            commands: [command],
            outcomes: [outcome],
            devices: devices
        )
    }

    /// An endpoint with one of everything its metrics show.
    static func endpoint(_ id: String) -> EndpointMetrics {
        var roundTrip = DurationHistogram()
        for milliseconds in [1, 3, 700] { roundTrip.record(nanoseconds: Int64(milliseconds) * 1_000_000) }
        return EndpointMetrics(
            endpoint: id,
            link: .degraded,
            devicesUp: 3,
            devicesDegraded: 1,
            connections: 2,
            connectionLosses: 1,
            requests: 9,
            replies: 6,
            timeouts: 1,
            lateReplies: 1,
            malformedReplies: [NamedCount(name: "unit", count: 1)],
            exceptions: [ExceptionCount(code: 2, count: 1)],
            doubts: [NamedCount(name: "all_zero", count: 4)],
            roundTrip: roundTrip
        )
    }

    /// A box that holds the example's record, with a clock that stands still.
    static func latest(
        simulation: SimulationSettings? = nil,
        record: CycleRecord? = nil,
        publishes: Bool = true
    ) -> LatestCycle {
        let site = site(simulation: simulation)
        let instant = ContinuousClock.now
        let latest = LatestCycle(site: site, version: "1.2.3", monotonicNow: { instant })
        if publishes {
            latest.publish(
                record ?? self.record(of: site),
                cycleDuration: .microseconds(120),
                endpoints: [endpoint(site.endpoints[0].id)]
            )
        }
        return latest
    }
}
