// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

extension RunSurroundings {
    /// The surroundings of a run whose weather a command line names.
    ///
    /// The site's own fronts are left out: a year of its own has its own.
    ///
    /// - Parameters:
    ///   - weather: `synthetic:CLIMATE`, or the path of a file: EnergyPlus weather (`.epw`), NREL TMY3 (told by its
    ///     second line) or comma-separated columns, see ``WeatherSeries``.
    ///   - site: Gives the events that stay, and zone and pressure where a file has none.
    ///   - contents: The text of the file at a path.
    /// - Throws: ``InputTextError`` where there is no such climate or the text is wrong, and what `contents` throws.
    package init(
        weather: String,
        of site: SiteDescription,
        contents: (String) throws(InputTextError) -> String
    ) throws(InputTextError) {
        let events = site.simulation?.events.filter { event in
            if case .weatherFront = event.kind { false } else { true }
        }
        let prefix = "synthetic:"
        guard weather.hasPrefix(prefix) else {
            let series = try WeatherSeries(of: weather, text: try contents(weather), site: site)
            self.init(air: .series(series), events: events)
            return
        }
        let name = String(weather.dropFirst(prefix.count))
        guard Self.climates.contains(name) else {
            let known = Self.climates.joined(separator: ", ")
            throw InputTextError(line: nil, message: "there is no climate '\(name)'; take one of \(known)")
        }
        self.init(air: .climate(name), events: events)
    }
}

extension WeatherSeries {
    /// Reads the text of a weather file in the format that its name and its second line tell.
    fileprivate init(of path: String, text: String, site: SiteDescription) throws(InputTextError) {
        let lines = text.split(maxSplits: 2, omittingEmptySubsequences: false) { $0.isNewline }
        if path.lowercased().hasSuffix(".epw") {
            try self.init(energyPlusWeather: text)
        } else if lines.count > 1, lines[1].hasPrefix("Date (MM/DD/YYYY)") {
            try self.init(typicalYear: text)
        } else {
            try self.init(
                commaSeparated: text,
                zoneHours: Climate.named(site.plant.surroundings.climate)?.zoneHours ?? 0,
                defaultPressure: site.plant.surroundings.atmosphericPressure
            )
        }
    }
}
