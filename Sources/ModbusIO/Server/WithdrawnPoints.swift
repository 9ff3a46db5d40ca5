// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Points of a served device that have no value, and no pattern of bits to say so.
struct WithdrawnPoints: Sendable {
    /// Positions in the map's points.
    private var points: Set<Int> = []
    /// The addresses at which nothing but such points stands, by position of the table.
    private var addresses: [Set<Int>] = RegisterTable.allCases.map { _ in [] }

    mutating func take(_ point: Int, _ layout: BankLayout) {
        if points.insert(point).inserted { update(around: point, layout) }
    }

    mutating func giveBack(_ point: Int, _ layout: BankLayout) {
        if points.remove(point) != nil { update(around: point, layout) }
    }

    /// Whether a read of the addresses would have to tell such a point's value.
    func touches(_ table: RegisterTable, _ range: Range<Int>) -> Bool {
        let closed = addresses[table.position]
        return !closed.isEmpty && range.contains { closed.contains($0) }
    }

    private mutating func update(around point: Int, _ layout: BankLayout) {
        let changed = layout.points[point]
        let table = changed.table.position
        for address in changed.addresses {
            let isClosed =
                !changed.sharesRegisters
                || layout.points.indices.allSatisfy { other in
                    let place = layout.points[other]
                    return place.table != changed.table || !place.addresses.contains(address) || points.contains(other)
                }
            if isClosed && points.contains(point) {
                addresses[table].insert(address)
            } else {
                addresses[table].remove(address)
            }
        }
    }
}
