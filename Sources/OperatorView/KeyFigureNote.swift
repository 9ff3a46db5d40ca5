// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Why figures are absent or only indicative, said once for all figures that share the reason.
///
/// After a start every figure lacks the same hour; seven times the same sentence would hide the one that matters. What
/// stands behind the semicolon of a reason names the meter that is to blame, and is kept where only one figure is
/// concerned.
struct KeyFigureNote {
    private var titles: [String]
    private var names: [String]
    private let windows: [String]
    private let isAbsent: Bool
    private let reason: String

    /// The notes on all results, in the order of the rows.
    static func all(of results: [KPIResult]) -> [KeyFigureNote] {
        var notes: [KeyFigureNote] = []
        for note in FigureRow.all(of: results).flatMap(ofRow) {
            if let same = notes.firstIndex(where: { $0.isSame(as: note) }) {
                notes[same].titles += note.titles
                notes[same].names += note.names.filter { !notes[same].names.contains($0) }
            } else {
                notes.append(note)
            }
        }
        return notes
    }

    /// The note as one sentence.
    var text: String {
        let figures = titles.count == 1 ? titles[0] : names.joined(separator: ", ")
        let state = isAbsent ? "absent" : "indicative (*)"
        return "\(figures) \(windows.joined(separator: ", ")) \(state): \(titles.count == 1 ? reason : String(general))"
    }

    private var general: Substring { reason.prefix { $0 != ";" } }

    private func isSame(as other: KeyFigureNote) -> Bool {
        isAbsent == other.isAbsent && windows == other.windows && general == other.general
    }

    /// One note for each reason of a figure, naming all windows it holds for.
    private static func ofRow(_ row: FigureRow) -> [KeyFigureNote] {
        var notes: [KeyFigureNote] = []
        for result in row.results where result.value == nil || !result.reason.isEmpty {
            let isAbsent = result.value == nil
            let reason = result.reason.isEmpty ? "no reason given" : result.reason
            guard !notes.contains(where: { $0.isAbsent == isAbsent && $0.reason == reason }) else { continue }
            let windows = row.results
                .filter { $0.reason == result.reason && ($0.value == nil) == isAbsent }
                .map(\.window.rawValue)
            notes.append(
                KeyFigureNote(
                    titles: [row.title],
                    names: [result.name.rawValue.uppercased()],
                    windows: windows,
                    isAbsent: isAbsent,
                    reason: reason
                )
            )
        }
        return notes
    }
}
