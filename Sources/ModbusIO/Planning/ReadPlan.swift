// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// One point as a plan sees it: which addresses must come in the same reply.
package struct PlannedPoint: Hashable, Sendable {
    /// Position in the device map's points.
    package let mapPoint: Int
    package let table: RegisterTable
    /// Where the value starts, counted from 0.
    package let address: Int
    /// Registers, or bits, the value takes.
    package let count: Int
    /// The address of its scale factor, or nil.
    package let scaleFactorAddress: Int?

    /// The first address that must be read.
    package let first: Int
    /// The address behind the last one that must be read.
    package let end: Int

    /// A point that must be read with what the device gives only together with it, by these limits.
    init(
        mapPoint: Int,
        table: RegisterTable,
        address: Int,
        count: Int,
        scaleFactorAddress: Int?,
        limits: RequestLimits = RequestLimits()
    ) {
        self.mapPoint = mapPoint
        self.table = table
        self.address = address
        self.count = count
        self.scaleFactorAddress = scaleFactorAddress
        let ends = (address, address + count)
        (first, end) = limits.whole(
            table,
            min(ends.0, scaleFactorAddress ?? ends.0),
            max(ends.1, scaleFactorAddress.map { $0 + 1 } ?? ends.1)
        )
    }
}

/// One read request and the points it serves.
package struct ReadBlock: Hashable, Sendable {
    package let table: RegisterTable
    /// First address, counted from 0.
    package let address: UInt16
    /// How many registers or bits, at least 1.
    package let count: Int
    /// Positions in ``ReadPlan/points``.
    package let points: Range<Int>

    /// The smallest read that covers these points of a plan.
    package init(covering points: Range<Int>, of plan: [PlannedPoint]) {
        let first = plan[points].reduce(65_535) { min($0, $1.first) }
        let end = plan[points].reduce(first) { max($0, $1.end) }
        table = plan[points.lowerBound].table
        address = UInt16(clamping: first)
        count = end - first
        self.points = points
    }

    package var range: RegisterRange { RegisterRange(table: table, address: address, count: count) }
}

/// The reads that serve the points of one device and one poll class.
package struct ReadPlan: Hashable, Sendable {
    /// The points in the order of table and address; each belongs to exactly one block.
    package let points: [PlannedPoint]
    package let blocks: [ReadBlock]

    package init(points: [PlannedPoint], blocks: [ReadBlock]) {
        self.points = points
        self.blocks = blocks
    }
}
