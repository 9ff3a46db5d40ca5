// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Reports as an agent would send them, built by hand so that each golden page shows what it is named after.
enum Reports {
    static let now = CalendarTime(year: 2026, month: 3, day: 1, hour: 6).timestamp

    /// A hall of twelve racks in free cooling, all well.
    static let calm: StatusReport = {
        var report = StatusReport(site: header(name: "Nordholm AI Campus", timeScale: nil))
        report.kpis =
            figures(.pue, category: 3, [1.1523, 1.1498, 1.1441, 1.1387])
            + figures(.wue, [0, 2.5e-11, 6.94e-11, 1.04e-10]) + figures(.erf, [0.412, 0.4055, 0.3921, 0.3504])
            + figures(.ere, [0.6776, 0.6836, 0.6955, 0.7397]) + figures(.cer, [14.2, 13.9, 12.75, 11.6])
        report.summary = [
            summary("Outdoor dry bulb", 3.24, .celsius), summary("Outdoor wet bulb", 1.96, .celsius),
            summary("Facility supply", 17.93, .celsius), summary("Facility return", 28.41, .celsius),
            summary("Facility flow", 0.10525, .cubicMetersPerSecond), summary("IT power", 1_443_000, .watts),
            summary("Heat exported", 594_600, .watts), summary("Tower fan speed", 0.314, .ratio),
            summary("Loop pressure", 151_300, .pascals),
        ]
        report.racks = (1...12).map { rack("r-\($0)", watts: 118_000 + Double(($0 * 7) % 12) * 430) }
        report.loops = [
            loop(
                "economizer",
                .waterEconomizer,
                .automatic,
                "free_cooling",
                "Predicted exchanger leaving 9.1 °C is 8.8 K below the supply setpoint of 17.9 °C.",
                minutesAgo: 125
            ),
            loop(
                "heat-export",
                .heatExport,
                .advisory,
                "export_running",
                "Network asks for 600 kW.",
                minutesAgo: 4_480
            ),
        ]
        report.devices = ["chiller-1", "cdu-1", "meter-main"].map {
            DeviceStatus(device: $0, link: .up, lastReply: now)
        }
        return report
    }()

    /// A simulated site with every kind of trouble a page must not hide.
    static let troubled: StatusReport = {
        var report = StatusReport(site: header(name: "", timeScale: 60))
        report.kpis = troubledFigures
        report.summary = [
            summary("Outdoor wet bulb", .nan, .celsius, .bad, .timeout, secondsAgo: 95),
            summary("Facility supply", 21.87, .celsius),
            summary("Facility return", 31.02, .celsius, .stale, .tooOld, secondsAgo: 45),
            summary("IT power", 999_960, .watts, .uncertain, .sensorsDisagree, secondsAgo: 1),
            summary("Heat exported", -1_234, .watts),
        ]
        report.racks = [
            rack("r-1", watts: 96_400, inlet: 24.1), rack("r-2", watts: 131_240, inlet: 27.66),
            rack("r-3", watts: 128_900, .stale, .tooOld), rack("r-4", watts: .nan, .bad, .connectionRefused),
            rack("r-5", watts: 40, .uncertain, .flatLine), rack("s-1", hall: "hall-2", watts: .nan, .bad, .notYetRead),
        ]
        report.loops = [
            loop(
                "coolant-supply-with-a-very-long-identifier",
                .coolantSupply,
                .hand,
                "held",
                "Held by shift operator at 32.0 °C until 07:00 because the valve of cdu-3 hunts around its minimum "
                    + "position; the dew-point guard still applies and would raise the setpoint above 19.4 °C, which "
                    + "the present room air at 40 % relative humidity does not ask for, nor has it "
                    + "this week or the last.",
                minutesAgo: 3
            )
        ]
        report.devices = [
            DeviceStatus(device: "chiller-1", link: .up, lastReply: now),
            DeviceStatus(device: "cdu-3", link: .degraded, detail: "3 of 40 requests timed out", lastReply: now),
            DeviceStatus(device: "weather", link: .down, detail: "connection refused", lastReply: now - .seconds(95)),
            DeviceStatus(device: "meter-pdu-7", link: .connecting),
        ]
        report.alarms = troubledAlarms
        return report
    }()

    private static let troubledFigures: [KPIResult] =
        figures(.pue, category: 1, [1.2, 1.2, nil, nil], reasons: ["", "", "completeness 0.62 is below 0.90", ""])
        + figures(.pue, category: 2, boundary: "whole site", [1.31, 1.32, 1.3, 1.29])
        + figures(.pue, category: 2, boundary: "hall-1", [1.21, 1.22, nil, 1.2])
        + figures(
            .wue,
            [nil, nil, nil, 2.9e-10],
            reasons: [
                "fewer than 200 counts of the water meter in the window",
                "fewer than 200 counts of the water meter in the window",
                "no water meter answers", "completeness 0.93 is below 0.95",
            ]
        ) + figures(.cue, [7.6e-5, 7.7e-5, 7.8e-5, 7.9e-5])

    private static let troubledAlarms: [AlarmRecord] = [
        alarm(
            "cdu-3/supply_temperature_high",
            .medium,
            .acknowledged,
            "Supply 35.2 °C, limit 34.0 °C.",
            minutesAgo: 40
        ),
        alarm("site/low_power_meter_gap", .low, .active, "No total for 12 min.", minutesAgo: 12),
        alarm("weather/no_reply", .high, .active, "Weather station does not answer.", minutesAgo: 2),
        alarm("cdu-1/leak", .high, .returned, "Leak rope dry again.", minutesAgo: 300),
        alarm("cdu-2/filter", .low, .shelved, "Filter loaded.", minutesAgo: 60),
        alarm("cdu-4/filter", .low, .suppressed, "Filter loaded.", minutesAgo: 60),
        alarm("cdu-5/filter", .low, .normal, "Filter clean.", minutesAgo: 60),
        alarm("chiller-1/surge", .high, .active, "Lift beyond the map.", minutesAgo: 90),
    ]

    static func header(name: String, timeScale: Double?) -> SiteHeader {
        SiteHeader(
            id: "nordholm",
            name: name,
            version: "0.1.0",
            sequence: 12_345,
            plantTime: now,
            wallTime: timeScale == nil ? now : now - .seconds(7_200),
            timeScale: timeScale
        )
    }

    static func figures(
        _ name: KPIName,
        category: Int? = nil,
        boundary: String = "whole site",
        _ values: [Double?],
        reasons: [String] = ["", "", "", ""]
    ) -> [KPIResult] {
        zip(KPIWindow.allCases, zip(values, reasons)).map { window, result in
            KPIResult(
                name: name,
                window: window,
                category: category,
                boundary: boundary,
                value: result.0,
                reason: result.1,
                completeness: 1,
                start: now - window.duration,
                end: now,
                numerator: 0,
                denominator: 0,
                meters: [],
                uncertainty: 0
            )
        }
    }

    static func reading(
        _ value: Double,
        _ unit: PointUnit,
        _ quality: Quality = .good,
        _ cause: QualityCause = .none,
        secondsAgo: Int = 0
    ) -> ReadingReport {
        let time = now - .seconds(secondsAgo)
        return ReadingReport(
            Reading(value: value, quality: quality, cause: cause, sourceTime: time),
            unit: unit,
            now: now
        )
    }

    static func summary(
        _ label: String,
        _ value: Double,
        _ unit: PointUnit,
        _ quality: Quality = .good,
        _ cause: QualityCause = .none,
        secondsAgo: Int = 0
    ) -> SummaryValue {
        let shown = reading(value, unit, quality, cause, secondsAgo: secondsAgo)
        return SummaryValue(name: label.lowercased(), label: label, reading: shown)
    }

    static func rack(
        _ id: String,
        hall: String = "hall-1",
        watts: Double,
        _ quality: Quality = .good,
        _ cause: QualityCause = .none,
        inlet: Double? = nil
    ) -> RackReport {
        RackReport(
            id: id,
            hall: hall,
            nominalWatts: 132_000,
            power: reading(watts, .watts, quality, cause, secondsAgo: quality == .good ? 0 : 30),
            inletAirTemperature: inlet.map { reading($0, .celsius) }
        )
    }

    static func loop(
        _ id: String,
        _ kind: LoopKind,
        _ mode: LoopMode,
        _ state: String,
        _ reason: String,
        minutesAgo: Int
    ) -> LoopStatus {
        LoopStatus(
            id: id,
            kind: kind,
            mode: mode,
            state: state,
            reason: Reason(code: "test", text: reason),
            since: now - .seconds(minutesAgo * 60)
        )
    }

    static func alarm(
        _ id: String,
        _ priority: AlarmPriority,
        _ state: AlarmState,
        _ message: String,
        minutesAgo: Int
    ) -> AlarmRecord {
        AlarmRecord(
            id: id,
            priority: priority,
            state: state,
            message: message,
            response: "Look at the trend before you acknowledge.",
            since: now - .seconds(minutesAgo * 60)
        )
    }
}
