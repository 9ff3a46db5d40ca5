// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import TestKit
import Testing
import Upstream

@Suite("Remote write: the request, read by others", .serialized, .timeLimit(.minutes(1)))
struct WriteRequestTests {
    struct Entry: Decodable {
        let labels: [[String]]
        let samples: [[UInt64]]
    }

    /// Decodes a request with a reader written from the format descriptions alone.
    static func read(_ payload: [UInt8]) async throws -> [Entry] {
        let hexadecimal = payload.map { String(format: "%02x", $0) }.joined()
        let script = Repository.path("Tests/UpstreamTests/oracles/read_remote_write.py")
        let result = try await runAside(Python.executable, [script], input: hexadecimal)
        #expect(result.status == 0, "\(result.errors)")
        return try result.output.split(separator: "\n").map { line in
            try JSONDecoder().decode(Entry.self, from: Data(line.utf8))
        }
    }

    @Test func `labels are sorted, empty ones left out, an own label wins, values keep every bit`() async throws {
        let encoder = WriteRequestEncoder(externalLabels: [
            MetricLabel("job", "thermocline"), MetricLabel("Zone", "north"), MetricLabel("device", "no"),
        ])
        let series = MetricSeries("m_watts", [MetricLabel("device", "Luleå \"1\""), MetricLabel("a", "")])
        let samples = [
            SeriesSample(series, 0.1, at: Timestamp(milliseconds: 1_772_344_800_123)),
            SeriesSample(MetricSeries("n"), -0.0, at: Timestamp(milliseconds: 0)),
            SeriesSample(series, SeriesSample.staleMarker, at: Timestamp(milliseconds: 1_772_344_815_123)),
        ]
        let entries = try await Self.read(encoder.encode(samples))
        #expect(
            entries.map(\.labels) == [
                [["Zone", "north"], ["__name__", "m_watts"], ["device", "Luleå \"1\""], ["job", "thermocline"]],
                [["Zone", "north"], ["__name__", "n"], ["device", "no"], ["job", "thermocline"]],
            ]
        )
        #expect(
            entries.map(\.samples) == [
                [[1_772_344_800_123, (0.1).bitPattern], [1_772_344_815_123, 0x7ff0_0000_0000_0002]],
                [[0, (-0.0).bitPattern]],
            ]
        )
    }

    @Test func `a request of many alike series is compressed and reads back whole`() async throws {
        let site = RemoteWriteSite.site(meters: 200)
        var sampler = RecordSampler(site: site)
        let samples = sampler.samples(of: RemoteWriteSite.record(site, at: RemoteWriteSite.start))
        let payload = WriteRequestEncoder(externalLabels: []).encode(samples)
        let entries = try await Self.read(payload)
        #expect(entries.count == samples.count)
        #expect(entries.map { $0.samples[0][1] } == samples.map(\.value.bitPattern))
        #expect(payload.count < samples.count * 30, "a series in full takes about 100 bytes")
    }
}
