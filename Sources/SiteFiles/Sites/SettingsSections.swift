// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The sections that hold settings of the site as a whole.
extension SiteDecoder {
    struct Identity {
        let id: String
        let name: String
        let jurisdiction: String
    }

    static var identity: Rule<Identity> {
        Rule<Identity>.mapping("'site'") { fields in
            let id = fields.required("id", .identifier)
            let name = fields.optional("name", .text(upTo: 200), default: "")
            let jurisdiction = fields.optional("jurisdiction", .countryCode, default: "")
            guard let id else { return nil }
            return Identity(id: id, name: name, jurisdiction: jurisdiction)
        }
    }

    static var cycle: Rule<Duration> {
        Rule<Duration>.mapping("'cycle'") { fields in
            fields.required("interval", .duration(.milliseconds(100)...(.seconds(60))))
        }
    }

    static var simulation: Rule<SimulationSettings> {
        Rule<SimulationSettings>.mapping("'simulation'") { fields in
            let start = fields.required("start", .timestamp)
            let timeScale = fields.optional("time_scale", .number(0.001...100_000), default: 1)
            let sensors = fields.optional("sensors", Rule<SensorRealism>.word, default: .ideal)
            let permit = fields.optional("district_permit", outdoorPermit)
            let events = fields.optional(
                "events",
                .list(of: simulationEvent, named: "an event", atMost: Limits.simulationEvents),
                default: []
            )
            guard let start else { return nil }
            return SimulationSettings(
                start: start,
                timeScale: timeScale,
                sensors: sensors,
                districtPermit: permit,
                events: events
            )
        }
    }

    static var kpis: Rule<KPISettings> {
        Rule<KPISettings>.mapping("'kpis'") { fields in
            let standard = KPISettings()
            let ratio = SourceUnit("ratio", .ratio)
            return KPISettings(
                category: fields.optional(
                    "category",
                    .integer(1...3, "the measuring categories of PUE"),
                    default: standard.category
                ),
                boundary: fields.optional("boundary", .text(upTo: 100), default: standard.boundary),
                carbonIntensityGramsPerKilowattHour: fields.optional(
                    "carbon_intensity_grams_per_kilowatt_hour",
                    .number(0...2_000)
                ),
                renewableShare: fields.optional(
                    "renewable_share",
                    .quantity(.ratio, 0...1, example: "40 %", bare: ratio)
                )
            )
        }
    }

    static var store: Rule<StoreSettings> {
        Rule<StoreSettings>.mapping("'store'") { fields in
            let standard = StoreSettings()
            let years = 36_600
            let settings = StoreSettings(
                byteBudget: fields.optional(
                    "budget",
                    .bytes(10_000_000...1_000_000_000_000_000),
                    default: standard.byteBudget
                ),
                rawDays: fields.optional("raw", .days(1...years), default: standard.rawDays),
                minuteDays: fields.optional("minute", .days(1...years), default: standard.minuteDays),
                quarterHourDays: fields.optional("quarter_hour", .days(1...years), default: standard.quarterHourDays)
            )
            if settings.rawDays > settings.minuteDays || settings.minuteDays > settings.quarterHourDays {
                fields.problems.warning(
                    fields.place,
                    "finer data is kept longer than coarser (raw \(settings.rawDays) d, "
                        + "minute \(settings.minuteDays) d, "
                        + "quarter_hour \(settings.quarterHourDays) d); it is usually the other way round"
                )
            }
            return settings
        }
    }
}
