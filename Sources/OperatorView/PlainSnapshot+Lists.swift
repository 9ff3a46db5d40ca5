// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

// Loops, devices and alarms: a headed list each, cut at a limit that is said.
extension PlainSnapshot {
    static func loops(_ loops: [LoopStatus], now: Timestamp, on page: inout PlainPage) {
        guard !loops.isEmpty else { return }
        page.heading("LOOPS")
        let name = nameColumns(loops.map(\.id))
        for loop in loops.prefix(maximumEntries) {
            let age = DisplayValue.span(from: loop.since, to: now)
            let mode = PlainText.left(loop.mode.rawValue, 9)
            let lead = "  \(PlainText.atLeast(loop.id, name))  \(mode)  "
            page.paragraph("\(words(loop.state)) for \(age)", lead: lead, limit: 2)
            page.paragraph(loop.reason.text, indent: 6, limit: 3)
        }
        leftOut(loops.count, on: &page)
    }

    static func devices(_ devices: [DeviceStatus], now: Timestamp, on page: inout PlainPage) {
        let up = devices.count { $0.link == .up }
        page.heading("DEVICES", devices.isEmpty ? "none" : "\(up) of \(devices.count) up")
        let sick =
            devices.filter { $0.link == .down } + devices.filter { $0.link == .degraded }
            + devices.filter { $0.link == .connecting }
        let name = nameColumns(sick.map(\.device))
        for device in sick.prefix(maximumEntries) {
            var story = device.detail.isEmpty ? "" : "\(device.detail), "
            story +=
                device.lastReply.map {
                    "last reply \(DisplayValue.span(from: $0, to: now)) ago"
                } ?? "never replied"
            let lead = "  \(PlainText.atLeast(device.device, name))  \(PlainText.left(device.link.rawValue, 10))  "
            page.paragraph(story, lead: lead, limit: 2)
        }
        leftOut(sick.count, on: &page)
    }

    static func alarms(_ alarms: [AlarmRecord], now: Timestamp, on page: inout PlainPage) {
        let counts = AlarmState.allCases.filter { $0 != .normal }.compactMap { state in
            let count = alarms.count { $0.state == state }
            return count == 0 ? nil : "\(count) \(state.rawValue)"
        }
        page.heading("ALARMS", counts.isEmpty ? "none" : counts.joined(separator: ", "))
        let listed = alarmsInOrder(alarms)
        for alarm in listed.prefix(maximumEntries) {
            let age = DisplayValue.span(from: alarm.since, to: now)
            let priority = PlainText.left(alarm.priority.rawValue.uppercased(), 6)
            let state = PlainText.left(alarm.state.rawValue, 12)
            let lead = "  \(priority)  \(state)  \(PlainText.right(age, 6))  "
            page.paragraph(alarm.id, lead: lead, limit: 2)
            page.paragraph(alarm.message, indent: 6, limit: 2)
            if !alarm.response.isEmpty { page.paragraph("do: \(alarm.response)", indent: 6, limit: 2) }
        }
        leftOut(listed.count, on: &page)
    }

    /// The alarms that ask for somebody by state, then priority, then newest first; the others are only counted.
    private static func alarmsInOrder(_ alarms: [AlarmRecord]) -> [AlarmRecord] {
        let states: [AlarmState] = [.active, .returned, .acknowledged]
        var ordered: [AlarmRecord] = []
        for state in states {
            for priority in AlarmPriority.allCases {
                ordered +=
                    alarms
                    .filter { $0.state == state && $0.priority == priority }
                    .sorted { $0.since == $1.since ? $0.id < $1.id : $0.since > $1.since }
            }
        }
        return ordered
    }

    private static func leftOut(_ count: Int, on page: inout PlainPage) {
        if count > maximumEntries { page.line("  and \(count - maximumEntries) more") }
    }
}
