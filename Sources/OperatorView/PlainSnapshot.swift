// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// The status of a site as plain text: what `thermocline top --once` prints and what a pipe gets.
///
/// No colour, no cursor movement; every state is a word. Lines fit the width, and text from devices and site files
/// is cleaned of control characters. Same report, same bytes. Long lists are cut at the limits below, and the line
/// that follows says what was left out.
package enum PlainSnapshot {
    /// Widths outside this range are moved to its nearest end.
    package static let widths = 60...240
    /// Lines of the rack grid in one hall.
    static let maximumRackLines = 20
    /// Entries in the lists of loops, devices and alarms.
    static let maximumEntries = 40

    /// Renders a report.
    ///
    /// - Parameters:
    ///   - report: One cycle's report.
    ///   - width: The columns of the page.
    /// - Returns: Lines of text, each ended by a newline.
    package static func render(_ report: StatusReport, width: Int = 80) -> String {
        var page = PlainPage(width: min(max(width, widths.lowerBound), widths.upperBound))
        header(report.site, on: &page)
        keyFigures(report.kpis, on: &page)
        summary(report.summary, on: &page)
        racks(report.racks, on: &page)
        loops(report.loops, now: report.site.plantTime, on: &page)
        devices(report.devices, now: report.site.plantTime, on: &page)
        alarms(report.alarms, now: report.site.plantTime, on: &page)
        return page.text
    }

    private static func header(_ site: SiteHeader, on page: inout PlainPage) {
        let name = site.name.isEmpty || site.name == site.id ? site.id : "\(site.name) (\(site.id))"
        page.spread(name, "Thermocline \(site.version)")
        if let timeScale = site.timeScale {
            let scale = DecimalText.short(timeScale, decimals: 3)
            page.line("SIMULATED at \(scale)x, wall time \(DisplayValue.moment(site.wallTime))")
        }
        page.line("Plant time \(DisplayValue.moment(site.plantTime)), cycle \(site.sequence)")
    }

    private static func summary(_ values: [SummaryValue], on page: inout PlainPage) {
        guard !values.isEmpty else { return }
        page.heading("PLANT")
        let column = (page.width - 4) / 2
        var pending: String?
        for value in values {
            let shown = DisplayValue(value.reading.value, unit: value.reading.unit).text
            let label = column - PlainText.width(PlainText.clean(shown)) - 1
            let cell = "\(PlainText.left(value.label, label)) \(shown)"
            // A doubtful value has the line to itself, so that its cause stands beside it.
            if let doubt = doubt(value.reading) {
                if let left = pending { page.line("  \(left)") }
                pending = nil
                page.paragraph(doubt, lead: "  \(cell)  ", limit: 2)
            } else if let left = pending {
                page.line("  \(left)  \(cell)")
                pending = nil
            } else {
                pending = cell
            }
        }
        if let left = pending { page.line("  \(left)") }
    }

    /// The columns that a list gives to its names: those of the widest, within a limit that a longer one breaks.
    static func nameColumns(_ names: [String]) -> Int {
        min(24, names.map { PlainText.width(PlainText.clean($0)) }.max() ?? 0)
    }

    /// The quality of a reading in words, with its cause and age; nil where it is good.
    static func doubt(_ reading: ReadingReport) -> String? {
        guard reading.quality != Quality.good.word else { return nil }
        var text = reading.quality
        if !reading.cause.isEmpty { text += ", \(reading.cause)" }
        if let age = reading.ageSeconds { text += ", \(DisplayValue.span(seconds: age)) ago" }
        return text
    }

    /// Words from a code in lower snake case: `free_cooling` reads `free cooling`.
    static func words(_ code: String) -> String { code.replacing("_", with: " ") }
}
