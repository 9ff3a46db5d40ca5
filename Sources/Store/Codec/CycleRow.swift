// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// One cycle's samples in the order of a ``CycleLayout``: what goes into a row and what comes out of it.
struct CycleRow: Equatable {
    /// Plant time of the freeze, in milliseconds since 1970.
    var time: Int64 = 0
    /// Wall time of the freeze, in milliseconds since 1970.
    var wallTime: Int64 = 0
    /// Counts cycles since the agent started.
    var sequence: Int64 = 0
    /// The value's bits: those of a Double, or of an Int64 for totals.
    var bits: [UInt64]
    /// Quality in the low byte (or ``StoredPoint/absent``), cause in the high byte.
    var status: [UInt16]
    /// Plant time of each sample's source, in milliseconds since 1970.
    var sourceTimes: [Int64]

    init(seriesCount: Int) {
        bits = Array(repeating: 0, count: seriesCount)
        status = Array(repeating: StoredPoint.absent, count: seriesCount)
        sourceTimes = Array(repeating: 0, count: seriesCount)
    }

    var seriesCount: Int { bits.count }

    /// Puts a sample at a position.
    mutating func set(_ position: Int, bits: UInt64, quality: Quality, cause: QualityCause, sourceTime: Timestamp) {
        self.bits[position] = bits
        status[position] = UInt16(quality.rawValue) | UInt16(cause.rawValue) << 8
        sourceTimes[position] = sourceTime.milliseconds
    }

    /// Takes the sample at a position away.
    mutating func clear(_ position: Int) {
        bits[position] = 0
        status[position] = StoredPoint.absent
        sourceTimes[position] = time
    }

    /// The sample at a position as a reading, its value read as a Double; nil where there is none.
    func reading(_ position: Int) -> Reading? {
        guard let quality = Quality(rawValue: UInt8(status[position] & 0xFF)) else { return nil }
        return Reading(
            value: Double(bitPattern: bits[position]),
            quality: quality,
            cause: QualityCause(rawValue: UInt8(status[position] >> 8)) ?? .none,
            sourceTime: Timestamp(milliseconds: sourceTimes[position])
        )
    }
}

/// What encoder and decoder remember from one row to the next; both make the same steps on it.
struct RowMemory: Equatable {
    var time: Int64 = 0
    /// Wall minus plant time of the row before, in milliseconds.
    var wallOffset: Int64 = 0
    var sequence: Int64 = 0
    var bits: [UInt64]
    /// The last whole number of each series that its ``ValueModel`` had one for.
    var codes: [Int64]
    /// Whether the last changed value of each series was kept as a whole number.
    var isModelled: [Bool]
    var status: [UInt16]
    var sources: SourceTimeGroups

    /// What a full row starts from.
    init(seriesCount: Int, time: Int64) {
        self.time = time
        bits = Array(repeating: 0, count: seriesCount)
        codes = Array(repeating: 0, count: seriesCount)
        isModelled = Array(repeating: true, count: seriesCount)
        status = Array(repeating: StoredPoint.absent, count: seriesCount)
        sources = SourceTimeGroups(seriesCount: seriesCount, time: time)
    }
}
