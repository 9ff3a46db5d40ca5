// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// One value of one point with all that is needed to judge it.
package struct Reading: Hashable, Sendable {
    /// The value in the point's base unit; the last good one where the quality is stale, NaN where there is none.
    package let value: Double
    package let quality: Quality
    package let cause: QualityCause
    /// Plant time at which the device's reply was received.
    package let sourceTime: Timestamp

    package init(value: Double, quality: Quality = .good, cause: QualityCause = .none, sourceTime: Timestamp) {
        self.value = value
        self.quality = quality
        self.cause = cause
        self.sourceTime = sourceTime
    }

    /// A reading without a value.
    package static func bad(_ cause: QualityCause, at time: Timestamp) -> Reading {
        Reading(value: .nan, quality: .bad, cause: cause, sourceTime: time)
    }

    /// What every point holds before its first reply.
    package static let notYetRead = Reading(
        value: .nan,
        quality: .bad,
        cause: .notYetRead,
        sourceTime: Timestamp(milliseconds: 0)
    )

    package var isGood: Bool { quality == .good }

    /// The value where the quality is good or uncertain, nil where nothing current is known.
    package var usableValue: Double? { quality <= .uncertain && value.isFinite ? value : nil }

    /// The reading as it must be seen at `now`: a good or uncertain one older than `limit` becomes stale.
    package func aged(at now: Timestamp, limit: Duration) -> Reading {
        guard quality <= .uncertain, now - sourceTime > limit else { return self }
        return Reading(value: value, quality: .stale, cause: .tooOld, sourceTime: sourceTime)
    }
}
