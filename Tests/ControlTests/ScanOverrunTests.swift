// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Testing

@Suite("Alarms of scans that are skipped")
struct ScanOverrunTests {
    /// A site's alarms over time, fed with how many scans of each device have been skipped.
    private struct Bench {
        var overruns: ScanOverruns
        var alarms = AlarmEngine()
        var counts: [String: Int] = [:]
        let site: SiteDescription
        private var seconds = 0

        init(site: SiteDescription = CycleTestPlant.site) {
            self.site = site
            overruns = ScanOverruns(site: site)
        }

        /// Runs to a moment; every `period` seconds each of `lagging` skips one scan more.
        mutating func run(to end: Int, lagging: [String] = [], every period: Int = 1) -> [AlarmRecord] {
            var shown: [AlarmRecord] = []
            while seconds < end {
                seconds += 1
                if seconds.isMultiple(of: period) { for device in lagging { counts[device, default: 0] += 1 } }
                let devices = site.devices.map {
                    DeviceStatus(device: $0.id, link: .up, overruns: counts[$0.id] ?? 0)
                }
                let time = CycleTestPlant.start + .seconds(seconds)
                shown = alarms.step(overruns.step(devices, at: time), at: time).records
            }
            return shown
        }
    }

    @Test("scans skipped for a minute are an alarm of low priority, which goes when they keep up again")
    func growing() throws {
        var bench = Bench()
        #expect(bench.run(to: 10).isEmpty)
        #expect(bench.run(to: 69, lagging: ["chiller-1"], every: 10).isEmpty)
        let alarm = try #require(bench.run(to: 90, lagging: ["chiller-1"], every: 10).first)
        #expect(alarm.id == "chiller-1/scan_overrun")
        #expect(alarm.priority == .low)
        #expect(alarm.state == .active)
        #expect(alarm.message.hasSuffix("8 so far"))
        #expect(bench.run(to: 300).map(\.state) == [.returned])
    }

    @Test("a scan skipped now and then is no alarm", arguments: [31, 45, 120])
    func rare(period: Int) {
        var bench = Bench()
        #expect(bench.run(to: 600, lagging: ["chiller-1"], every: period).isEmpty)
    }

    @Test("what was skipped before the first look does not count")
    func before() {
        var bench = Bench()
        bench.counts["chiller-1"] = 400
        #expect(bench.run(to: 300).isEmpty)
    }

    @Test("an endpoint whose devices all lag is one alarm")
    func endpoint() {
        var bench = Bench()
        #expect(bench.run(to: 100, lagging: ["cdu-1", "crah-1"]).map(\.id) == ["hall/scan_overrun"])
        var partly = Bench()
        #expect(partly.run(to: 100, lagging: ["cdu-1"]).map(\.id) == ["cdu-1/scan_overrun"])
    }

    @Test("on a simulated site the delay is as long in wall time")
    func scaled() {
        let real = CycleTestPlant.site
        let site = SiteDescription(
            id: real.id,
            simulation: SimulationSettings(start: CycleTestPlant.start, timeScale: 60),
            endpoints: real.endpoints,
            maps: real.maps,
            devices: real.devices
        )
        var bench = Bench(site: site)
        #expect(bench.run(to: 3_599, lagging: ["chiller-1"]).isEmpty)
        #expect(bench.run(to: 3_602, lagging: ["chiller-1"]).map(\.id) == ["chiller-1/scan_overrun"])
    }

    @Test("a device that is silent suppresses the alarm of its skipped scans")
    func silent() {
        var bench = Bench()
        _ = bench.run(to: 100, lagging: ["chiller-1"])
        let time = CycleTestPlant.start + .seconds(101)
        let devices = bench.site.devices.map {
            DeviceStatus(device: $0.id, link: .down, overruns: bench.counts[$0.id] ?? 0)
        }
        let conditions = bench.overruns.step(devices, at: time)
        #expect(conditions.map(\.id) == ["chiller-1/scan_overrun"])
        let records = bench.alarms.step(conditions, suppressedPrefixes: ["chiller-1"], at: time).records
        #expect(records.map(\.state) == [.suppressed])
    }
}
