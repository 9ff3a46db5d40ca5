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
    static func read(
        _ words: Span<UInt16>,
        _ block: ReadBlock,
        into contents: inout ReadingBoard.Contents,
        _ place: Place,
        at plantTime: Timestamp
    ) {
        let points = place.targets.points.span
        let isAllZero = isZero(words, block.count) && cannotBeZero(block, place, contents)
        for position in block.points {
            let start = points[position].address - Int(block.address)
            let decoded = points[position].decoder.decode(
                words.extracting(start..<start + points[position].count),
                scaleFactorWord: points[position].scaleFactorAddress.map { words[$0 - Int(block.address)] }
            )
            let cell = place.targets.firstCell + points[position].mapPoint
            var cause = decoded.cause
            if isAllZero { cause = .allZeroBlock }
            if points[position].isWatched, cause == .none {
                cause = watch(decoded.value, position, place, cell: cell, at: plantTime, &contents)
            }
            if cause == .none {
                contents.cells[cell] = ReadingBoard.Cell(good: decoded.value, at: plantTime)
            } else {
                contents.endpoints[place.endpoint].doubts.count(cause)
                contents.cells[cell] = ReadingBoard.Cell(decoded.value, doubtedFor: cause, at: plantTime)
            }
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
            let doubts = place.targets.doubts[position]
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
        let doubts = place.targets.doubts[position]
        if contents.cells[cell].value != value { contents.moves[place.device] += 1 }
        guard let watch = doubts.watch.map({ place.targets.firstWatch + $0 }) else { return .none }
        if let rules = doubts.counter, !contents.watches[watch].counter.accepts(value, rules) {
            return .counterInDoubt
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

    /// A value that must not pass as good: a flat line is shown as doubtful, anything else has no value.
    init(_ value: Double, doubtedFor cause: QualityCause, at time: Timestamp) {
        let isShown = cause == .flatLine
        self.init(
            value: isShown ? value : .nan,
            time: time.milliseconds,
            quality: isShown ? .uncertain : .bad,
            cause: cause
        )
    }
}
