// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// A point of a group that means what its map says only while another point of the device reads so.
struct SettingRule: Sendable {
    /// Position in the group's plan.
    let position: Int
    /// The other point's position in the device map's points.
    let setting: Int
    /// What the other point must read, in its base unit.
    let range: ClosedRange<Double>

    /// The rules for the points of a plan.
    static func rules(of plan: ReadPlan, _ map: DeviceMap) -> [SettingRule] {
        plan.points.enumerated().compactMap { position, planned in
            guard let condition = map.points[planned.mapPoint].validWhile,
                let setting = map.points.firstIndex(where: { $0.name == condition.point }),
                map.points[setting].isReadable
            else { return nil }
            return SettingRule(position: position, setting: setting, range: condition.range)
        }
    }

    /// Why a value that was decoded well must not be believed, by what is known of the setting.
    ///
    /// A device that refuses to show the setting, as older firmware may, is taken to have no other. Until the setting
    /// was read once nothing is believed; later its last value counts, however old.
    func doubt(_ setting: ReadingBoard.Cell) -> QualityCause {
        guard setting.time != 0 else {
            let refusals: [QualityCause] = [.illegalAddress, .knownBadRange, .exceptionReply]
            return refusals.contains(setting.failure) ? .none : .notYetRead
        }
        return setting.quality <= .uncertain && range.contains(setting.value) ? .none : .settingDiffers
    }

    /// As ``doubt(_:)-(ReadingBoard.Cell)``, of a setting that came in the same reply.
    func doubt(_ setting: DecodedValue) -> QualityCause {
        setting.isGood && range.contains(setting.value) ? .none : .settingDiffers
    }
}

extension BlockReader {
    /// Takes the values that mean something else while the device is set otherwise than the map says.
    static func judgeSettings(
        _ points: Range<Int>,
        _ place: Place,
        _ contents: ReadingBoard.Contents,
        _ values: inout [DecodedValue]
    ) {
        let targets = place.targets.shared
        for rule in targets.settings where points.contains(rule.position) {
            let position = rule.position - points.lowerBound
            guard values[position].isGood else { continue }
            let neighbour = points.first { targets.mapPoints[$0] == rule.setting }
            let cause =
                neighbour.map { rule.doubt(values[$0 - points.lowerBound]) }
                ?? rule.doubt(contents.cells[place.targets.firstCell + rule.setting])
            if cause != .none { values[position] = .bad(cause) }
        }
    }
}
