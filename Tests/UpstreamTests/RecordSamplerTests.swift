// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Testing
import Upstream

@Suite("Remote write: from cycles to samples")
struct RecordSamplerTests {
    let site = RemoteWriteSite.site()
    let start = RemoteWriteSite.start

    /// A set of states up to its last label, which is called as the metric.
    static let state =
        #"thermocline_operating_state{device="meter-1",equipment="rack-1",thermocline_operating_state"#

    @Test(
        arguments: [
            (#"thermocline_active_power_watts{device="meter-1",equipment="rack-1"}"#, 90_250.5),
            (#"thermocline_active_energy_import_joules_total{device="meter-2",equipment="rack-2"}"#, 7.2e12),
            (RecordSamplerTests.state + #"="running"}"#, 1),
            (RecordSamplerTests.state + #"="off"}"#, 0),
            (#"thermocline_pue_ratio{window="1h",category="1",boundary="whole site"}"#, 1.1),
            (
                #"thermocline_kpi_numerator_joules{kpi="pue",window="1h",category="1",boundary="whole site"}"#,
                3.3e8
            ),
            (#"thermocline_meter_energy_joules_total{device="meter-1",place="boundary"}"#, 4_500),
            (#"thermocline_meter_water_cubic_meters_total{device="water",place="water_input"}"#, 1.234567),
            (#"thermocline_meter_covered{device="water",place="water_input"}"#, 0),
            (#"thermocline_device_up{device="meter-1",equipment="rack-1"}"#, 1),
            (#"thermocline_device_up{device="meter-2",equipment="rack-2"}"#, 0),
            (#"thermocline_loop_state{loop="economizer",kind="water_economizer",state="free_cooling"}"#, 1),
            (#"thermocline_site_info{id="lulea-1",name="Luleå",jurisdiction="SE"}"#, 1),
            (#"thermocline_alarms{priority="high",state="active"}"#, 0),
        ] as [(String, Double)]
    )
    func `a cycle's value is sent under the name of the metrics page`(series: String, value: Double) {
        var sampler = RecordSampler(site: site)
        let record = RemoteWriteSite.record(
            site,
            at: start,
            kpis: [RemoteWriteSite.pue(1.1, at: start)],
            loops: [RemoteWriteSite.loop("free_cooling", at: start)]
        )
        let found = sampler.samples(of: record).named(series)
        #expect(found.map(\.value) == [value])
        #expect(found.map(\.time) == [start])
    }

    @Test func `a state that the map does not name is sent by its number`() {
        var sampler = RecordSampler(site: site)
        let samples = sampler.samples(of: RemoteWriteSite.record(site, at: start, state: 7)).named(Self.state)
        #expect(samples.map(\.text) == ["off", "running", "7"].map { Self.state + #"="\#($0)"}"# })
        #expect(samples.map(\.value) == [0, 0, 1])
    }

    @Test func `no series comes twice in a cycle`() {
        var sampler = RecordSampler(site: site)
        let twice = [RemoteWriteSite.pue(1.1, at: start), RemoteWriteSite.pue(1.2, at: start)]
        let samples = sampler.samples(of: RemoteWriteSite.record(site, at: start, kpis: twice))
        #expect(samples.count == Set(samples.map(\.series)).count)
        #expect(samples.named("thermocline_pue_ratio").map(\.value) == [1.1])
    }

    @Test func `the same cycles give the same samples in the same order`() {
        var one = RecordSampler(site: site)
        var other = RecordSampler(site: site)
        for step in 0..<3 {
            let time = start + .seconds(15 * step)
            let record = RemoteWriteSite.record(site, at: time, power: step == 1 ? nil : 1)
            #expect(one.samples(of: record) == other.samples(of: record))
        }
    }

    @Test func `a reading carries the time of the device's reply`() {
        var sampler = RecordSampler(site: site)
        let reply = start - .milliseconds(730)
        let samples = sampler.samples(of: RemoteWriteSite.record(site, at: start, read: reply))
        #expect(samples.named("thermocline_active_power_watts{device=\"meter-1\"").map(\.time) == [reply])
        #expect(samples.named("thermocline_device_up{device=\"meter-1\"").map(\.time) == [start])
    }

    @Test func `a series that ends is marked stale once, and begins again with its next value`() {
        var sampler = RecordSampler(site: site)
        let powers: [Double?] = [5, nil, nil, 6]
        let sent = powers.enumerated().map { step, power in
            sampler.samples(of: RemoteWriteSite.record(site, at: start + .seconds(15 * step), power: power))
                .named("thermocline_active_power_watts{device=\"meter-1\"")
        }
        #expect(sent.map(\.count) == [1, 1, 0, 1])
        #expect(sent[1].allSatisfy { $0.isStaleMarker && $0.time == start + .seconds(15) })
        #expect(sent[3].map(\.value) == [6])
    }

    @Test func `a loop that changes its state leaves the old one`() {
        var sampler = RecordSampler(site: site)
        var states: [[String]] = []
        for (step, state) in ["mechanical", "free_cooling"].enumerated() {
            let time = start + .seconds(15 * step)
            let record = RemoteWriteSite.record(site, at: time, loops: [RemoteWriteSite.loop(state, at: time)])
            let samples = sampler.samples(of: record).named("thermocline_loop_state")
            states.append(samples.map { "\($0.text.contains(state)) \($0.isStaleMarker)" })
        }
        #expect(states == [["true false"], ["true false", "false true"]])
    }

    @Test func `a value read long ago is repeated each minute, not each cycle`() {
        var sampler = RecordSampler(site: site)
        var times: [Timestamp] = []
        for step in 0...8 {
            let record = RemoteWriteSite.record(site, at: start + .seconds(15 * step), read: start)
            times += sampler.samples(of: record).named("thermocline_active_power_watts{device=\"meter-1\"").map(\.time)
        }
        #expect(times == [start, start + .seconds(60), start + .seconds(120)])
    }

    @Test func `a running total below zero, or a state that is no whole number, is left out`() {
        var sampler = RecordSampler(site: site)
        let samples = sampler.samples(of: RemoteWriteSite.record(site, at: start, energy: -1, state: 0.5))
        #expect(samples.named("thermocline_active_energy_import_joules_total").isEmpty)
        #expect(samples.named("thermocline_operating_state").isEmpty)
    }
}
