// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Turns rows of bytes back into cycles; the format stands with ``RowEncoder``.
struct RowDecoder {
    let layout: CycleLayout
    /// The row decoded last.
    private(set) var row: CycleRow
    private var memory: RowMemory
    private var hasFullRow = false

    init(layout: CycleLayout) {
        self.layout = layout
        row = CycleRow(seriesCount: layout.series.count)
        memory = RowMemory(seriesCount: layout.series.count, time: 0)
    }

    /// Decodes the next row of a group into ``row``.
    mutating func decode(_ bytes: [UInt8]) throws(CodecError) {
        var reader = ByteReader(bytes)
        let format = try reader.byte()
        guard format == RowEncoder.format else {
            throw CodecError(detail: "row format \(format) is not known to this release")
        }
        let isFull = try reader.byte() == 1
        guard isFull || hasFullRow else { throw CodecError(detail: "a group of rows does not begin with a full row") }
        let time = try reader.signed()
        if isFull {
            memory = RowMemory(seriesCount: row.seriesCount, time: time)
            hasFullRow = true
        }
        let step = isFull ? 0 : time
        memory.time = isFull ? time : memory.time &+ time
        memory.wallOffset &+= try reader.signed()
        memory.sequence &+= try reader.signed() &+ 1
        try decodeStatus(from: &reader)
        try decodeValues(from: &reader)
        try memory.sources.decode(step: step, rowTime: memory.time, from: &reader)
        guard reader.isAtEnd else { throw CodecError(detail: "a row has bytes behind its end") }
        copyToRow()
    }

    private mutating func decodeStatus(from reader: inout ByteReader) throws(CodecError) {
        let count = memory.status.count
        var end = 0
        for _ in 0..<(try reader.count(limit: count)) {
            let start = end + (try reader.count(limit: count - end))
            let length = 1 + (try reader.count(limit: count - start))
            guard start + length <= count else { throw CodecError(detail: "a run leaves the row") }
            let quality = UInt16(try reader.byte())
            let cause = UInt16(try reader.byte())
            guard quality <= StoredPoint.absent else { throw CodecError(detail: "quality \(quality) is not known") }
            for position in start..<(start + length) { memory.status[position] = quality | cause << 8 }
            end = start + length
        }
    }

    private mutating func decodeValues(from reader: inout ByteReader) throws(CodecError) {
        let count = memory.bits.count
        var end = 0
        for _ in 0..<(try reader.count(limit: count)) {
            let position = end + (try reader.count(limit: count - end))
            guard position < count else { throw CodecError(detail: "a series beyond the last") }
            memory.isModelled[position].toggle()
            end = position + 1
        }
        let changed = try reader.bytes((count + 7) / 8)
        for position in 0..<count where changed[position >> 3] & (1 << UInt8(position & 7)) != 0 {
            if memory.isModelled[position] {
                memory.codes[position] &+= try reader.signed()
                memory.bits[position] = layout.models[position].bits(memory.codes[position])
            } else {
                memory.bits[position] ^= try reader.difference()
            }
        }
    }

    private mutating func copyToRow() {
        row.time = memory.time
        row.wallTime = memory.time &+ memory.wallOffset
        row.sequence = memory.sequence
        row.bits = memory.bits
        row.status = memory.status
        for position in row.sourceTimes.indices { row.sourceTimes[position] = memory.sources[position] }
    }
}

/// A group of rows as one value: the unit that history files are made of.
///
/// Block format 1: byte 1, how many rows, then for each its length and its bytes.
enum RowBlock {
    /// The most rows a block may hold.
    static let rowLimit = 100_000

    static func encode(_ rows: [[UInt8]]) -> [UInt8] {
        var writer = ByteWriter()
        writer.append(byte: 1)
        writer.append(count: rows.count)
        for row in rows {
            writer.append(count: row.count)
            writer.append(contentsOf: row)
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) throws(CodecError) -> [[UInt8]] {
        var reader = ByteReader(bytes)
        let format = try reader.byte()
        guard format == 1 else { throw CodecError(detail: "block format \(format) is not known to this release") }
        var rows: [[UInt8]] = []
        for _ in 0..<(try reader.count(limit: rowLimit)) {
            let length = try reader.count(limit: bytes.count)
            rows.append(try reader.bytes(length))
        }
        guard reader.isAtEnd else { throw CodecError(detail: "a block has bytes behind its end") }
        return rows
    }
}
