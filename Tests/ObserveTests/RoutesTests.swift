// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Observe
import Plant
import Testing

@Suite("Pages")
struct RoutesTests {
    static func get(_ path: String, query: String? = nil, of latest: LatestCycle) -> WebAnswer {
        Routes(latest: latest).answer(WebQuery(method: "GET", path: path, query: query))
    }

    static func error(_ answer: WebAnswer) throws -> ErrorReport {
        try JSONDecoder().decode(ErrorReport.self, from: Data(answer.body))
    }

    @Test(arguments: [
        "status", "points", "kpis", "racks", "loops", "devices", "alarms", "decisions", "site",
    ])
    func `answers in JSON of a known shape`(page: String) throws {
        let answer = Self.get("/api/v1/\(page)", of: ExampleSite.latest())
        #expect(answer.status == 200)
        #expect(answer.contentType == "application/json; charset=utf-8")
        let object = try JSONSerialization.jsonObject(with: Data(answer.body))
        let pretty = try JSONSerialization.data(
            withJSONObject: object,
            options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        )
        try expectGolden(Array(pretty) + [UInt8(ascii: "\n")], "\(page).json")
    }

    @Test func `explains a point from wish to outcome`() throws {
        let answer = Self.get("/api/v1/why", query: "point=cdu-1%2Fvalve_position_command", of: ExampleSite.latest())
        let report = try JSONDecoder().decode(WhyReport.self, from: Data(answer.body))
        #expect(report.decision == ExampleSite.decision)
        #expect(report.command == ExampleSite.command)
        #expect(report.outcome == ExampleSite.outcome)
        #expect(report.loop?.id == "coolant")
        #expect(report.reading.value == 0.375)
    }

    @Test func `remembers a decision over cycles that decide nothing`() throws {
        let latest = ExampleSite.latest()
        let silent = CycleRecord(sequence: 8, image: ExampleSite.image(of: latest.site), wallTime: ExampleSite.start)
        for _ in 0..<3 { latest.publish(silent) }
        let answer = Self.get("/api/v1/why", query: "point=cdu-1/valve_position_command", of: latest)
        let report = try JSONDecoder().decode(WhyReport.self, from: Data(answer.body))
        #expect(report.decision == ExampleSite.decision)
        #expect(report.outcome == ExampleSite.outcome)
    }

    @Test(
        arguments: [
            ("/api/v1/why", nil, 400), ("/api/v1/why", "point=", 400), ("/api/v1/why", "point=nonsense", 400),
            ("/api/v1/why", "point=%ZZ", 400), ("/api/v1/why", "point=no/such", 404), ("/api/v1/points", "glob=", 400),
            ("/api/v1/points", "glob=%FF", 400), ("/nowhere", nil, 404), ("/api/v1/status/", nil, 404),
            ("/../etc/passwd", nil, 404), ("", nil, 404),
        ] as [(String, String?, Int)]
    )
    func `says what is wrong and what to do`(path: String, query: String?, status: Int) throws {
        let answer = Self.get(path, query: query, of: ExampleSite.latest())
        #expect(answer.status == status)
        let report = try Self.error(answer)
        #expect(!report.error.isEmpty && !report.hint.isEmpty)
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"])
    func `only reads`(method: String) throws {
        for path in Routes.paths {
            let answer = Routes(latest: ExampleSite.latest()).answer(WebQuery(method: method, path: path))
            #expect(answer.status == 405)
            #expect(answer.allow == "GET, HEAD")
        }
    }

    @Test func `takes no body`() {
        let query = WebQuery(method: "GET", path: "/metrics", hasBody: true)
        #expect(Routes(latest: ExampleSite.latest()).answer(query).status == 413)
    }

    @Test func `finds points by pattern`() throws {
        let answer = Self.get("/api/v1/points", query: "x=1&glob=*%2Factive_power", of: ExampleSite.latest())
        let points = try JSONDecoder().decode([PointReport].self, from: Data(answer.body))
        #expect(points.map(\.id.description) == ["meter-1/active_power", "meter-2/active_power"])
        #expect(points.map(\.reading.quality) == ["good", "stale"])
        #expect(points.map(\.reading.ageSeconds) == [0.4, 30])
    }

    @Test func `has nothing to tell before the first cycle`() throws {
        let latest = ExampleSite.latest(publishes: false)
        for path in Routes.paths where path.hasPrefix("/api/") {
            #expect(Self.get(path, of: latest).status == 503)
        }
        #expect(Self.get("/", of: latest).status == 200)
        #expect(Self.get("/metrics", of: latest).status == 200)
    }

    @Test func `counts racks that cannot be read as fully loaded`() throws {
        let answer = Self.get("/api/v1/site", of: ExampleSite.latest())
        let report = try JSONDecoder().decode(SiteReport.self, from: Data(answer.body))
        #expect(report.capacity.value == 200_000)
        #expect(report.informationTechnologyPower.value == 90_250.5)
        #expect(report.headroom.value == 120_000 - 90_250.5)
        #expect(report.headroom.quality == "uncertain")
        #expect(report.headroom.confidence == 0.6)
    }

    @Test func `tells a non-number as a word instead of failing`() throws {
        let site = ExampleSite.site()
        let odd = ExampleSite.kpi(.pue, .oneDay, category: 1, value: .nan)
        let image = ExampleSite.image(of: site)
        let latest = LatestCycle(site: site, version: "1")
        latest.publish(CycleRecord(sequence: 1, image: image, wallTime: ExampleSite.start, kpis: [odd]))
        let answer = Self.get("/api/v1/kpis", of: latest)
        #expect(answer.status == 200)
        #expect(String(decoding: answer.body, as: UTF8.self).contains("\"value\":\"nan\""))
    }
}

@Suite("Health")
struct HealthTests {
    static func status(_ path: String, _ latest: LatestCycle) -> Int { RoutesTests.get(path, of: latest).status }

    @Test func `is healthy but not ready before the first cycle`() {
        let latest = ExampleSite.latest(publishes: false)
        #expect(Self.status("/-/healthy", latest) == 200)
        #expect(Self.status("/-/ready", latest) == 503)
    }

    @Test(arguments: [
        ([DeviceStatus.Link.up, .down], 200), ([.degraded, .down], 200), ([.down, .connecting], 503), ([], 503),
    ])
    func `is ready when one device answers`(links: [DeviceStatus.Link], status: Int) {
        let site = ExampleSite.site()
        let devices = zip(site.devices, links).map { DeviceStatus(device: $0.id, link: $1) }
        let latest = ExampleSite.latest(record: ExampleSite.record(of: site, devices: devices))
        #expect(Self.status("/-/ready", latest) == status)
        #expect(Self.status("/-/healthy", latest) == 200)
    }

    @Test func `is neither when cycles stop, and both when they come again`() {
        let instant = ContinuousClock.now
        let offset = ManualOffset()
        let site = ExampleSite.site()
        let latest = LatestCycle(site: site, version: "1", monotonicNow: { instant + offset.value })
        latest.publish(ExampleSite.record(of: site))
        #expect(Self.status("/-/ready", latest) == 200)
        offset.value = .seconds(6)
        #expect(Self.status("/-/ready", latest) == 503)
        #expect(Self.status("/-/healthy", latest) == 503)
        latest.publish(ExampleSite.record(of: site))
        #expect(Self.status("/-/ready", latest) == 200)
        #expect(Self.status("/-/healthy", latest) == 200)
    }

    @Test func `shows no reading as live when cycles have stopped`() throws {
        let instant = ContinuousClock.now
        let offset = ManualOffset()
        let site = ExampleSite.site()
        let latest = LatestCycle(site: site, version: "1", monotonicNow: { instant + offset.value })
        latest.publish(ExampleSite.record(of: site))
        offset.value = .seconds(60)
        let answer = RoutesTests.get("/api/v1/points", of: latest)
        let points = try JSONDecoder().decode([PointReport].self, from: Data(answer.body))
        #expect(Set(points.map(\.reading.quality)) == ["stale", "bad"])
    }

    @Test func `gives an accelerated site at least five seconds of wall time`() {
        let simulation = SimulationSettings(start: ExampleSite.start, timeScale: 3_600)
        #expect(ExampleSite.latest(simulation: simulation).longestSilence == .seconds(5))
    }
}

@Suite("Status page")
struct StatusPageTests {
    static func page(_ latest: LatestCycle) -> String {
        String(decoding: RoutesTests.get("/", of: latest).body, as: UTF8.self)
    }

    @Test func `matches the golden page`() throws {
        try expectGolden(Array(Self.page(ExampleSite.latest()).utf8), "status.html")
    }

    @Test func `escapes what comes from the site`() {
        let page = Self.page(ExampleSite.latest())
        #expect(page.contains("Luleå &lt;1&gt;"))
        #expect(!page.contains("<1>"))
    }

    @Test func `loads nothing from elsewhere and links to the metrics`() {
        let page = Self.page(ExampleSite.latest())
        #expect(!page.contains("src=") && !page.contains("//") && !page.contains("<script"))
        #expect(page.contains("<a href=\"/metrics\">"))
    }

    @Test func `says that a site is simulated, at which scale`() {
        let simulation = SimulationSettings(start: ExampleSite.start, timeScale: 60)
        #expect(Self.page(ExampleSite.latest(simulation: simulation)).contains("SIMULATED, 60 plant seconds"))
        #expect(!Self.page(ExampleSite.latest()).contains("SIMULATED"))
    }
}
