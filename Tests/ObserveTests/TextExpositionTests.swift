// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Observe
import Plant
import TestKit
import Testing

@Suite("Metrics page")
struct TextExpositionTests {
    static func page(_ latest: LatestCycle, _ format: MetricFormat = .prometheusText) -> String {
        let exposition = TextExposition(site: latest.site, version: latest.version)
        return String(decoding: exposition.render(latest.snapshot(), format: format), as: UTF8.self)
    }

    static func lines(_ page: String, of name: String) -> [String] {
        page.split(separator: "\n").map(String.init).filter { $0.hasPrefix(name + "{") || $0.hasPrefix(name + " ") }
    }

    @Test(arguments: [(MetricFormat.prometheusText, "metrics.txt"), (.openMetrics, "metrics.openmetrics")])
    func `matches the golden page`(format: MetricFormat, file: String) throws {
        try expectGolden(Array(Self.page(ExampleSite.latest(), format).utf8), file)
    }

    @Test func `is the same bytes for the same state`() {
        #expect(Self.page(ExampleSite.latest()) == Self.page(ExampleSite.latest()))
    }

    @Test(arguments: MetricFormat.allCases)
    func `sorts families by name`(format: MetricFormat) {
        var heads = Self.page(ExampleSite.latest(), format).split(separator: "\n")
            .filter { $0.hasPrefix("# TYPE") }.map { String($0.split(separator: " ")[2]) }
        heads = heads.map { $0.hasSuffix("_total") ? String($0.dropLast(6)) : $0 }
        heads = heads.map { $0.hasSuffix("_info") ? String($0.dropLast(5)) : $0 }
        #expect(heads == heads.sorted())
        #expect(heads.count == Set(heads).count)
    }

    @Test func `leaves out what is stale, bad or not yet read`() {
        let power = Self.lines(Self.page(ExampleSite.latest()), of: "thermocline_active_power_watts")
        #expect(power == ["thermocline_active_power_watts{device=\"meter-1\",equipment=\"rack-1\"} 90250.5"])
    }

    @Test func `keeps what is uncertain`() {
        let valve = Self.lines(Self.page(ExampleSite.latest()), of: "thermocline_valve_position_command_ratio")
        #expect(valve.count == 1)
    }

    @Test func `leaves out everything measured when cycles have stopped`() {
        let instant = ContinuousClock.now
        let offset = ManualOffset()
        let site = ExampleSite.site()
        let latest = LatestCycle(site: site, version: "1", monotonicNow: { instant + offset.value })
        latest.publish(ExampleSite.record(of: site))
        #expect(Self.page(latest).contains("thermocline_device_up{"))
        offset.value = latest.longestSilence + .milliseconds(1)
        let page = Self.page(latest)
        for absent in ["thermocline_active_power_watts", "thermocline_device_up", "thermocline_pue_ratio"] {
            #expect(!page.contains(absent), "\(absent) is shown as if it were live")
        }
        #expect(Self.lines(page, of: "thermocline_cycle_age_seconds") == ["thermocline_cycle_age_seconds 5.001"])
    }

    @Test func `tells its version before the first cycle`() {
        let page = Self.page(ExampleSite.latest(publishes: false))
        #expect(page.contains("thermocline_build_info{version=\"1.2.3\"} 1\n"))
        #expect(!page.contains("thermocline_cycle_sequence"))
    }

    @Test func `says that a site is simulated`() {
        let simulation = SimulationSettings(start: ExampleSite.start, timeScale: 60)
        #expect(
            Self.page(ExampleSite.latest(simulation: simulation)).contains("thermocline_simulation_time_scale 60\n")
        )
        #expect(!Self.page(ExampleSite.latest()).contains("thermocline_simulation_time_scale"))
    }

    @Test func `shows every state and merges codes of the same name`() {
        let site = ExampleSite.site()
        let fault = Reading(value: 3, sourceTime: ExampleSite.start)
        let image = ExampleSite.image(of: site, replacing: ["cdu-1/operating_state": fault])
        let record = ExampleSite.record(of: site, image: image)
        let name = "thermocline_operating_state"
        let labels = "device=\"cdu-1\",equipment=\"cdu-1\",\(name)="
        #expect(
            Self.lines(Self.page(ExampleSite.latest(record: record)), of: name) == [
                "\(name){\(labels)\"off\"} 0", "\(name){\(labels)\"running\"} 0", "\(name){\(labels)\"fault\"} 1",
            ]
        )
    }

    @Test func `shows a code without a name by its number`() {
        let site = ExampleSite.site()
        let unknown = Reading(value: 77, sourceTime: ExampleSite.start)
        let image = ExampleSite.image(of: site, replacing: ["cdu-1/operating_state": unknown])
        let page = Self.page(ExampleSite.latest(record: ExampleSite.record(of: site, image: image)))
        let shown = Self.lines(page, of: "thermocline_operating_state")
        #expect(shown.count == 4)
        #expect(shown.last?.hasSuffix("thermocline_operating_state=\"77\"} 1") == true)
    }

    @Test func `carries every digit of an energy total`() {
        #expect(Self.page(ExampleSite.latest()).contains("} 9007199254740993\n"))
    }

    @Test func `takes in measurements of other parts, in their place, once`() {
        let site = ExampleSite.site()
        let latest = LatestCycle(site: site, version: "1")
        func queue(_ value: Double) -> AgentMetric {
            AgentMetric(
                name: "export_queue_bytes",
                kind: .gauge,
                help: "Bytes waiting.",
                labels: [AgentMetricLabel("target", "a\"b")],
                value: value
            )
        }
        let stolen = AgentMetric(name: "device_up", kind: .gauge, help: "no", value: 3)
        latest.publish(ExampleSite.record(of: site), metrics: [queue(1), queue(2), stolen])
        let page = Self.page(latest)
        #expect(Self.lines(page, of: "thermocline_export_queue_bytes").count == 1)
        #expect(page.contains("thermocline_export_queue_bytes{target=\"a\\\"b\"} 1\n"))
        #expect(!page.contains("thermocline_device_up 3"))
    }

    @Test func `counts cycle durations cumulatively`() {
        let site = ExampleSite.site()
        let latest = LatestCycle(site: site, version: "1")
        for milliseconds in [0.05, 0.3, 700, 9_000] {
            latest.publish(ExampleSite.record(of: site), cycleDuration: .seconds(milliseconds / 1_000))
        }
        let page = Self.page(latest)
        #expect(page.contains("duration_seconds_bucket{le=\"0.0001\"} 1\n"))
        #expect(page.contains("duration_seconds_bucket{le=\"0.0005\"} 2\n"))
        #expect(page.contains("duration_seconds_bucket{le=\"1.0\"} 3\n"))
        #expect(page.contains("duration_seconds_bucket{le=\"+Inf\"} 4\n"))
        #expect(page.contains("duration_seconds_count 4\n"))
    }
}

@Suite("Metrics page, read by others", .serialized, .timeLimit(.minutes(2)))
struct TextExpositionReaderTests {
    /// Names chosen to break a page: quotes, line ends, backslashes, words that belong to the format.
    static func hostileSite() -> SiteDescription {
        func point(_ name: String, unit: SourceUnit, counter: Bool = false) -> MapPoint {
            MapPoint(
                name: name,
                summary: "a \"b\"\nc\\",
                table: .inputRegister,
                address: 0,
                type: .float(bits: 32),
                unit: unit,
                counter: counter ? CounterBehavior(rollover: nil, resolution: nil) : nil
            )
        }
        let watts = SourceUnit("W", .watts)
        let joules = SourceUnit("J", .joules)
        let count = SourceUnit("count", .count)
        let map = DeviceMap(
            name: "ma\"p",
            category: .powerMeter,
            confirmation: .simulated,
            points: [
                point("power", unit: watts), point("power_watts", unit: watts), point("po-wer", unit: watts),
                point("po.wer", unit: watts), point("energy_total", unit: joules, counter: true),
                point("energy_joules", unit: joules), point("fans_total", unit: count),
                point("fans_bucket", unit: count), point("watts", unit: watts), point("device_up", unit: count),
                point("build_info", unit: count), point("ünïcode\n# EOF", unit: count),
            ]
        )
        return SiteDescription(
            id: "a\"\n}",
            name: "b\\",
            endpoints: [EndpointDescription(id: "e", host: "::1", port: 1)],
            maps: [map],
            devices: ["x\"} 1\ny", "back\\slash", "carriage\r\nreturn"].map { name in
                DeviceDescription(id: name, equipment: "rack=\"\(name)\"", endpoint: 0, map: 0)
            }
        )
    }

    static func hostileLatest() -> LatestCycle {
        let site = hostileSite()
        let latest = LatestCycle(site: site, version: "1\"2")
        let readings = site.points.indices.map { Reading(value: Double($0) + 0.1, sourceTime: ExampleSite.start) }
        latest.publish(
            CycleRecord(
                sequence: 1,
                image: ProcessImage(time: ExampleSite.start, readings: readings),
                wallTime: ExampleSite.start,
                devices: site.devices.map { DeviceStatus(device: $0.id, link: .up) }
            ),
            cycleDuration: .milliseconds(3)
        )
        return latest
    }

    @Test func `promtool accepts the page without complaint`() throws {
        for latest in [ExampleSite.latest(), Self.hostileLatest(), ExampleSite.latest(publishes: false)] {
            let page = TextExpositionTests.page(latest)
            let result = try runProcess("promtool", ["check", "metrics"], input: page)
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            #expect(result.output + result.errors == "")
        }
    }

    @Test func `the strict OpenMetrics parser reads back every label and value`() throws {
        let script = """
            import sys
            from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
            page = sys.stdin.buffer.read().decode('utf-8')
            samples = [s for family in parse(page) for s in family.samples]
            print(len(samples))
            for s in samples:
                if s.name == 'thermocline_power_watts': print(ascii(sorted(s.labels.items())), s.value)
            """
        for latest in [ExampleSite.latest(), ExampleSite.latest(publishes: false)] {
            let page = TextExpositionTests.page(latest, .openMetrics)
            let result = try runProcess(Python.executable, ["-c", script], input: page)
            let samples = page.split(separator: "\n").count { !$0.hasPrefix("#") }
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output == "\(samples)\n")
        }
        let page = TextExpositionTests.page(Self.hostileLatest(), .openMetrics)
        let result = try runProcess(Python.executable, ["-c", script], input: page)
        #expect(result.status == 0, "\(result.errors)")
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.count == 7, "two points of each of three devices share the family")
        #expect(lines.dropFirst().first == #"[('device', 'x"} 1\ny'), ('equipment', 'rack="x"} 1\ny"')] 0.1"#)
        #expect(lines.last?.hasPrefix(#"[('device', 'carriage\r\nreturn'), "#) == true)
        #expect(lines.last?.contains("('point', 'power_watts')") == true)
    }
}
