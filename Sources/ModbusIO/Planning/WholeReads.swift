// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

extension RequestLimits {
    /// The addresses that a read of some of them must ask for: whole blocks where the map names them, and even ones
    /// where the device wants that.
    ///
    /// - Returns: The first address and the one behind the last.
    func whole(_ table: RegisterTable, _ first: Int, _ end: Int) -> (first: Int, end: Int) {
        var (first, end) = (first, end)
        var isGrowing = !wholeBlocks.isEmpty
        while isGrowing {
            isGrowing = false
            for block in wholeBlocks where block.table == table && Int(block.address) < end && first < block.end {
                guard Int(block.address) < first || end < block.end else { continue }
                (first, end) = (min(first, Int(block.address)), max(end, block.end))
                isGrowing = true
            }
        }
        guard evenReads, !table.holdsBits else { return (first, end) }
        return (first & ~1, (end + 1) & ~1)
    }

    /// Whether a read asks for a part of what the device gives only whole.
    func isHalf(_ table: RegisterTable, _ addresses: Range<Int>) -> Bool {
        let whole = whole(table, addresses.lowerBound, addresses.upperBound)
        return whole.first != addresses.lowerBound || whole.end != addresses.upperBound
    }
}

/// The read that brings one run of addresses from a device that gives some only together with others.
struct WholeRead: Hashable, Sendable {
    /// What is asked for.
    let range: RegisterRange
    /// Where the wanted words begin in the reply.
    private let offset: Int
    private let count: Int

    init(_ wanted: RegisterRange, limits: RequestLimits) {
        let (first, end) = limits.whole(wanted.table, Int(wanted.address), wanted.end)
        range = RegisterRange(table: wanted.table, address: UInt16(clamping: first), count: end - first)
        offset = Int(wanted.address) - first
        count = wanted.count
    }

    /// The wanted words of a reply; empty where it is too short.
    func words(_ reply: [UInt16]) -> [UInt16] {
        reply.count >= offset + count ? Array(reply[offset..<offset + count]) : []
    }
}
