// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

extension Reports {
    /// A report's figures at another time, with another supply temperature.
    static func at(
        _ time: Timestamp,
        sequence: Int,
        _ report: StatusReport,
        supply: Double? = nil
    ) -> StatusReport {
        var later = report
        later.site = SiteHeader(
            id: report.site.id,
            name: report.site.name,
            version: report.site.version,
            sequence: sequence,
            plantTime: time,
            wallTime: report.site.timeScale == nil ? time : report.site.wallTime,
            timeScale: report.site.timeScale
        )
        if let supply {
            later.summary = report.summary.map {
                $0.label == "Facility supply" ? summary($0.label, supply, .celsius) : $0
            }
        }
        return later
    }

    /// Two loops, one of them with the numbers its reason rests on.
    static let explained: StatusReport = {
        var report = calm
        let evidence = [
            Evidence(name: "outdoor_wet_bulb_temperature", value: 1.96, unit: .celsius),
            Evidence(name: "predicted_leaving_temperature", value: 9.1, unit: .celsius),
            Evidence(name: "facility_water_volume_flow", value: 0.10525, unit: .cubicMetersPerSecond),
        ]
        let loop = report.loops[0]
        report.loops[0] = LoopStatus(
            id: loop.id,
            kind: loop.kind,
            mode: loop.mode,
            state: loop.state,
            reason: Reason(code: "economizer_predicted_benefit", text: loop.reason.text, evidence: evidence),
            since: loop.since
        )
        return report
    }()

    /// Racks named rack-1 to rack-N, hottest last.
    static func manyRacks(_ count: Int) -> StatusReport {
        var report = StatusReport(site: header(name: "", timeScale: nil))
        report.racks = (0..<count).map { rack("rack-\($0 + 1)", watts: 100_000 + Double($0) * 100) }
        return report
    }
}
