// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The devices and how well they answer.
struct DeviceTable: ScreenTable {
    enum Order: String, CaseIterable {
        case worst
        case name
        case trip
        case timeouts
    }

    let total: Int
    let rows: [DeviceStatus]
    let glyphs: Glyphs
    private let now: Timestamp
    private let order: Order
    private let nameColumns: Int

    init(_ report: StatusReport, _ choice: ListChoice, _ glyphs: Glyphs) {
        let order = Order.allCases[choice.order % Order.allCases.count]
        let passing = report.devices.filter { choice.passes($0.device, $0.link.rawValue, $0.detail) }
        total = report.devices.count
        rows =
            switch order {
            case .worst: Self.worstFirst(passing)
            case .name: passing.stablySorted { NaturalOrder.precedes($0.device, $1.device) }
            case .trip: passing.sortedDown { $0.roundTripSeconds }
            case .timeouts: passing.sortedDown { Double($0.timeouts) }
            }
        self.order = order
        self.glyphs = glyphs
        now = report.site.plantTime
        nameColumns = max(6, PlainSnapshot.nameColumns(report.devices.map(\.device)))
    }

    static func identifier(_ row: DeviceStatus) -> String { row.device }

    /// Down, degraded, connecting, up; in site order among equals.
    static func worstFirst(_ devices: [DeviceStatus]) -> [DeviceStatus] {
        let links: [DeviceStatus.Link] = [.down, .degraded, .connecting, .up]
        return links.flatMap { link in devices.filter { $0.link == link } }
    }

    /// How a link is drawn; its word stands there too.
    static func role(_ link: DeviceStatus.Link) -> ScreenRole {
        switch link {
        case .up: .good
        case .connecting: .notice
        case .degraded: .warning
        case .down: .alarm
        }
    }

    static func sign(_ link: DeviceStatus.Link) -> String {
        switch link {
        case .up: " "
        case .connecting: "~"
        case .degraded, .down: "!"
        }
    }

    func heading(columns: Int) -> StyledLine {
        func title(_ text: String, _ mine: Order) -> String { order == mine ? text + glyphs.sorted : text }
        var line = StyledLine(glyphs)
        line.blanks(2)
        line.add(title("DEVICE", .name), columns: nameColumns)
        line.add(" " + title("LINK", .worst), columns: 12)
        line.add("REPLIED", columns: 8, .right)
        line.add(title("TRIP", .trip), columns: 9, .right)
        line.add(title("TIMEOUTS", .timeouts), columns: 10, .right)
        if columns >= 110 {
            line.add("ERRORS", columns: 9, .right)
            line.add("REQUESTS", columns: 11, .right)
        }
        line.add("  DETAIL")
        return line
    }

    func line(_ device: DeviceStatus, columns: Int) -> StyledLine {
        let role = Self.role(device.link)
        var line = StyledLine(glyphs)
        line.add(Self.sign(device.link), columns: 2, .left, role)
        line.add(device.device, columns: nameColumns)
        line.add(" " + device.link.rawValue, columns: 12, .left, role)
        line.add(device.lastReply.map { DisplayValue.span(from: $0, to: now) } ?? "never", columns: 8, .right)
        line.add(Self.trip(device), columns: 9, .right)
        line.add(String(device.timeouts), columns: 10, .right)
        if columns >= 110 {
            line.add(Self.errors(device), columns: 9, .right)
            line.add(String(device.requests), columns: 11, .right)
        }
        line.blanks(2)
        line.add(device.detail, columns: columns - line.width, .left, role == .good ? .faint : role)
        return line
    }

    private static func trip(_ device: DeviceStatus) -> String {
        guard device.roundTripSeconds > 0 else { return DecimalText.missing }
        return DecimalText.fixed(device.roundTripSeconds * 1_000, decimals: 1) + " ms"
    }

    private static func errors(_ device: DeviceStatus) -> String {
        let (sum, overflow) = device.exceptions.addingReportingOverflow(device.malformedReplies)
        return overflow ? DecimalText.missing : String(sum)
    }

    func details(_ device: DeviceStatus, columns: Int) -> [StyledLine] {
        var page = DetailsPage(title: "DEVICE \(device.device)", columns: columns, glyphs: glyphs)
        page.add("Link", device.link.rawValue, Self.role(device.link))
        if !device.detail.isEmpty { page.add("Detail", device.detail) }
        let reply = device.lastReply.map {
            "\(DisplayValue.moment($0)), \(DisplayValue.span(from: $0, to: now)) ago"
        }
        page.add("Last reply", reply ?? "never since the agent started")
        page.add("Mean round trip", Self.trip(device))
        page.heading("SINCE THE AGENT STARTED")
        page.add("Requests", String(device.requests))
        page.add("Timeouts", String(device.timeouts), device.timeouts > 0 ? .strong : .normal)
        page.add("Exceptions", String(device.exceptions))
        page.add("Late replies", String(device.lateReplies))
        page.add("Malformed", String(device.malformedReplies))
        page.add("Overruns", String(device.overruns))
        return page.lines
    }
}
