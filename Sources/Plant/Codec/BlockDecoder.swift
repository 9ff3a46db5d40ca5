// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Decodes all points of one reply in one loop: what a poller spends most of its own time on.
///
/// Nearly every point of a site is an integer of 16 or 32 bits, a bit or a `Float` without a scale-factor register.
/// Such a point has a ``ShortWay`` of a dozen instructions. Whatever that does not settle, and every other kind of
/// point, goes the way of ``RegisterDecoder``, so both ways give the same bits.
package struct BlockDecoder: Sendable {
    private let steps: [Step]
    /// A map repeats a few combinations of type, scale and range, so that these stay in the processor's cache.
    private let shortWays: [ShortWay]
    private let points: [Point]

    private struct Step: Sendable {
        let address: Int32
        /// Position in ``shortWays``.
        let shortWay: Int32
    }

    /// What the long way needs.
    private struct Point: Sendable {
        let decoder: RegisterDecoder
        let address: Int
        let scaleFactorAddress: Int?
    }

    /// Prepares to decode points, which keep the positions that they are given in.
    package init(_ points: [MapPoint]) {
        var steps: [Step] = []
        var shortWays: [ShortWay] = []
        var known: [ShortWay: Int32] = [:]
        self.points = points.map { point in
            let decoder = RegisterCodec(point).decoder
            let shortWay = ShortWay(decoder)
            let position = known[shortWay] ?? Int32(shortWays.count)
            if known.updateValue(position, forKey: shortWay) == nil { shortWays.append(shortWay) }
            steps.append(Step(address: Int32(point.address), shortWay: position))
            return Point(
                decoder: decoder,
                address: Int(point.address),
                scaleFactorAddress: point.scaleFactorAddress.map { Int($0) }
            )
        }
        self.steps = steps
        self.shortWays = shortWays
    }

    /// Decodes some of the points.
    ///
    /// - Parameters:
    ///   - words: Consecutive registers, coils or discrete inputs that cover all of these points and their scale
    ///     factors.
    ///   - first: The address of the first of them.
    ///   - points: Positions of the points.
    ///   - values: Takes the results from its front, in the order of the positions; no shorter than those are many.
    package func decode(
        _ words: Span<UInt16>,
        from first: Int,
        _ points: Range<Int>,
        into values: inout [DecodedValue]
    ) {
        let steps = steps.span
        let shortWays = shortWays.span
        var results = values.mutableSpan
        for position in points {
            let step = steps[position]
            let shortWay = shortWays[Int(step.shortWay)]
            let value = shortWay.value(words, at: Int(step.address) - first)
            results[position - points.lowerBound] =
                shortWay.settles(value)
                ? DecodedValue(value: value, cause: .none) : decode(position, words, from: first)
        }
    }

    @inline(never)
    private func decode(_ position: Int, _ words: Span<UInt16>, from first: Int) -> DecodedValue {
        let points = points.span
        let start = points[position].address - first
        return points[position].decoder.decode(
            words.extracting(start..<start + points[position].decoder.registerCount),
            scaleFactorWord: points[position].scaleFactorAddress.map { words[$0 - first] }
        )
    }
}
