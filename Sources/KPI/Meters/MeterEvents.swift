// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

extension MeterAccumulator {
    /// An amount of this meter in the unit people read: kilowatt hours, or cubic metres for water.
    private func text(_ count: Int64) -> String {
        description.carrier == .water
            ? "\(decimal(Double(count) / 1e6, places: 3)) m³"
            : "\(decimal(Double(count) / 3.6e6, places: 1)) kWh"
    }

    func event(_ remark: RegisterRemark, at time: Timestamp) -> Event {
        let (kind, message) = words(remark)
        return Event(time: time, kind: kind, subject: description.device, message: message)
    }

    private func words(_ remark: RegisterRemark) -> (kind: String, message: String) {
        switch remark {
        case .rolledOver(let from, let to):
            ("meter_rollover", "register rolled over from \(text(from)) to \(text(to))")
        case .zeroRejected(let count):
            ("meter_zero_rejected", "register read zero for a moment and is back; last believed \(text(count))")
        case .stepBackRejected(let from, let to):
            ("meter_step_back_rejected", "register read \(text(to)) after \(text(from)) and is back; not counted")
        case .spikeRejected(let from, let to):
            (
                "meter_spike_rejected",
                "register read \(text(to)) after \(text(from)), more than the rating allows, and is back; not counted"
            )
        case .reset(let from, let to):
            (
                "meter_reset",
                "register fell from \(text(from.count)) to \(text(to.count)) and counts on from there: reset or "
                    + "replaced; use between \(from.time.iso8601) and \(to.time.iso8601) is unknown"
            )
        case .jumped(let from, let to):
            (
                "meter_jump",
                "register rose from \(text(from.count)) to \(text(to.count)), more than the rating allows, and "
                    + "counts on from there: replaced, or the rating in the site file is too low; use between "
                    + "\(from.time.iso8601) and \(to.time.iso8601) is unknown"
            )
        case .outageTooLong(let from, let to):
            (
                "meter_gap",
                "no register from \(from.time.iso8601) to \(to.time.iso8601), long enough to roll over more than "
                    + "once; use in that time is unknown"
            )
        }
    }

    func gapEvent(until time: Timestamp, isBridged: Bool) -> Event {
        let start = totalTime?.iso8601 ?? ""
        return Event(
            time: time,
            kind: isBridged ? "meter_gap_bridged" : "meter_gap",
            subject: description.device,
            message: isBridged
                ? "no reading from \(start) to \(time.iso8601); the register gives the total, its course is linear"
                : "no good reading from \(start) to \(time.iso8601); use in that time is unknown"
        )
    }

    func implausibleEvent(_ rate: Double, at time: Timestamp) -> Event {
        let isWater = description.carrier == .water
        let seen = isWater ? "\(decimal(rate / 1e3, places: 3)) L/s" : "\(decimal(rate / 1e3, places: 1)) kW"
        return Event(
            time: time,
            kind: "meter_rate_implausible",
            subject: description.device,
            message: "\(source.pointName) reads \(seen), more than the rating allows; not counted. "
                + "Check the meter and its rating in the site file"
        )
    }
}
