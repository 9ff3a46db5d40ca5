// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim

/// The plant of a recording: every point shows what was recorded for the moment that plant time is at.
///
/// A value holds until the next one, for a stated time; then the point has none. What can be written and no column
/// drives stands still as commanded, with its feedback; any other point without a column has no value.
struct ReplayPlant: ServedPlant {
    private(set) var time: Timestamp
    let survey: RecordingSurvey
    private var file: RecordingFile
    private var values: RecordedValues
    private var still: StillPlant
    /// What no column drives but stands still; by position in the site's points.
    private let stands: [Bool]
    /// What is text, which the map fills; by position in the site's points.
    private let texts: [Bool]
    /// The feedback of each point, by position in the site's points.
    private let feedbacks: [PointIndex?]
    /// The points of each device that have or may have a value, by position in the site's devices.
    private let living: [[PointIndex]]
    private let isLooping: Bool
    /// Plant time that the rounds before the present one took.
    private var offset = Duration.zero
    private var pending: (time: Timestamp, samples: [RecordedSample])?
    private var isOver = false
    private let report: @Sendable (String) -> Void

    /// Takes a file and the survey of it, from the moment `start` on.
    init(
        site: SiteDescription,
        start: Timestamp,
        file: RecordingFile,
        survey: RecordingSurvey,
        hold: Duration? = nil,
        isLooping: Bool = false,
        report: @escaping @Sendable (String) -> Void
    ) {
        self.file = file
        self.survey = survey
        self.isLooping = isLooping
        self.report = report
        time = start
        values = RecordedValues(holds: survey.holds(hold))
        still = StillPlant(site: site, start: start)
        let feedbacks = site.points.map { site.feedback(of: $0.index) }
        self.feedbacks = feedbacks
        let isFeedback = Set(feedbacks.compactMap(\.self))
        let stands = site.points.map { point in
            !survey.drives(point.index) && (site.mapPoint(point.index).write != nil || isFeedback.contains(point.index))
        }
        self.stands = stands
        texts = site.points.map { site.mapPoint($0.index).isText }
        var living = site.devices.map { _ in [PointIndex]() }
        for point in site.points where survey.drives(point.index) { living[point.device].append(point.index) }
        for device in living.indices where living[device].isEmpty {
            living[device] = site.points.filter { $0.device == device && stands[$0.index.position] }.map(\.index)
        }
        self.living = living
        advance()
    }

    mutating func begin(_ values: [Double?]) -> [Double] {
        let shown = still.begin(values)
        return shown.indices.map { stands[$0] ? shown[$0] : .nan }
    }

    mutating func step(dt: Duration) {
        time = time + dt
        advance()
    }

    mutating func apply(_ point: PointIndex, value: Double) { still.apply(point, value: value) }

    /// Without a simulated plant there is nothing that these could be faults of.
    mutating func apply(_ faults: PlantFaults) {}

    func value(of point: PointIndex) -> Double? {
        if survey.drives(point) { return values.value(of: point, at: Timestamp(milliseconds: recorded(time))) }
        return stands[point.position] ? still.value(of: point) : nil
    }

    func hasGap(at point: PointIndex) -> Bool { !texts[point.position] && value(of: point) == nil }

    var withdrawsWhatDoesNotFit: Bool { true }

    func isAway(device: Int) -> Bool { living[device].allSatisfy { value(of: $0) == nil } }

    func drivenFeedback(of point: PointIndex) -> PointIndex? {
        feedbacks[point.position].flatMap { survey.drives($0) ? $0 : nil }
    }

    // MARK: - Time

    /// The moment of the recording, in Unix milliseconds, at a plant time of the present round.
    private func recorded(_ time: Timestamp) -> Int64 { (time - offset).milliseconds }

    /// Takes what was recorded up to now.
    private mutating func advance() {
        while true {
            if pending == nil { read() }
            guard let next = pending, next.time.milliseconds <= recorded(time) else { return }
            for sample in next.samples { values.take(sample, at: next.time) }
            pending = nil
        }
    }

    /// Reads the next line, at the end of a round the first one of the next; leaves nil where there is none.
    private mutating func read() {
        guard !isOver else { return }
        var samples: [RecordedSample] = []
        do throws(InputTextError) {
            if let moment = try file.next(into: &samples) {
                pending = (moment, samples)
            } else if isLooping {
                guard let span = survey.span, recorded(time) >= (span.lowerBound + survey.period).milliseconds else {
                    return
                }
                try file.rewind()
                offset += survey.period
                values.shift(by: survey.period)
                if let moment = try file.next(into: &samples) { pending = (moment, samples) }
            } else {
                isOver = true
                report("the recording is over; values hold for a while, then there are none")
            }
        } catch {
            isOver = true
            report("the recording has changed since the start and is taken to be over: \(error)")
        }
    }
}
