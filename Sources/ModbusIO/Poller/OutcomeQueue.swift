// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Synchronization

/// How writes ended, oldest first, until somebody takes them.
final class OutcomeQueue: Sendable {
    /// Outcomes kept; beyond it the oldest are dropped.
    static let limit = 4_096

    private struct Contents {
        var waiting: [WriteOutcome] = []
        var dropped = 0
    }

    private let contents = Mutex(Contents())

    /// Outcomes that were dropped because nobody took them.
    var dropped: Int { contents.withLock { $0.dropped } }

    func append(_ outcomes: [WriteOutcome]) {
        contents.withLock { contents in
            contents.waiting += outcomes
            let excess = contents.waiting.count - Self.limit
            guard excess > 0 else { return }
            contents.waiting.removeFirst(excess)
            contents.dropped += excess
        }
    }

    func take() -> [WriteOutcome] {
        contents.withLock { contents in
            defer { contents.waiting = [] }
            return contents.waiting
        }
    }
}

extension WriteOutcome {
    init(_ end: WriteEnd, at time: Timestamp) {
        self.init(
            point: end.point,
            value: end.value,
            readBack: end.readBack,
            result: end.result,
            detail: end.detail,
            time: time,
            durationSeconds: Double(end.duration) / 1e9
        )
    }
}

extension ReadingBoard.Cell {
    /// What a reply showed at a moment of plant time.
    init(_ decoded: DecodedValue, at time: Timestamp) {
        self.init(
            value: decoded.value,
            time: time.milliseconds,
            quality: decoded.isGood ? .good : .bad,
            cause: decoded.cause
        )
    }
}
