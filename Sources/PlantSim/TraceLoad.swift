// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// A recorded course of utilisation, repeated for ever; straight lines between its rows.
package struct LoadTrace: Hashable, Sendable {
    /// Rows a trace may have: a year of minutes.
    package static let largestCount = 600_000

    /// Seconds since the first row, rising.
    private let seconds: [Double]
    /// Utilisation of each row, 0...1.
    private let values: [Double]
    /// Integral of utilisation up to each row, in seconds.
    private let areas: [Double]

    /// Reads comma-separated text with one header line that names the columns.
    ///
    /// Columns `seconds` or `hours`, in rising order, and `utilisation`, 0 to 1; others are skipped. The last row
    /// closes the trace: it stands where the first one begins again.
    package init(commaSeparated text: String) throws(InputTextError) {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        let names = (lines.first ?? "").split(separator: ",", omittingEmptySubsequences: false).map(Self.trimmed)
        guard let time = names.firstIndex(where: { $0 == "seconds" || $0 == "hours" }),
            let load = names.firstIndex(of: "utilisation")
        else { throw InputTextError(line: 1, message: "no columns seconds (or hours) and utilisation") }
        let scale = names[time] == "hours" ? 3_600.0 : 1
        var rows: [(seconds: Double, value: Double)] = []
        for (number, line) in lines.enumerated().dropFirst() where !line.allSatisfy(\.isWhitespace) {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(Self.trimmed)
            guard fields.count > max(time, load), let at = Double(fields[time]), at.isFinite,
                let value = Double(fields[load]), (0...1).contains(value)
            else { throw InputTextError(line: number + 1, message: "no time, or no utilisation of 0 to 1") }
            if let last = rows.last, at * scale <= last.seconds {
                throw InputTextError(line: number + 1, message: "the time is not after that of the row before")
            }
            rows.append((at * scale, value))
        }
        guard rows.count >= 2, let first = rows.first else {
            throw InputTextError(line: nil, message: "fewer than two rows; give a course of utilisation")
        }
        guard rows.count <= Self.largestCount else {
            throw InputTextError(line: nil, message: "more than \(Self.largestCount) rows; give a shorter trace")
        }
        seconds = rows.map { $0.seconds - first.seconds }
        values = rows.map(\.value)
        var sums = [0.0]
        for (earlier, later) in zip(rows, rows.dropFirst()) {
            let area = (later.seconds - earlier.seconds) * (earlier.value + later.value) / 2
            sums.append(sums[sums.count - 1] + area)
        }
        areas = sums
    }

    /// The same utilisation for ever.
    package init(steady utilisation: Ratio) {
        let share = min(max(utilisation.fraction, 0), 1)
        seconds = [0, 3_600]
        values = [share, share]
        areas = [0, 3_600 * share]
    }

    /// How long it takes until it repeats, in seconds.
    package var length: Double { seconds[seconds.count - 1] }

    /// The mean utilisation from one time to a later one, in seconds since the first row; exact.
    package func mean(from start: Double, to end: Double) -> Double {
        guard end > start else { return value(at: end) }
        return (area(to: end) - area(to: start)) / (end - start)
    }

    /// The utilisation at a time in seconds since the first row.
    package func value(at time: Double) -> Double {
        let (row, share, _) = place(time)
        return values[row] + (values[row + 1] - values[row]) * share
    }

    private func area(to time: Double) -> Double {
        let (row, share, rounds) = place(time)
        let width = (seconds[row + 1] - seconds[row]) * share
        let end = values[row] + (values[row + 1] - values[row]) * share
        return rounds * areas[areas.count - 1] + areas[row] + width * (values[row] + end) / 2
    }

    /// The row before a time, the way to the next one, and how often the trace has been through.
    private func place(_ time: Double) -> (row: Int, share: Double, rounds: Double) {
        let rounds = (time / length).rounded(.down)
        let inside = min(max(time - rounds * length, 0), length)
        var low = 0
        var high = seconds.count - 1
        while high - low > 1 {
            let middle = (low + high) / 2
            if seconds[middle] <= inside { low = middle } else { high = middle }
        }
        return (low, (inside - seconds[low]) / (seconds[low + 1] - seconds[low]), rounds)
    }

    private static func trimmed(_ field: Substring) -> String {
        String(field.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}

/// The load of a ``LoadTrace`` that begins at the first time it is asked for.
package struct TraceLoad: Sendable {
    private let trace: LoadTrace
    private var start: Timestamp?

    package init(_ trace: LoadTrace) { self.trace = trace }

    /// Moves on by `dt` seconds to plant time `time`.
    ///
    /// - Returns: the mean utilisation over the step, 0...1.
    package mutating func step(to time: Timestamp, dt: Double) -> Double {
        let begin = start ?? time - .seconds(dt)
        start = begin
        let end = (time - begin).inSeconds
        return trace.mean(from: end - dt, to: end)
    }
}
