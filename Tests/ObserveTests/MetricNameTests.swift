// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Observe
import Plant
import Testing

@Suite("Metric names and formats")
struct MetricNameTests {
    @Test(arguments: [
        ("active_power", PointUnit.watts, false, "thermocline_active_power_watts"),
        ("supply_temperature_celsius", .celsius, false, "thermocline_supply_temperature_celsius"),
        ("load_ratio", .ratio, false, "thermocline_load_ratio"),
        ("energy", .joules, true, "thermocline_energy_joules"),
        ("energy_total", .joules, true, "thermocline_energy_joules"),
        ("compressor_starts", .count, true, "thermocline_compressor_starts"),
        ("fan_count", .count, false, "thermocline_fan_count_value"),
        ("run_status", .boolean, false, "thermocline_run_status"),
        ("flow-rate!", .cubicMetersPerSecond, false, "thermocline_flow_rate__cubic_meters_per_second"),
    ])
    func `a family is named by prefix, point and unit, each once`(
        point: String,
        unit: PointUnit,
        isCounter: Bool,
        name: String
    ) {
        #expect(MetricNaming.family(point: point, unit: unit, isCounter: isCounter) == name)
    }

    /// A family that is new on the page must be reserved where points are named, or the page could have it twice.
    @Test func `no point can have the name of a family that the agent writes of itself`() throws {
        let page = TextExpositionTests.page(ExampleSite.latest(), .openMetrics)
        let site = ExampleSite.site()
        let points = Set(PointMetric.all(of: site).map(\.family))
        let own = page.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
            .map { String($0.split(separator: " ")[2]) }.filter { !points.contains($0) }
        #expect(own.count > 40)
        for family in own {
            let bare = String(family.dropFirst(MetricNaming.prefix.count))
            let name = MetricNaming.familyApartFromOwn(point: bare, unit: .count, isCounter: false)
            #expect(name != family, "\(family)")
        }
    }

    @Test(
        arguments: [
            (nil, MetricFormat.prometheusText),
            ("", .prometheusText),
            ("*/*", .prometheusText),
            ("text/plain", .prometheusText),
            ("text/html,application/xhtml+xml,*/*;q=0.8", .prometheusText),
            ("application/json", .prometheusText),
            ("application/openmetrics-text", .openMetrics),
            ("Application/OpenMetrics-Text; Version=\"1.0.0\"; Q=1", .openMetrics),
            ("application/openmetrics-text;version=2.0.0", .prometheusText),
            ("application/openmetrics-text;version=0.0.1", .prometheusText),
            ("application/openmetrics-text;q=0", .prometheusText),
            ("application/openmetrics-text;q=nan", .prometheusText),
            ("application/openmetrics-text;q=7", .prometheusText),
            ("application/openmetrics-text;q=0.5,text/plain;q=0.5", .openMetrics),
            ("text/plain;q=0.6 , application/openmetrics-text;q=0.5", .prometheusText),
            ("application/openmetrics-text;q=0.5, */*", .prometheusText),
            ("application/openmetrics-text;q=0.5, text/plain;q=0.1, */*", .openMetrics),
            (",,;;=,\"", .prometheusText),
            (
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                    + "application/openmetrics-text;version=0.0.1;q=0.5,"
                    + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
                    + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2", .openMetrics
            ),
        ] as [(String?, MetricFormat)]
    )
    func `the format is the one the scraper likes best`(accept: String?, format: MetricFormat) {
        #expect(MetricFormat.negotiated(accept: accept) == format)
    }
}
