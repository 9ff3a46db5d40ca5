// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// Merges the points of one device into the reads that cost least (``ReadCost``) within what its limits allow.
///
/// A read bridges gaps of up to ``RequestLimits/maximumGap`` registers (sixteen times as many bits), never touches a
/// prohibited range and never exceeds what the device or the standard allows (MODBUS Application Protocol V1.1b3,
/// sections 6.1 to 6.4: 125 registers, 2000 bits). A value and its scale factor always come in one read, and so does a
/// block that the device gives only whole (``RequestLimits/wholeBlocks``, ``RequestLimits/evenReads``). With
/// ``RequestLimits/oneRequestPerPoint`` only points on exactly the same addresses share a read.
package struct ReadPlanner: Sendable {
    private let limits: RequestLimits
    private let mapName: String

    package init(limits: RequestLimits, mapName: String = "") {
        self.limits = limits
        self.mapName = mapName
    }

    /// Plans the readable points of one poll class of a map; texts are left out, as a reading cannot hold them.
    ///
    /// - Throws: ``ModbusProblem`` for a point that no permitted read can cover.
    package func plan(_ map: DeviceMap, pollClass: PollClass) throws(ModbusProblem) -> ReadPlan {
        try plan(map) { $0.pollClass == pollClass && !$0.type.isText }
    }

    /// Plans the readable points of a map that a condition picks.
    ///
    /// - Throws: ``ModbusProblem`` for a point that no permitted read can cover.
    package func plan(_ map: DeviceMap, where isWanted: (MapPoint) -> Bool) throws(ModbusProblem) -> ReadPlan {
        var points: [PlannedPoint] = []
        for (position, point) in map.points.enumerated() where point.isReadable && isWanted(point) {
            points.append(try planned(point, at: position))
        }
        points.sort { order($0) < order($1) }
        return ReadPlan(points: points, blocks: blocks(of: points))
    }

    /// The largest read of a table, in registers or bits.
    package func maximumCount(_ table: RegisterTable) -> Int {
        table.holdsBits
            ? max(1, min(limits.maximumBitsPerRead, 2_000)) : max(1, min(limits.maximumRegistersPerRead, 125))
    }

    private func planned(_ point: MapPoint, at position: Int) throws(ModbusProblem) -> PlannedPoint {
        let planned = PlannedPoint(
            mapPoint: position,
            table: point.table,
            address: Int(point.address),
            count: point.table.holdsBits ? 1 : point.type.registerCount,
            scaleFactorAddress: point.scaleFactorAddress.map { Int($0) },
            limits: limits
        )
        let size = planned.end - planned.first
        let maximum = maximumCount(point.table)
        guard planned.end <= 65_536 else {
            throw problem(point, "reaches beyond address 65535", "correct its address or type in the map")
        }
        guard size <= maximum else {
            let what = "needs \(size) addresses in one read, but at most \(maximum) are allowed"
            throw problem(point, what, "correct the point, its scale factor's address, or the map's limits")
        }
        if let range = limits.prohibited.first(where: { overlaps($0, planned) }) {
            let what = "cannot be read without the prohibited addresses \(range.address) to \(range.end - 1)"
            throw problem(point, what, "correct the point or the prohibited range in the map")
        }
        return planned
    }

    private func problem(_ point: MapPoint, _ what: String, _ remedy: String) -> ModbusProblem {
        ModbusProblem(what: what, place: "map '\(mapName)', point '\(point.name)'", remedy: remedy)
    }

    /// Sorting by this one tuple makes the plan independent of the order of points with equal addresses.
    private func order(_ point: PlannedPoint) -> (UInt8, Int, Int, Int) {
        (point.table.readFunction, point.first, point.end, point.mapPoint)
    }

    private func blocks(of points: [PlannedPoint]) -> [ReadBlock] {
        var blocks: [ReadBlock] = []
        var start = 0
        while start < points.count {
            var end = start + 1
            while end < points.count, points[end].table == points[start].table { end += 1 }
            for range in partition(points, start..<end) { blocks.append(ReadBlock(covering: range, of: points)) }
            start = end
        }
        return blocks
    }

    /// The cheapest division of one table's points into permitted reads, found from the last point to the first.
    ///
    /// Of two that cost the same, the one whose earlier reads are longer.
    private func partition(_ points: [PlannedPoint], _ range: Range<Int>) -> [Range<Int>] {
        var costs = Array(repeating: 0, count: range.count + 1)
        var ends = Array(repeating: 0, count: range.count)
        for start in range.reversed() {
            let position = start - range.lowerBound
            costs[position] = .max
            var end = points[start].end
            for last in start..<range.upperBound {
                if last > start, !mayJoin(points[last], points[start], end: end) { break }
                end = max(end, points[last].end)
                let rest = costs[last + 1 - range.lowerBound]
                let cost = ReadCost.ofRead(end - points[start].first, of: points[start].table) + rest
                guard cost <= costs[position] else { continue }
                costs[position] = cost
                ends[position] = last + 1
            }
        }
        var parts: [Range<Int>] = []
        var start = range.lowerBound
        while start < range.upperBound {
            let end = ends[start - range.lowerBound]
            parts.append(start..<end)
            start = end
        }
        return parts
    }

    /// Whether a point may join the block that starts with `head` and reaches up to `end`.
    private func mayJoin(_ point: PlannedPoint, _ head: PlannedPoint, end: Int) -> Bool {
        if limits.oneRequestPerPoint { return point.first == head.first && point.end == head.end && point.end == end }
        let joinedEnd = max(end, point.end)
        guard joinedEnd - head.first <= maximumCount(point.table) else { return false }
        let permittedGap = max(0, limits.maximumGap) * (point.table.holdsBits ? 16 : 1)
        guard point.first - end <= permittedGap else { return false }
        let joined = RegisterRange(
            table: point.table,
            address: UInt16(head.first),
            count: joinedEnd - head.first
        )
        return !limits.prohibited.contains { $0.overlaps(joined) }
    }

    private func overlaps(_ range: RegisterRange, _ point: PlannedPoint) -> Bool {
        range.overlaps(
            RegisterRange(table: point.table, address: UInt16(point.first), count: point.end - point.first)
        )
    }
}
