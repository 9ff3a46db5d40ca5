// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The page a browser gets at `/`: the state of the site at a glance, nothing loaded from elsewhere.
enum StatusPage {
    static func answer(report: StatusReport?, site: SiteDescription, version: String, isCurrent: Bool) -> WebAnswer {
        var page = HTMLText()
        let title = site.name.isEmpty ? site.id : site.name
        page.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
        page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        page.raw("<meta http-equiv=\"refresh\" content=\"10\">\n<title>")
        page.text(title)
        page.raw(" - Thermocline</title>\n<style>\(style)</style></head><body>\n<h1>")
        page.text(title)
        page.raw("</h1>\n")
        banners(report, site: site, isCurrent: isCurrent, to: &page)
        if let report { sections(report, to: &page) }
        page.raw("<h2>Pages</h2>\n<ul>\n")
        for path in Routes.paths.dropFirst() where path != "/api/v1/why" {
            page.raw("<li><a href=\"\(path)\">\(path)</a></li>\n")
        }
        page.raw("</ul>\n<p>Thermocline ")
        page.text(version)
        page.raw("</p>\n</body></html>\n")
        return WebAnswer(contentType: "text/html; charset=utf-8", body: page.bytes)
    }

    private static let style = """
        body{font:16px/1.4 system-ui,sans-serif;margin:2em auto;max-width:60em;padding:0 1em}\
        table{border-collapse:collapse}td,th{padding:.2em 1em .2em 0;text-align:left}\
        .note{border:2px solid;padding:.3em .6em;font-weight:bold}
        """

    private static func banners(
        _ report: StatusReport?,
        site: SiteDescription,
        isCurrent: Bool,
        to page: inout HTMLText
    ) {
        if let simulation = site.simulation {
            page.raw("<p class=\"note\">SIMULATED, ")
            page.text(NumberText.short(simulation.timeScale))
            page.raw(" plant seconds per second</p>\n")
        }
        guard let report else {
            page.raw("<p class=\"note\">No cycle has been finished yet.</p>\n")
            return
        }
        if !isCurrent { page.raw("<p class=\"note\">Cycles have stopped: nothing below is live.</p>\n") }
        page.raw("<p>Cycle \(report.site.sequence), plant time ")
        page.text(report.site.plantTime.iso8601)
        page.raw("</p>\n")
    }

    private static func sections(_ report: StatusReport, to page: inout HTMLText) {
        let figures = report.kpis.map { result in
            [
                result.name.rawValue.uppercased(), result.window.rawValue,
                result.category.map { "category \($0)" } ?? "",
                NumberText.keyFigure(result), result.reason,
            ]
        }
        page.table("Key figures", ["figure", "window", "", "value", "note"], figures)
        let readings = report.summary.map { value in
            [value.label, NumberText.reading(value.reading), value.reading.quality, value.reading.cause]
        }
        page.table("Plant", ["point", "value", "quality", "cause"], readings)
        let loops = report.loops.map { [$0.id, $0.mode.rawValue, $0.state, $0.reason.text] }
        page.table("Loops", ["loop", "mode", "state", "because"], loops)
        let alarms = report.alarms.filter { $0.state != .normal }.map { alarm in
            [alarm.priority.rawValue, alarm.state.rawValue, alarm.id, alarm.message, alarm.response]
        }
        page.table("Alarms", ["priority", "state", "alarm", "message", "what to do"], alarms)
        let answering = report.devices.count { $0.link == .up }
        page.raw("<p>\(answering) of \(report.devices.count) devices up, \(report.racks.count) racks.</p>\n")
        let troubled = report.devices.filter { $0.link != .up }.map { [$0.device, $0.link.rawValue, $0.detail] }
        page.table("Devices not up", ["device", "link", "why"], troubled)
    }
}

/// HTML while it is written; what comes from elsewhere is escaped.
struct HTMLText {
    /// Rows of a table that are shown; the pages of the API have them all.
    static let maximumRows = 100

    private(set) var bytes: [UInt8] = []

    /// Appends markup written here.
    mutating func raw(_ markup: String) { bytes.append(contentsOf: markup.utf8) }

    /// Appends text from elsewhere with everything that HTML reads as markup escaped.
    mutating func text(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): raw("&amp;")
            case UInt8(ascii: "<"): raw("&lt;")
            case UInt8(ascii: ">"): raw("&gt;")
            case UInt8(ascii: "\""): raw("&quot;")
            case UInt8(ascii: "'"): raw("&#39;")
            default: bytes.append(byte)
            }
        }
    }

    /// Appends a headed table; nothing where there are no rows.
    mutating func table(_ title: String, _ columns: [String], _ rows: [[String]]) {
        guard !rows.isEmpty else { return }
        raw("<h2>")
        text(title)
        raw("</h2>\n<table>\n")
        row("th", columns)
        for cells in rows.prefix(Self.maximumRows) { row("td", cells) }
        raw("</table>\n")
        if rows.count > Self.maximumRows { raw("<p>and \(rows.count - Self.maximumRows) more</p>\n") }
    }

    private mutating func row(_ element: String, _ cells: [String]) {
        raw("<tr>")
        for cell in cells {
            raw("<\(element)>")
            text(cell)
            raw("</\(element)>")
        }
        raw("</tr>\n")
    }
}

/// Numbers as the status page shows them.
enum NumberText {
    /// The number with at most three decimals; exact where it is very large or very small.
    static func short(_ value: Double) -> String {
        guard value.magnitude < 1e9, value == 0 || value.magnitude >= 0.001 else { return value.description }
        let rounded = (value * 1_000).rounded() / 1_000
        return rounded == rounded.rounded() ? String(Int(rounded)) : rounded.description
    }

    /// The figure in the unit people know it by.
    static func keyFigure(_ result: KPIResult) -> String {
        guard let value = result.value else { return "-" }
        return switch result.name {
        // 1 m3/J = 1000 L / (1/3.6e6 kWh); 1 g/J = 0.001 kg / (1/3.6e6 kWh).
        case .wue: short(value * 3.6e9) + " L/kWh"
        case .cue: short(value * 3_600) + " kg/kWh"
        case .pue, .erf, .ere, .ref, .cer: short(value)
        }
    }

    static func reading(_ reading: ReadingReport) -> String {
        guard let value = reading.value else { return "-" }
        let symbol = reading.unit.symbol
        return symbol.isEmpty ? short(value) : "\(short(value)) \(symbol)"
    }
}
