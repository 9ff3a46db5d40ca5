// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Thermo

/// Turns cycle records into samples with the names and labels of the metrics page.
///
/// Pure: the same records in the same order give the same samples. A reading carries the time of the device's reply,
/// which rates need; what was computed carries the time of the cycle.
package struct RecordSampler: Sendable {
    private let points: [PointMetric]
    private let constants: [MetricSeries: Double]
    private let constantOrder: [MetricSeries]
    private let equipment: [String: String]
    /// How old the last good reply of each device may be while it is up, in plant time.
    private let replyLimits: [String: Duration]
    /// When each present series was last sampled; bounded by the series of the site.
    private var lastTimes: [MetricSeries: Timestamp] = [:]

    /// A value that does not change is repeated after this much plant time.
    ///
    /// Prometheus takes a series as ended 5 min after its last sample, and some registers are read once an hour.
    static let longestSilence = Duration.seconds(60)

    package init(site: SiteDescription) {
        points = PointMetric.all(of: site)
        replyLimits = Dictionary(zip(site.devices.map(\.id), site.replyLimits), uniquingKeysWith: { first, _ in first })
        equipment = Dictionary(site.devices.map { ($0.id, $0.equipment) }, uniquingKeysWith: { first, _ in first })
        let constants = Self.constants(of: site)
        constantOrder = constants.map(\.0)
        self.constants = Dictionary(constants, uniquingKeysWith: { first, _ in first })
    }

    /// The samples of one cycle, each series once, and a stale marker for each series that is no longer there.
    package mutating func samples(of record: CycleRecord) -> [SeriesSample] {
        let now = record.image.time
        var present: Set<MetricSeries> = []
        var samples: [SeriesSample] = []
        for (series, value, time) in current(record) where present.insert(series).inserted {
            var time = min(time, now)
            if let last = lastTimes[series], time <= last {
                guard now - last >= Self.longestSilence else { continue }
                time = now
            }
            lastTimes[series] = time
            samples.append(SeriesSample(series, value, at: time))
        }
        let ended = lastTimes.filter { !present.contains($0.key) }
        let sorted = ended.keys.sorted { $0.sortKey.lexicographicallyPrecedes($1.sortKey) }
        for series in sorted {
            if let last = ended[series], last < now {
                samples.append(SeriesSample(series, SeriesSample.staleMarker, at: now))
            }
            lastTimes[series] = nil
        }
        return samples
    }

    private typealias Value = (series: MetricSeries, value: Double, time: Timestamp)

    private func current(_ record: CycleRecord) -> [Value] {
        let now = record.image.time
        var values: [Value] = constantOrder.map { ($0, constants[$0] ?? 1, now) }
        for metric in points {
            let reading = record.image[metric.point]
            guard let value = reading.usableValue else { continue }
            for sample in metric.samples(of: value) { values.append((sample.series, sample.value, reading.sourceTime)) }
        }
        for total in record.totals { values += Self.values(of: total, now: now) }
        for result in record.kpis { values += Self.values(of: result, now: now) }
        for loop in record.loops { values += Self.values(of: loop, now: now) }
        for status in record.devices {
            guard let equipment = equipment[status.device] else { continue }
            let labels = [MetricLabel("device", status.device), MetricLabel("equipment", equipment)]
            let isUp = status.isUp(at: now, within: replyLimits[status.device] ?? .zero)
            values.append((MetricSeries("thermocline_device_up", labels), isUp ? 1 : 0, now))
        }
        return values + Self.values(of: record.alarms, now: now) + Self.qualities(of: record.image)
    }

    private static func qualities(of image: ProcessImage) -> [Value] {
        var counts = [Int](repeating: 0, count: Quality.allCases.count)
        for reading in image.readings { counts[Int(reading.quality.rawValue)] += 1 }
        return Quality.allCases.map { quality in
            let series = MetricSeries("thermocline_points", [MetricLabel("quality", quality.word)])
            return (series, Double(counts[Int(quality.rawValue)]), image.time)
        }
    }

    private static func values(of total: MeterTotal, now: Timestamp) -> [Value] {
        let labels = [MetricLabel("device", total.device), MetricLabel("place", total.place.rawValue)]
        let isWater = total.place == .waterInput
        let name = isWater ? "thermocline_meter_water_cubic_meters_total" : "thermocline_meter_energy_joules_total"
        // Water totals count millilitres.
        let value = Double(total.total) / (isWater ? 1e6 : 1)
        let covered = MetricSeries("thermocline_meter_covered", labels)
        guard value >= 0 else { return [(covered, total.isCovered ? 1 : 0, now)] }
        return [(MetricSeries(name, labels), value, total.sourceTime), (covered, total.isCovered ? 1 : 0, now)]
    }

    private static func values(of result: KPIResult, now: Timestamp) -> [Value] {
        var labels = [MetricLabel("window", result.window.rawValue)]
        if let category = result.category { labels.append(MetricLabel("category", String(category))) }
        labels.append(MetricLabel("boundary", result.boundary))
        let named = [MetricLabel("kpi", result.name.rawValue)] + labels
        func part(_ name: String, _ value: Double) -> Value {
            (MetricSeries("thermocline_kpi_" + name, named), value, now)
        }
        var values = [
            part("completeness_ratio", result.completeness),
            part("numerator_" + result.name.numeratorUnit.metricSuffix, result.numerator),
            part("denominator_joules", result.denominator),
        ]
        if let value = result.value {
            values.append((MetricSeries(result.name.metricName, labels), value, now))
            values.append(part("uncertainty_ratio", result.uncertainty))
        }
        return values.filter { !$0.value.isNaN }
    }

    private static func values(of loop: LoopStatus, now: Timestamp) -> [Value] {
        let labels = [MetricLabel("loop", loop.id), MetricLabel("kind", loop.kind.rawValue)]
        let modeName = "thermocline_loop_mode"
        var values: [Value] = LoopMode.allCases.map { mode in
            let series = MetricSeries(modeName, labels + [MetricLabel(modeName, mode.rawValue)])
            return (series, loop.mode == mode ? 1 : 0, now)
        }
        values.append((MetricSeries("thermocline_loop_state", labels + [MetricLabel("state", loop.state)]), 1, now))
        return values
    }

    private static func values(of alarms: [AlarmRecord], now: Timestamp) -> [Value] {
        AlarmPriority.allCases.flatMap { priority in
            AlarmState.allCases.filter { $0 != .normal }.map { state in
                let count = alarms.count { $0.priority == priority && $0.state == state }
                let labels = [MetricLabel("priority", priority.rawValue), MetricLabel("state", state.rawValue)]
                return (MetricSeries("thermocline_alarms", labels), Double(count), now)
            }
        }
    }

    /// What does not change while the agent runs, and what dashboards find their variables in.
    private static func constants(of site: SiteDescription) -> [(MetricSeries, Double)] {
        let identity = [
            MetricLabel("id", site.id), MetricLabel("name", site.name), MetricLabel("jurisdiction", site.jurisdiction),
        ]
        let racks = site.plant.racks.map { rack in
            let labels = [MetricLabel("equipment", rack.id), MetricLabel("hall", rack.hall)]
            return (MetricSeries("thermocline_rack_nominal_power_watts", labels), rack.nominalPower.watts)
        }
        let devices = site.devices.map { device in
            let endpoint = site.endpoints[device.endpoint]
            let map = site.maps[device.map]
            let host = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
            let labels = [
                MetricLabel("device", device.id), MetricLabel("equipment", device.equipment),
                MetricLabel("endpoint", endpoint.id), MetricLabel("address", "\(host):\(endpoint.port)"),
                MetricLabel("unit_id", String(device.unit)),
                MetricLabel("map", map.name), MetricLabel("category", map.category.rawValue),
            ]
            return (MetricSeries("thermocline_device_info", labels), 1.0)
        }
        return [(MetricSeries("thermocline_site_info", identity), 1)] + racks + devices
    }
}

extension MetricSeries {
    /// Orders series in the same way on every run.
    fileprivate var sortKey: [String] { [name] + labels.flatMap { [$0.name, $0.value] } }
}
