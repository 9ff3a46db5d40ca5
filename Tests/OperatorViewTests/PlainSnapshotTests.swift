// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import OperatorView
import Plant
import Testing

/// The plain page as a whole, in golden files, and what no report may make it do.
@Suite struct PlainSnapshotTests {
    @Test func calmSiteReadsAsRecorded() throws {
        try expectGolden(PlainSnapshot.render(Reports.calm), "calm")
    }

    @Test func troubledSimulatedSiteReadsAsRecorded() throws {
        try expectGolden(PlainSnapshot.render(Reports.troubled), "troubled")
    }

    @Test func narrowAndWidePagesReadAsRecorded() throws {
        try expectGolden(PlainSnapshot.render(Reports.troubled, width: 60), "troubled-60-columns")
        try expectGolden(PlainSnapshot.render(Reports.calm, width: 132), "calm-132-columns")
    }

    @Test func siteWithNothingYetStillSaysWhichAndWhen() throws {
        let report = StatusReport(site: Reports.header(name: "Nordholm AI Campus", timeScale: 0.5))
        try expectGolden(PlainSnapshot.render(report), "empty")
    }

    @Test func aReasonSharedBySeveralFiguresIsSaidOnce() {
        let short = "only 62.0 % of the window is covered by all meters, 90 % is needed"
        var report = StatusReport(site: Reports.header(name: "Nordholm AI Campus", timeScale: nil))
        report.kpis =
            Reports.figures(.pue, category: 1, [1.1, 1.1, nil, 1.1], reasons: ["", "", short + "; utility-a is", ""])
            + Reports.figures(.wue, [1.2, 1.2, nil, 1.2], reasons: ["", "", short + "; meter-water is ...", ""])
            + Reports.figures(.erf, [nil, 0.2, 0.2, 0.2], reasons: ["no heat meter; ask why", "", "", ""])
        let notes = lines(PlainSnapshot.render(report, width: 132)).filter { $0.contains("absent:") }
        #expect(notes == ["    PUE, WUE 1h absent: \(short)", "    ERF 5m absent: no heat meter; ask why"])
    }

    @Test(arguments: [0, 60, 61, 80, 132, 240, 10_000])
    func noLineIsWiderThanThePage(width: Int) {
        for report in [Reports.calm, Reports.troubled, Reports.hostile] {
            for line in lines(PlainSnapshot.render(report, width: width)) {
                #expect(PlainText.width(line) <= min(max(width, 60), 240), "\(line)")
                #expect(line.last != " ", "\(line)")
            }
        }
    }

    @Test func stringsOfTheReportCannotControlTheTerminal() {
        let text = PlainSnapshot.render(Reports.hostile)
        for scalar in text.unicodeScalars where scalar != "\n" {
            #expect(scalar.properties.generalCategory != .control, "U+\(String(scalar.value, radix: 16))")
            #expect(scalar.properties.generalCategory != .format, "U+\(String(scalar.value, radix: 16))")
        }
        // A newline in a name must not forge a line of its own.
        #expect(!lines(text).contains { $0.hasPrefix("ALARMS  none") })
        #expect(text.contains("?[2J"))
    }

    @Test func timesNoClockCanShowDoNotTrap() {
        var report = StatusReport(
            site: SiteHeader(
                id: "edge",
                name: "",
                version: "0",
                sequence: .max,
                plantTime: Timestamp(milliseconds: .max),
                wallTime: Timestamp(milliseconds: .min),
                timeScale: .infinity
            )
        )
        report.devices = [DeviceStatus(device: "d", link: .down, lastReply: Timestamp(milliseconds: .min))]
        #expect(PlainSnapshot.render(report).contains("last reply -- ago"))
    }

    @Test func longListsAreCutAndSaySo() {
        var report = StatusReport(site: Reports.header(name: "", timeScale: nil))
        report.racks = (0..<900).map { Reports.rack("rack-\($0)", watts: Double(900 - $0) * 100) }
        report.racks.append(Reports.rack("rack-900", watts: .nan, .bad, .timeout))
        report.devices = (0..<100).map { DeviceStatus(device: "device-\($0)", link: .down) }
        report.alarms = (0..<90).map { Reports.alarm("a/\($0)", .low, .active, "Low.", minutesAgo: $0) }
        let shown = lines(PlainSnapshot.render(report))
        #expect(shown.count < 400)
        #expect(shown.contains("DEVICES  0 of 100 up"))
        #expect(shown.contains("  and 60 more"))
        #expect(shown.contains("ALARMS  90 active"))
        #expect(shown.contains("  and 50 more"))
        #expect(shown.contains { $0.contains("more with less power, 1 of them not good") })
        #expect(shown.contains { $0.hasPrefix("RACKS hall-1") && $0.contains("901 racks") })
        #expect(shown.contains { $0.contains("900 of 901 current, 1 bad") })
    }

    private func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
