// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The source times of all series, kept once for those that move together.
///
/// Points of one device and poll class come with one reply, so they share their source time from row to row. All
/// series start in one group; those that differ from the first member of their group leave it, together with the
/// others of the group that show the same time. Groups only ever split, until the next full row begins anew.
/// A row then costs about one byte a group, however many points there are.
///
/// In a row: for each group in order of birth a number, 0 for "not read again", otherwise one more than the
/// zigzag of the move beyond the rows' own distance. Then the leavers as runs of neighbours with one time: how many
/// runs, and for each the gap since the run before, its length less one, and its time against the run before.
struct SourceTimeGroups: Equatable {
    /// The group of each series.
    private(set) var group: [Int32]
    /// The source time of each group, in milliseconds since 1970.
    private(set) var times: [Int64]
    /// The position of each group's first member.
    private var firstMembers: [Int]

    init(seriesCount: Int, time: Int64) {
        group = Array(repeating: 0, count: seriesCount)
        times = seriesCount == 0 ? [] : [time]
        firstMembers = seriesCount == 0 ? [] : [0]
    }

    subscript(_ position: Int) -> Int64 { times[Int(group[position])] }

    /// Writes the source times of one row; `step` is the time from the row before to this one, in milliseconds.
    mutating func encode(_ sourceTimes: [Int64], step: Int64, rowTime: Int64, to writer: inout ByteWriter) {
        for index in times.indices {
            let new = sourceTimes[firstMembers[index]]
            let move = new &- times[index]
            writer.append(move == 0 ? 0 : ZigZag.encode(move &- step) &+ 1)
            times[index] = new
        }
        var runs = ByteWriter()
        var runCount = 0
        var end = 0
        var previousTime = rowTime
        var leavers: [Leaver] = []
        var position = 0
        while position < group.count {
            guard sourceTimes[position] != self[position] else {
                position += 1
                continue
            }
            let time = sourceTimes[position]
            let start = position
            while position < group.count, sourceTimes[position] == time, self[position] != time {
                leavers.append(Leaver(position: position, time: time))
                position += 1
            }
            runCount += 1
            runs.append(count: start - end)
            runs.append(count: position - start - 1)
            runs.append(signed: time &- previousTime)
            end = position
            previousTime = time
        }
        writer.append(count: runCount)
        writer.append(contentsOf: runs.bytes)
        split(leavers)
    }

    /// Reads what ``encode(_:step:rowTime:to:)`` wrote.
    mutating func decode(step: Int64, rowTime: Int64, from reader: inout ByteReader) throws(CodecError) {
        for index in times.indices {
            let symbol = try reader.number()
            if symbol != 0 { times[index] &+= ZigZag.decode(symbol - 1) &+ step }
        }
        var leavers: [Leaver] = []
        var end = 0
        var previousTime = rowTime
        for _ in 0..<(try reader.count(limit: group.count)) {
            let start = end + (try reader.count(limit: group.count - end))
            let length = 1 + (try reader.count(limit: group.count - start))
            guard start + length <= group.count else { throw CodecError(detail: "a run leaves the row") }
            previousTime &+= try reader.signed()
            for position in start..<(start + length) {
                leavers.append(Leaver(position: position, time: previousTime))
            }
            end = start + length
        }
        split(leavers)
    }

    private struct Leaver {
        let position: Int
        let time: Int64
    }

    private struct Split: Hashable {
        let group: Int32
        let time: Int64
    }

    /// Gives those who leave the same group for the same time a group of their own.
    private mutating func split(_ leavers: [Leaver]) {
        var born: [Split: Int32] = [:]
        for leaver in leavers {
            let split = Split(group: group[leaver.position], time: leaver.time)
            if let existing = born[split] {
                group[leaver.position] = existing
                continue
            }
            let index = Int32(times.count)
            born[split] = index
            group[leaver.position] = index
            times.append(leaver.time)
            firstMembers.append(leaver.position)
        }
    }
}
