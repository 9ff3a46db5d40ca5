// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// An order of words or bytes that would make sense of values that make none in the map's.
package struct OrderHint: Hashable, Sendable {
    /// The word order to write into the map; nil where the map's own is kept.
    package let wordOrder: WordOrder?
    /// The byte order to write into the map; nil where the map's own is kept.
    package let byteOrder: ByteOrder?
    /// The points it would cure, in the map's order.
    package let points: [String]
    /// The value of the first of them in the other order, in the base unit; NaN where the words then mean "no value".
    package let exampleValue: Double
    /// The unit the map gives that point.
    package let exampleUnit: SourceUnit
}

/// What can be said of the orders in a map from what a device showed.
package struct OrderFindings: Hashable, Sendable {
    package let hints: [OrderHint]
    /// Points whose values are absurd in every order, in the map's order.
    package let unexplained: [String]

    /// Points that share a way of coding, so that they are wrong or right together.
    private struct Coding: Hashable {
        let isFloat: Bool
        let registers: Int
        let wordOrder: WordOrder
        let byteOrder: ByteOrder

        init(_ point: MapPoint) {
            if case .float = point.type { isFloat = true } else { isFloat = false }
            registers = point.type.hasWordOrder ? point.type.registerCount : 1
            wordOrder = point.wordOrder
            byteOrder = point.byteOrder
        }
    }

    /// One of the three other ways to read the same registers.
    private struct Change: Hashable {
        let words: WordOrder?
        let bytes: ByteOrder?

        /// The other ways, the commoner mistake first.
        static func all(from coding: Coding) -> [Change] {
            let bytes: ByteOrder = coding.byteOrder == .highFirst ? .lowFirst : .highFirst
            guard coding.registers > 1 else { return [Change(words: nil, bytes: bytes)] }
            let words: WordOrder = coding.wordOrder == .highFirst ? .lowFirst : .highFirst
            return [
                Change(words: words, bytes: nil), Change(words: nil, bytes: bytes), Change(words: words, bytes: bytes),
            ]
        }

        func applied(to point: MapPoint) -> MapPoint {
            var changed = point
            changed.wordOrder = words ?? point.wordOrder
            changed.byteOrder = bytes ?? point.byteOrder
            return changed
        }
    }

    /// Weighs the orders of a map against what a device showed.
    ///
    /// Points of one way of coding are judged together: another order is named where it makes more absurd values
    /// believable than it makes believable ones absurd. Words that mean "not available" in the other order count as
    /// believable there, for a random number seldom hits such a pattern; in the map's own order they say nothing.
    package init(_ look: DeviceLook, map: DeviceMap) {
        var codings: [Coding] = []
        var members: [Coding: [Int]] = [:]
        for (position, point) in map.points.enumerated() where look.points.indices.contains(position) {
            guard !look.points[position].words.isEmpty else { continue }
            let coding = Coding(point)
            if members[coding] == nil { codings.append(coding) }
            members[coding, default: []].append(position)
        }
        var cures: [(change: Change, positions: [Int])] = []
        var absurd: Set<Int> = []
        for coding in codings {
            let positions = members[coding] ?? []
            absurd.formUnion(positions.filter { Self.judged($0, look, map) == .absurd })
            guard let best = Self.best(of: Change.all(from: coding), at: positions, look, map) else { continue }
            if let known = cures.firstIndex(where: { $0.change == best.change }) {
                cures[known].positions += best.cured
            } else {
                cures.append((best.change, best.cured))
            }
        }
        hints = cures.map { Self.hint($0.change, at: $0.positions.sorted(), look, map) }
        absurd.subtract(cures.flatMap(\.positions))
        unexplained = absurd.sorted().filter { look.points[$0].cause != .notANumber }.map { map.points[$0].name }
    }

    private static func best(
        of changes: [Change],
        at positions: [Int],
        _ look: DeviceLook,
        _ map: DeviceMap
    ) -> (change: Change, cured: [Int])? {
        var best: (change: Change, cured: [Int], gain: Int)?
        for change in changes {
            var cured: [Int] = []
            var spoiled = 0
            for position in positions {
                let now = judged(position, look, map)
                let then = judged(position, look, map, change)
                if now == .absurd, then != .absurd { cured.append(position) }
                if now == .believable, then == .absurd { spoiled += 1 }
            }
            let gain = cured.count - spoiled
            if gain > best?.gain ?? 0 { best = (change, cured, gain) }
        }
        return best.map { ($0.change, $0.cured) }
    }

    private static func judged(
        _ position: Int,
        _ look: DeviceLook,
        _ map: DeviceMap,
        _ change: Change? = nil
    ) -> Believability {
        let seen = look.points[position]
        let point = change?.applied(to: map.points[position]) ?? map.points[position]
        return Believability(seen.words, scaleFactorWord: seen.scaleFactorWord, of: point)
    }

    private static func hint(_ change: Change, at positions: [Int], _ look: DeviceLook, _ map: DeviceMap) -> OrderHint {
        let first = positions.first ?? 0
        let point = change.applied(to: map.points[first])
        let seen = look.points[first]
        return OrderHint(
            wordOrder: change.words,
            byteOrder: change.bytes,
            points: positions.map { map.points[$0].name },
            exampleValue: RegisterCodec(point).decode(seen.words, scaleFactorWord: seen.scaleFactorWord).value,
            exampleUnit: point.unit
        )
    }
}
