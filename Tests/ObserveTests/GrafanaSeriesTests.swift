// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Observe
import Plant
import Testing
import Upstream

/// A dashboard must not care how its series came to the engine.
@Suite("Series sent by remote write and series scraped")
struct GrafanaSeriesTests {
    /// A series as the metrics page writes it.
    static func text(_ series: MetricSeries) -> String {
        let labels = series.labels.map { label in
            // By scalars: a line feed behind a carriage return is one character with it.
            let value = label.value.unicodeScalars.map { scalar -> String in
                switch scalar {
                case "\\": "\\\\"
                case "\n": "\\n"
                case "\"": "\\\""
                default: String(scalar)
                }
            }
            return "\(label.name)=\"\(value.joined())\""
        }
        return series.name + (labels.isEmpty ? "" : "{" + labels.joined(separator: ",") + "}")
    }

    static func page(_ latest: LatestCycle) -> [String: Double] {
        var samples: [String: Double] = [:]
        let exposition = TextExposition(site: latest.site, version: latest.version)
        let page = String(decoding: exposition.render(latest.snapshot(), format: .prometheusText), as: UTF8.self)
        // A carriage return may stand in a label, so lines end only where a line feed stands alone.
        for line in page.utf8.split(separator: UInt8(ascii: "\n")).map({ String(decoding: $0, as: UTF8.self) }) {
            guard !line.hasPrefix("#"), let blank = line.utf8.lastIndex(of: UInt8(ascii: " ")) else { continue }
            samples[String(line[..<blank])] = Double(line[line.index(after: blank)...])
        }
        return samples
    }

    static func sent(_ latest: LatestCycle) throws -> [String: Double] {
        var sampler = RecordSampler(site: latest.site)
        let samples = sampler.samples(of: try #require(latest.snapshot().record))
        #expect(samples.count == Set(samples.map(\.series)).count)
        return Dictionary(samples.map { (text($0.series), $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    @Test(arguments: [true, false])
    func `a series has the same name, labels and value on both ways`(isHostile: Bool) throws {
        let latest = isHostile ? TextExpositionReaderTests.hostileLatest() : ExampleSite.latest()
        let page = Self.page(latest)
        let sent = try Self.sent(latest)
        for (series, value) in sent.sorted(by: { $0.key < $1.key }) {
            #expect(page[series] == value, "\(series) is sent with \(value)")
        }
        #expect(sent.count > 20)
    }

    @Test func `only what the agent says of itself is left to scraping`() throws {
        let latest = ExampleSite.latest()
        let sent = Set(try Self.sent(latest).keys.map { $0.prefix { $0 != "{" } })
        let page = Set(Self.page(latest).keys.map { $0.prefix { $0 != "{" } })
        #expect(
            page.subtracting(sent).map { $0.dropFirst("thermocline_".count) }.sorted() == [
                "build_info", "cycle_age_seconds", "cycle_duration_seconds_bucket", "cycle_duration_seconds_count",
                "cycle_duration_seconds_sum", "cycle_sequence", "device_exceptions_total",
                "device_identity_confirmed", "device_identity_mismatches_total", "device_last_reply_age_seconds",
                "device_last_reply_timestamp_seconds", "device_late_replies_total",
                "device_malformed_replies_total", "device_overruns_total", "device_requests_total",
                "device_round_trip_seconds", "device_timeouts_total", "endpoint_connection_losses_total",
                "endpoint_connections_total", "endpoint_devices", "endpoint_doubtful_reads_total",
                "endpoint_duplicate_replies_total", "endpoint_exceptions_total", "endpoint_info",
                "endpoint_late_replies_total", "endpoint_link", "endpoint_malformed_replies_total",
                "endpoint_overruns_total", "endpoint_replies_total", "endpoint_requests_total",
                "endpoint_round_trip_seconds_bucket", "endpoint_round_trip_seconds_count",
                "endpoint_round_trip_seconds_sum", "endpoint_scan_lateness_seconds_bucket",
                "endpoint_scan_lateness_seconds_count", "endpoint_scan_lateness_seconds_sum",
                "endpoint_timeouts_total", "endpoint_up", "loop_state_since_timestamp_seconds",
                "plant_timestamp_seconds", "writes_total",
            ]
        )
    }
}
