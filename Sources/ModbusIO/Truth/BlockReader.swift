// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Turns the words of one reply into cells of the board, and believes no more of them than their maps let it.
enum BlockReader {
    /// Points a block must have at least before zeros in all of it are taken for the lack of a measurement.
    static let zeroBlockPoints = 3

    /// Where the values of one reply go.
    struct Place {
        let targets: GroupTargets
        /// Position among the worker's devices.
        let device: Int
        /// Position among the worker's endpoints.
        let endpoint: Int
    }

    /// Decodes a block at the moment of its reply: every cell carries that as its source time.
    ///
    /// `values` is room for the decoded values of any block, so that none is made for each reply.
    static func read(
        _ words: Span<UInt16>,
        _ block: ReadBlock,
        into contents: inout ReadingBoard.Contents,
        _ place: Place,
        at plantTime: Timestamp,
        _ values: inout [DecodedValue]
    ) {
        let targets = place.targets.shared
        targets.decoder.decode(words, from: Int(block.address), block.points, into: &values)
        if !targets.settings.isEmpty { judgeSettings(block.points, place, contents, &values) }
        if isZero(words, block.count), cannotBeZero(block, place, contents) {
            for position in block.points { values[position - block.points.lowerBound] = .bad(.allZeroBlock) }
        } else if !targets.isWatched.isEmpty {
            watch(block.points, place, at: plantTime, &contents, &values)
        }
        store(
            values.span,
            block.points,
            place.targets,
            at: plantTime,
            into: &contents.cells,
            &contents.endpoints[place.endpoint].doubts
        )
    }

    /// Writes values into their cells and counts those that are doubted.
    private static func store(
        _ values: Span<DecodedValue>,
        _ points: Range<Int>,
        _ targets: GroupTargets,
        at plantTime: Timestamp,
        into cells: inout [ReadingBoard.Cell],
        _ doubts: inout DoubtCounts
    ) {
        let mapPoints = targets.shared.mapPoints
        let places = mapPoints.span
        var cells = cells.mutableSpan
        for position in points {
            let decoded = values[position - points.lowerBound]
            let cell = targets.firstCell + places[position]
            // A pattern, because `==` on an enumeration of another module is a call.
            if case .none = decoded.cause {
                cells[cell] = ReadingBoard.Cell(good: decoded.value, at: plantTime)
            } else {
                cells[cell] = doubted(decoded, at: plantTime, &doubts)
            }
        }
    }

    /// Apart from the loop, so that the loop stays short.
    @inline(never)
    private static func doubted(
        _ decoded: DecodedValue,
        at plantTime: Timestamp,
        _ doubts: inout DoubtCounts
    ) -> ReadingBoard.Cell {
        doubts.count(decoded.cause)
        return ReadingBoard.Cell(decoded.value, doubtedFor: decoded.cause, at: plantTime)
    }

    /// Doubts good values by what was read before.
    private static func watch(
        _ points: Range<Int>,
        _ place: Place,
        at plantTime: Timestamp,
        _ contents: inout ReadingBoard.Contents,
        _ values: inout [DecodedValue]
    ) {
        let targets = place.targets.shared
        for position in points where targets.isWatched[position] {
            let decoded = values[position - points.lowerBound]
            guard case .none = decoded.cause else { continue }
            let cell = place.targets.firstCell + targets.mapPoints[position]
            let cause = watch(decoded.value, position, place, cell: cell, at: plantTime, &contents)
            values[position - points.lowerBound] = DecodedValue(value: decoded.value, cause: cause)
        }
    }

    private static func isZero(_ words: Span<UInt16>, _ count: Int) -> Bool {
        for position in 0..<count where words[position] != 0 { return false }
        return true
    }

    /// Whether zeros all over a block can only mean that nothing was measured: a total that was more before, or a
    /// value that is hardly ever zero, is among at least three points.
    private static func cannotBeZero(_ block: ReadBlock, _ place: Place, _ contents: ReadingBoard.Contents) -> Bool {
        guard block.points.count >= zeroBlockPoints else { return false }
        return block.points.contains { position in
            let doubts = place.targets.shared.doubts[position]
            if doubts.isHardlyZero { return true }
            guard doubts.counter != nil, let watch = doubts.watch else { return false }
            return contents.watches[place.targets.firstWatch + watch].counter.last > 0
        }
    }

    /// The cause to doubt a value that was decoded well, or none.
    private static func watch(
        _ value: Double,
        _ position: Int,
        _ place: Place,
        cell: Int,
        at plantTime: Timestamp,
        _ contents: inout ReadingBoard.Contents
    ) -> QualityCause {
        let doubts = place.targets.shared.doubts[position]
        if contents.cells[cell].value != value { contents.moves[place.device] += 1 }
        guard let watch = doubts.watch.map({ place.targets.firstWatch + $0 }) else { return .none }
        if let rules = doubts.counter, !contents.watches[watch].counter.accepts(value, rules) {
            return .counterInDoubt
        }
        if let limit = doubts.rateLimit,
            !contents.watches[watch].rate.accepts(value, at: plantTime, limit: limit, step: doubts.step)
        {
            return .movedTooFast
        }
        guard let limit = doubts.flatLineLimit else { return .none }
        let moves = contents.moves[place.device]
        let isFlat = contents.watches[watch].flatLine.isFlat(value, at: plantTime, limit: limit, moves: moves)
        return isFlat ? .flatLine : .none
    }
}

extension ReadingBoard.Cell {
    init(good value: Double, at time: Timestamp) {
        self.init(value: value, time: time.milliseconds, quality: .good, cause: .none)
    }

    /// A value that must not pass as good: one that stands still or moves too fast is shown as doubtful, anything else
    /// has no value.
    init(_ value: Double, doubtedFor cause: QualityCause, at time: Timestamp) {
        let isShown = cause == .flatLine || cause == .movedTooFast
        self.init(
            value: isShown ? value : .nan,
            time: time.milliseconds,
            quality: isShown ? .uncertain : .bad,
            cause: cause
        )
    }
}
