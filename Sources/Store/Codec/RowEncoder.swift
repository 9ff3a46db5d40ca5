// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Turns cycles into rows of bytes, each row the difference to the one before.
///
/// Row format 1, numbers as ``ByteWriter`` writes them:
///
///     byte     1, the format
///     byte     1 for a full row, 0 for a difference
///     signed   plant time: since 1970 in a full row, since the row before in a difference; milliseconds
///     signed   wall minus plant time, less that of the row before
///     signed   sequence, less that of the row before, less one
///     number   runs of changed status; for each: gap, length less one, byte quality (4: no sample), byte cause
///     number   series that change between "whole number" and "bits"; for each: gap
///     bytes    one bit a series, the least significant first: whether the value changed
///     ...      for each changed value: the difference of the whole numbers as a signed number,
///              or of the bits by exclusive or: a byte (zero bytes above, zero bytes below), then the bytes between
///     ...      the source times, see ``SourceTimeGroups``
///
/// A full row is a difference to a row of zeros without samples. Rows are decoded from the full row before them, so
/// a group of rows begins with one. Gaps are counted from the end of the run before. A value that did not change
/// costs one bit, a group of source times one byte.
struct RowEncoder {
    /// The number that opens every row; a reader refuses any other.
    static let format: UInt8 = 1

    let layout: CycleLayout
    private var memory: RowMemory
    private var values = ByteWriter()
    private var switches = ByteWriter()

    init(layout: CycleLayout) {
        self.layout = layout
        memory = RowMemory(seriesCount: layout.series.count, time: 0)
    }

    /// The bytes of a row that has as many series as the layout.
    mutating func encode(_ row: CycleRow, isFull: Bool) -> [UInt8] {
        var writer = ByteWriter()
        writer.append(byte: Self.format)
        writer.append(byte: isFull ? 1 : 0)
        if isFull {
            writer.append(signed: row.time)
            memory = RowMemory(seriesCount: row.seriesCount, time: row.time)
        } else {
            writer.append(signed: row.time &- memory.time)
        }
        let step = row.time &- memory.time
        let wallOffset = row.wallTime &- row.time
        writer.append(signed: wallOffset &- memory.wallOffset)
        writer.append(signed: row.sequence &- memory.sequence &- 1)
        memory.time = row.time
        memory.wallOffset = wallOffset
        memory.sequence = row.sequence
        encodeStatus(row.status, to: &writer)
        encodeValues(row.bits, to: &writer)
        memory.sources.encode(row.sourceTimes, step: step, rowTime: row.time, to: &writer)
        return writer.bytes
    }

    private mutating func encodeStatus(_ status: [UInt16], to writer: inout ByteWriter) {
        guard status != memory.status else { return writer.append(count: 0) }
        var runs = ByteWriter()
        var runCount = 0
        var end = 0
        var position = 0
        while position < status.count {
            let new = status[position]
            guard new != memory.status[position] else {
                position += 1
                continue
            }
            let start = position
            while position < status.count, status[position] == new, memory.status[position] != new { position += 1 }
            runCount += 1
            runs.append(count: start - end)
            runs.append(count: position - start - 1)
            runs.append(byte: UInt8(new & 0xFF))
            runs.append(byte: UInt8(new >> 8))
            end = position
        }
        writer.append(count: runCount)
        writer.append(contentsOf: runs.bytes)
        memory.status = status
    }

    private mutating func encodeValues(_ bits: [UInt64], to writer: inout ByteWriter) {
        values.removeAll()
        switches.removeAll()
        var switchCount = 0
        var switchEnd = 0
        var changed = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
        for position in bits.indices {
            let new = bits[position]
            let old = memory.bits[position]
            guard new != old else { continue }
            changed[position >> 3] |= 1 << UInt8(position & 7)
            let code = layout.models[position].code(new)
            if (code != nil) != memory.isModelled[position] {
                memory.isModelled[position].toggle()
                switchCount += 1
                switches.append(count: position - switchEnd)
                switchEnd = position + 1
            }
            if let code {
                values.append(signed: code &- memory.codes[position])
                memory.codes[position] = code
            } else {
                values.append(difference: new ^ old)
            }
            memory.bits[position] = new
        }
        writer.append(count: switchCount)
        writer.append(contentsOf: switches.bytes)
        writer.append(contentsOf: changed)
        writer.append(contentsOf: values.bytes)
    }
}

extension ByteWriter {
    /// Appends a number without the zero bytes at either end; the number is not zero.
    mutating func append(difference: UInt64) {
        let above = difference.leadingZeroBitCount / 8
        let below = difference.trailingZeroBitCount / 8
        append(byte: UInt8(above << 4 | below))
        for index in below..<(8 - above) {
            append(byte: UInt8(truncatingIfNeeded: difference >> UInt64(index * 8)))
        }
    }
}

extension ByteReader {
    /// Reads what `append(difference:)` wrote.
    mutating func difference() throws(CodecError) -> UInt64 {
        let header = try byte()
        let above = Int(header >> 4)
        let below = Int(header & 0xF)
        guard above + below < 8 else { throw CodecError(detail: "a difference of no length") }
        var value: UInt64 = 0
        for index in below..<(8 - above) {
            value |= UInt64(try byte()) << UInt64(index * 8)
        }
        return value
    }
}
