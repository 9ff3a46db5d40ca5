// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

extension Reports {
    /// Escape sequences, line breaks, a bidirectional override and wide letters wherever a report carries text.
    static var hostile: StatusReport {
        let text =
            "\u{1B}[2J\u{7}\u{9B}31m\r\nALARMS  none\u{202E}\t\u{2028}"
            + "冷却水ポンプ\u{0301}\u{0301}\u{0301}\u{200B}"
        var report = StatusReport(
            site: SiteHeader(
                id: text,
                name: text + text,
                version: text,
                sequence: 1,
                plantTime: now,
                wallTime: now,
                timeScale: nil
            )
        )
        report.kpis =
            figures(.pue, boundary: text, [1, 1, nil, nil], reasons: [text, "", text, ""])
            + figures(.pue, boundary: "other", [1, 1, nil, nil])
        report.summary = [
            summary(text, 1, .celsius), summary(text, 1, .celsius, .bad, .timeout, secondsAgo: 3),
        ]
        report.racks = [rack(text, hall: text, watts: 5)]
        report.loops = [loop(text, .heatExport, .off, text, text, minutesAgo: 1)]
        report.devices = [DeviceStatus(device: text, link: .down, detail: text)]
        report.alarms = [alarm(text, .high, .active, text, minutesAgo: 1)]
        return report
    }
}
