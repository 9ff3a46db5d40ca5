// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// One sample of one series at one cycle.
package struct StoredSample: Sendable {
    /// Plant time of the cycle.
    package let time: Timestamp
    package let point: StoredPoint
    /// The bits of a Double, or of an Int64 for totals.
    let bits: UInt64
    package let quality: Quality
    package let cause: QualityCause
    /// Plant time of the device's reply; of the cycle for what was wished and decided.
    package let sourceTime: Timestamp

    /// The value in the unit of ``point``; for totals rounded to 53 bits.
    package var value: Double {
        guard point.kind == .total else { return Double(bitPattern: bits) }
        let total = Double(Int64(bitPattern: bits))
        return point.unit == .cubicMeters ? total / 1e6 : total
    }

    /// The exact total in joules, or in millilitres for water; nil for all but totals.
    package var total: Int64? { point.kind == .total ? Int64(bitPattern: bits) : nil }

    /// The value as text that reads back as the same number; empty where there is none.
    ///
    /// Totals are written out to the last digit, water in cubic metres.
    package var valueText: String {
        guard let total else {
            let value = Double(bitPattern: bits)
            return value.isFinite ? "\(value)" : ""
        }
        guard point.unit == .cubicMeters else { return "\(total)" }
        let digits = String(total.magnitude % 1_000_000)
        let fraction = String(repeating: "0", count: 6 - digits.count) + digits
        return "\(total < 0 ? "-" : "")\(total.magnitude / 1_000_000).\(fraction)"
    }
}

/// What one point did in one roll-up interval; its values are in the point's base unit.
package struct StoredRollup: Sendable {
    /// Plant time at which the interval starts.
    package let time: Timestamp
    package let point: StoredPoint
    /// The least of the usable values, in the base unit.
    package let minimum: Double
    /// The arithmetic mean over the cycles with a usable value, in the base unit.
    package let mean: Double
    /// The greatest of the usable values, in the base unit.
    package let maximum: Double
    /// The value of the interval's last cycle with a usable one, in the base unit.
    package let last: Double
    /// How many cycles had a good or uncertain value.
    package let count: Int
    /// ``count`` against the cycles the interval has when none is missed, 0...1.
    package let completeness: Double
}

/// How long a roll-up interval is.
package enum RollupLength: String, CaseIterable, Sendable {
    case minute = "1m"
    case quarterHour = "15m"

    var kind: HistoryFileName.Kind { self == .minute ? .minute : .quarter }
}

/// A record with the plant time under which it is stored.
package struct Stored<Record: Sendable>: Sendable {
    package let time: Timestamp
    package let record: Record
}

/// The totals of all meters at one cycle, in the order of the meter tree.
package struct StoredTotals: Sendable {
    /// Plant time of the cycle.
    package let time: Timestamp
    package let totals: [MeterTotal]
}
