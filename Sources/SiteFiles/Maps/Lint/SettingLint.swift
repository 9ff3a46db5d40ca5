// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Points that depend on how the device is set.
struct SettingLint {
    let decoded: DecodedMap

    var findings: [LintFinding] {
        decoded.points.flatMap { entry in [empty(entry), rare(entry)].compactMap(\.self) }
    }

    private func setting(_ entry: PlacedPoint) -> (point: MapPoint, range: ClosedRange<Double>)? {
        guard let condition = entry.point.validWhile, let point = decoded.map.point(named: condition.point) else {
            return nil
        }
        return (point, condition.range)
    }

    private func finding(_ entry: PlacedPoint, _ message: String) -> LintFinding {
        LintFinding(
            rule: .validWhile,
            point: entry.point.name,
            place: entry.place(of: "valid_while"),
            message: message
        )
    }

    /// A condition that the setting cannot but meet.
    private func empty(_ entry: PlacedPoint) -> LintFinding? {
        guard let setting = setting(entry), setting.point.scaleCodes == nil,
            let holds = RegisterCodec(setting.point).representableRange,
            setting.range.lowerBound <= holds.lowerBound, setting.range.upperBound >= holds.upperBound
        else { return nil }
        return finding(
            entry,
            "'valid_while' is met by everything '\(setting.point.name)' can read, so it guards nothing; narrow its "
                + "range"
        )
    }

    /// A setting that is read once, so that nobody notices when it is changed.
    private func rare(_ entry: PlacedPoint) -> LintFinding? {
        guard let setting = setting(entry), setting.point.pollClass == .once || !setting.point.isReadable else {
            return nil
        }
        return finding(
            entry,
            "the setting '\(setting.point.name)' is hardly ever read, so nobody would see it change; poll it slow or "
                + "oftener"
        )
    }
}
