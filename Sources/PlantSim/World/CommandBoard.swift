// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// What stands in the command registers of the plant's devices, with the devices' own watchdogs.
///
/// A written value that is not written again within the map's lease falls back to the map's home value, as a device
/// does whose controller went away. A value that nobody wrote yet has no watchdog.
struct CommandBoard: Sendable {
    private struct Slot: Sendable {
        var value: Double
        /// Where the value goes when its lease runs out.
        let home: Double
        /// Seconds a written value holds; infinite where the device keeps it.
        let lease: Double
        /// Seconds until the value goes home.
        var remaining = Double.infinity
        let range: ClosedRange<Double>
    }

    private var slots: [Slot] = []
    /// By position in the site's points; nil where no part of the plant listens.
    private var slotOfPoint: [Int?]

    init(site: SiteDescription) {
        slotOfPoint = Array(repeating: nil, count: site.points.count)
    }

    /// Adds what one piece of equipment is told through one point.
    ///
    /// A site without such a point gets a slot all the same, which keeps its first value.
    mutating func add(_ site: SiteDescription, _ equipment: String, _ point: String, initial: Double) -> Int {
        let index = site.index(equipment: equipment, point)
        let write = index.flatMap { site.mapPoint($0).write }
        if let index, write != nil { slotOfPoint[index.position] = slots.count }
        slots.append(
            Slot(
                value: initial,
                home: write?.home ?? initial,
                lease: write?.lease.map(\.inSeconds) ?? .infinity,
                range: write?.range ?? -.infinity ... .infinity
            )
        )
        return slots.count - 1
    }

    /// The slot that a point writes to, or nil.
    func slot(of index: PointIndex) -> Int? { slotOfPoint[index.position] }

    /// The value that the device follows, in the point's base unit.
    subscript(slot: Int) -> Double { slots[slot].value }

    /// Takes a written value; the device cuts it to what its register accepts.
    mutating func write(_ value: Double, to slot: Int) {
        guard value.isFinite else { return }
        let range = slots[slot].range
        slots[slot].value = min(max(value, range.lowerBound), range.upperBound)
        slots[slot].remaining = slots[slot].lease
    }

    /// Lets `dt` seconds pass on every watchdog.
    mutating func step(dt: Double) {
        for slot in slots.indices where slots[slot].remaining.isFinite {
            slots[slot].remaining -= dt
            guard slots[slot].remaining <= 0 else { continue }
            slots[slot].value = slots[slot].home
            slots[slot].remaining = .infinity
        }
    }
}
