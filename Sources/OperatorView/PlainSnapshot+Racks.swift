// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

// Racks: a grid of kilowatts per hall, hottest first.
extension PlainSnapshot {
    static func racks(_ racks: [RackReport], on page: inout PlainPage) {
        var halls: [String] = []
        for rack in racks where !halls.contains(rack.hall) { halls.append(rack.hall) }
        for hall in halls { grid(hall, racks.filter { $0.hall == hall }, on: &page) }
    }

    private static func grid(_ hall: String, _ racks: [RackReport], on page: inout PlainPage) {
        page.heading("RACKS \(hall)", "kW per rack, \(racks.count == 1 ? "1 rack" : "\(racks.count) racks")")
        page.paragraph(totals(racks), indent: 2, limit: 3)
        let sorted = hottestFirst(racks)
        let widest = sorted.map { PlainText.width(PlainText.clean($0.id)) }.max() ?? 0
        let name = min(widest, page.width - 2 - 1 - powerColumns - 1 - qualityColumns)
        let hasDoubt = sorted.contains { $0.power.quality != Quality.good.word }
        let cell = name + 1 + powerColumns + (hasDoubt ? 1 + qualityColumns : 0)
        let perLine = max(1, (page.width - 2 + gap) / (cell + gap))
        let shown = sorted.prefix(perLine * maximumRackLines)
        var line: [String] = []
        for (position, rack) in shown.enumerated() {
            let number = rack.power.value.map { DecimalText.fixed($0 / 1_000, decimals: 1) } ?? DecimalText.missing
            var text = "\(PlainText.left(rack.id, name)) \(PlainText.right(number, powerColumns))"
            if hasDoubt {
                let word = rack.power.quality == Quality.good.word ? "" : rack.power.quality
                text += " " + PlainText.left(word, qualityColumns)
            }
            line.append(text)
            if line.count == perLine || position == shown.count - 1 {
                page.line("  " + line.joined(separator: PlainText.blanks(gap)))
                line = []
            }
        }
        let hidden = sorted.dropFirst(shown.count)
        guard !hidden.isEmpty else { return }
        let doubtful = hidden.count { $0.power.quality != Quality.good.word }
        page.line("  and \(hidden.count) more with less power, \(doubtful) of them not good")
    }

    /// Blanks between two racks.
    private static let gap = 3
    /// Columns of a power in kilowatts: `1234.5`.
    private static let powerColumns = 6
    /// Columns of the longest quality word, `uncertain`.
    private static let qualityColumns = 9

    /// The sum over the racks that give a current value, how many do not, and the warmest inlet.
    private static func totals(_ racks: [RackReport]) -> String {
        let current = racks.filter { isCurrent($0.power) }
        let watts = current.compactMap(\.power.value).reduce(0, +)
        let nominal = current.map(\.nominalWatts).reduce(0, +)
        var text = current.count == racks.count ? "all current" : "\(current.count) of \(racks.count) current"
        for quality in Quality.allCases where quality != .good {
            let count = racks.count { $0.power.quality == quality.word }
            if count > 0 { text += ", \(count) \(quality.word)" }
        }
        if !current.isEmpty { text += "; together \(DisplayValue(watts, unit: .watts).text)" }
        if nominal > 0 { text += ", \(DecimalText.fixed(watts / nominal * 100, decimals: 0)) % of nominal" }
        if let warmest = warmestInlet(racks) { text += "; warmest inlet air \(warmest)" }
        return text
    }

    /// The warmest current inlet air and its rack, the first of equals in site order.
    private static func warmestInlet(_ racks: [RackReport]) -> String? {
        var warmest: (id: String, celsius: Double)?
        for rack in racks {
            guard let inlet = rack.inletAirTemperature, isCurrent(inlet), let celsius = inlet.value else { continue }
            if celsius > warmest?.celsius ?? -.infinity { warmest = (rack.id, celsius) }
        }
        return warmest.map { "\(DisplayValue($0.celsius, unit: .celsius).text) at \($0.id)" }
    }

    private static func isCurrent(_ reading: ReadingReport) -> Bool {
        reading.quality == Quality.good.word || reading.quality == Quality.uncertain.word
    }

    /// By power downwards, racks without a value last, equals in site order.
    private static func hottestFirst(_ racks: [RackReport]) -> [RackReport] {
        racks.enumerated()
            .sorted { left, right in
                let leftWatts = left.element.power.value ?? -.infinity
                let rightWatts = right.element.power.value ?? -.infinity
                return leftWatts == rightWatts ? left.offset < right.offset : leftWatts > rightWatts
            }
            .map(\.element)
    }
}
