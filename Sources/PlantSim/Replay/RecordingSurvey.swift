// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// What a recording holds, from one pass over all of it.
package struct RecordingSurvey: Sendable {
    /// The times of the first and last line.
    package private(set) var span: ClosedRange<Timestamp>?
    /// Different times among the lines.
    package private(set) var moments = 0
    /// How many values each point of the site has, by position; nil where no line speaks of it.
    package private(set) var counts: [Int?]

    package init(pointCount: Int) { counts = Array(repeating: nil, count: pointCount) }

    package mutating func take(_ time: Timestamp, _ samples: [RecordedSample]) {
        if time != span?.upperBound { moments += 1 }
        span = (span?.lowerBound ?? time)...time
        for sample in samples {
            counts[sample.point.position, default: 0] += sample.value.isNaN ? 0 : 1
        }
    }

    /// Whether the recording says what a point shows.
    package func drives(_ point: PointIndex) -> Bool { counts[point.position] != nil }

    /// How long a value holds when no further one comes.
    ///
    /// - Parameter given: The time for all of them; nil for three times the mean interval of the point's own values, at
    ///   least ten seconds, as nothing older than three intervals counts as current.
    /// - Returns: The times by position in the site's points.
    package func holds(_ given: Duration?) -> [Duration] {
        guard let span else { return counts.map { _ in .zero } }
        let length = span.upperBound - span.lowerBound
        return counts.map { count in
            given ?? max(.seconds(10), .milliseconds(3 * length.wholeMilliseconds / Int64(max(1, (count ?? 0) - 1))))
        }
    }

    /// From the first moment to the same moment of the next round: the span and one mean interval.
    package var period: Duration {
        guard let span else { return .seconds(1) }
        let length = (span.upperBound - span.lowerBound).wholeMilliseconds
        return .milliseconds(max(1_000, length + length / Int64(max(1, moments - 1))))
    }
}

extension [Int?] {
    fileprivate subscript(position: Int, default value: Int) -> Int {
        get { self[position] ?? value }
        set { self[position] = newValue }
    }
}

/// What each point of a site shows out of a recording: its last value, for so long as that holds.
package struct RecordedValues: Sendable {
    private var values: [Double]
    private var since: [Timestamp]
    private let holds: [Duration]

    /// - Parameter holds: How long a value holds, by position in the site's points.
    package init(holds: [Duration]) {
        self.holds = holds
        values = Array(repeating: .nan, count: holds.count)
        since = Array(repeating: Timestamp(milliseconds: 0), count: holds.count)
    }

    /// Takes a value recorded at a moment.
    package mutating func take(_ sample: RecordedSample, at time: Timestamp) {
        values[sample.point.position] = sample.value
        since[sample.point.position] = time
    }

    /// Moves all values so much earlier, into the round before.
    package mutating func shift(by period: Duration) { since = since.map { $0 - period } }

    /// The value in the base unit; nil where there is none, or none any more.
    package func value(of point: PointIndex, at time: Timestamp) -> Double? {
        let value = values[point.position]
        guard !value.isNaN, time - since[point.position] <= holds[point.position] else { return nil }
        return value
    }
}
