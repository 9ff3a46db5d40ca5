// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import TestKit
import Testing
import Thermo
import Upstream

/// A query that parses may still fail, or find nothing, once there are series: joins do.
@Suite("The dashboard's queries on series sent by remote write", .serialized, .timeLimit(.minutes(2)))
struct DashboardQueryTests {
    let directory: TemporaryDirectory
    let site = Self.plantSite()
    let start = Timestamp(secondsSinceEpoch: Date().timeIntervalSince1970 - 900).floored(to: .seconds(15))

    init() throws { directory = try TemporaryDirectory() }

    struct Dashboard: Decodable {
        struct Panel: Decodable {
            struct Target: Decodable {
                let expr: String
            }

            let title: String
            let targets: [Target]?
        }

        let panels: [Panel]
    }

    /// Metrics that an agent shows to whoever scrapes it and does not send.
    static let scrapedOnly = [
        "thermocline_simulation_time_scale", "thermocline_device_round_trip_seconds", "thermocline_store_queue_records",
        "thermocline_remote_write_queue_batches", "thermocline_device_identity_confirmed",
    ]

    /// The dashboard's queries with everything chosen, as Grafana fills them in.
    static func queries() throws -> [(title: String, expression: String)] {
        let url = URL(fileURLWithPath: Repository.path("grafana/thermocline-overview.json"))
        let dashboard = try JSONDecoder().decode(Dashboard.self, from: Data(contentsOf: url))
        return dashboard.panels.flatMap { panel in
            (panel.targets ?? []).map { target in
                let filled = target.expr.replacing("$__range", with: "1h").replacing("$window", with: "1h")
                return (panel.title, filled.replacing(/\$[a-z]+/, with: ".*"))
            }
        }
    }

    /// One device of each kind the dashboard tells apart, each with every canonical point.
    static func plantSite() -> SiteDescription {
        let points = PointName.units.map { name, unit in RemoteWriteSite.point(name, unit.rawValue, unit) }
        let categories: [DeviceCategory] = [.powerMeter, .chiller, .heatPump]
        let devices: [(id: String, equipment: String, map: Int)] = [
            ("utility-a", "utility-a", 0), ("utility-b", "utility-b", 0), ("ups-a", "ups-a", 0),
            ("meter-chillers", "chillers", 0), ("meter-heat-export", "district", 0), ("meter-rack-1", "rack-1", 0),
            ("meter-rack-2", "rack-2", 0), ("psu-1", "rack-1", 0), ("tower-1", "tower-1", 0),
            ("chiller-1", "chiller-1", 1), ("heat-pump-1", "heat-pump-1", 2),
        ]
        return SiteDescription(
            id: "plant",
            name: "Plant",
            endpoints: [EndpointDescription(id: "e", host: "127.0.0.1", port: 1502)],
            maps: categories.map { category in
                DeviceMap(name: category.rawValue, category: category, confirmation: .simulated, points: points)
            },
            devices: devices.map { DeviceDescription(id: $0.id, equipment: $0.equipment, endpoint: 0, map: $0.map) },
            plant: PlantComposition(racks: [
                RackDescription(id: "rack-1", nominalPower: Power(kilowatts: 132)),
                RackDescription(id: "rack-2", nominalPower: Power(kilowatts: 132)),
            ])
        )
    }

    static let places: [(device: String, place: MeterPlace)] = [
        ("utility-a", .boundary), ("utility-b", .boundary), ("ups-a", .upsOutput), ("meter-chillers", .cooling),
        ("meter-heat-export", .heatHandOff), ("meter-rack-1", .rack), ("meter-rack-2", .rack),
    ]

    /// A cycle in which every reading is 1, one is missing, one device is down and one alarm is active.
    func record(_ step: Int) -> CycleRecord {
        let time = start + .seconds(15 * step)
        let last = site.points.count - 1
        let readings = site.points.map { point in
            point.index.position == last ? .bad(.timeout, at: time) : Reading(value: 1, sourceTime: time)
        }
        let kpis = [KPIName.pue, .wue, .erf].map { name in
            KPIResult(
                name: name,
                window: .oneHour,
                category: name == .pue ? 1 : nil,
                boundary: "site",
                value: 1.25,
                reason: "",
                completeness: 1,
                start: time - .seconds(3_600),
                end: time,
                numerator: 5,
                denominator: 4,
                meters: [],
                uncertainty: 0
            )
        }
        return CycleRecord(
            sequence: step,
            image: ProcessImage(time: time, readings: readings),
            wallTime: time,
            totals: Self.places.map { device, place in
                let total = Int64(step * (place == .boundary ? 600 : 1_000))
                return MeterTotal(device: device, place: place, total: total, sourceTime: time, isCovered: true)
            },
            kpis: kpis,
            loops: [RemoteWriteSite.loop("free_cooling", at: time)],
            alarms: [
                AlarmRecord(id: "a", priority: .high, state: .active, message: "m", response: "r", since: time)
            ],
            devices: site.devices.map { DeviceStatus(device: $0.id, link: $0.id == "tower-1" ? .down : .up) }
        )
    }

    @Test func `every query runs, and finds what it asks for`() async throws {
        let prometheus = try await PrometheusReceiver(port: freePortBlock(1))
        let writer = try RemoteWriter(
            site: site,
            settings: RemoteWriteSettings(id: "central", url: prometheus.url),
            queueDirectory: directory.path("queue"),
            version: "1",
            clock: ManualClock(start)
        )
        try await RemoteWriterTests.running(writer) {
            for step in 0...4 { writer.take(record(step)) }
            try await eventually("all is sent") { writer.status().batchesSent == 5 }
        }
        let end = start + .seconds(60)
        let queries = try Self.queries()
        #expect(queries.count > 30)
        for (title, expression) in queries {
            let found = try await prometheus.value(expression, at: end)
            if Self.scrapedOnly.contains(where: expression.contains) { continue }
            #expect(!found.isEmpty, "\(title): nothing found by \(expression)")
        }
        #expect(try await prometheus.value(queries[0].expression, at: end).contains("=> 1.25 "))
        let recomputed = try #require(queries.first { $0.expression.contains("increase(") })
        #expect(try await prometheus.value("round(\(recomputed.expression), 0.001)", at: end).contains("=> 1.2 "))
    }
}
