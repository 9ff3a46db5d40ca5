// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// The mode of every loop, and the proof that an automatic one rests on.
///
/// A loop starts advisory. Only a commissioning record that names the site and the loop, is signed and dated, and has
/// every check passed makes it automatic; down is possible at any time.
package struct LoopModes: Sendable {
    /// One loop's mode as it is kept across restarts.
    package struct Entry: Hashable, Sendable, Codable {
        package let loop: String
        package internal(set) var mode: LoopMode
        /// What the promotion to automatic rested on; nil below automatic.
        package internal(set) var record: CommissioningRecord?
    }

    /// In the order of the loops.
    package private(set) var entries: [Entry]
    private let site: String

    package init(site: String, loops: [String]) {
        self.site = site
        entries = loops.map { Entry(loop: $0, mode: .advisory, record: nil) }
    }

    package subscript(loop: Int) -> LoopMode { entries[loop].mode }

    /// Takes over the modes of a snapshot for the loops that still exist.
    package mutating func restore(_ saved: [Entry]) {
        for entry in saved {
            guard let loop = entries.firstIndex(where: { $0.loop == entry.loop }) else { continue }
            entries[loop] = entry
        }
    }

    /// Changes a loop's mode.
    ///
    /// - Parameters:
    ///   - id: the loop.
    ///   - mode: the mode asked for.
    ///   - record: the proof given with the request.
    ///   - obstacle: what keeps this agent from writing at all, or nil.
    /// - Returns: the answer, and the loop's position where its mode changed.
    package mutating func request(
        loop id: String,
        mode: LoopMode,
        record: CommissioningRecord?,
        obstacle: String?
    ) -> (reply: OperatorReply, changed: Int?) {
        func refusal(_ message: String) -> (reply: OperatorReply, changed: Int?) {
            (OperatorReply(accepted: false, message: message), nil)
        }
        guard let loop = entries.firstIndex(where: { $0.loop == id }) else {
            let known = entries.map(\.loop).joined(separator: ", ")
            return refusal(
                "there is no loop \(id); " + (known.isEmpty ? "the site has none" : "the loops are \(known)")
            )
        }
        guard mode != .hand else { return refusal("a loop is not put in hand; put its points in hand one by one") }
        guard entries[loop].mode != mode else {
            return (OperatorReply(accepted: true, message: "\(id) is \(mode.rawValue) already"), nil)
        }
        if mode == .automatic {
            if let obstacle { return refusal("\(id) stays \(entries[loop].mode.rawValue): \(obstacle)") }
            let missing = Self.missing(in: record, site: site, loop: id)
            guard missing.isEmpty else {
                return refusal("\(id) stays \(entries[loop].mode.rawValue): " + missing.joined(separator: "; "))
            }
        }
        let before = entries[loop].mode
        entries[loop].mode = mode
        entries[loop].record = mode == .automatic ? record : nil
        return (OperatorReply(accepted: true, message: Self.done(id, from: before, to: mode)), loop)
    }

    /// What a record lacks for promoting a loop, each with what to do; empty where it is complete.
    package static func missing(in record: CommissioningRecord?, site: String, loop: String) -> [String] {
        guard let record else { return ["automatic needs a commissioning record; give one that names \(loop)"] }
        var missing: [String] = []
        if record.site != site { missing.append("the record is for site '\(record.site)', this is '\(site)'") }
        if !record.loops.contains(loop) {
            let named = record.loops.isEmpty ? "no loop" : record.loops.joined(separator: ", ")
            missing.append("the record covers \(named), not \(loop)")
        }
        if record.signedBy.allSatisfy(\.isWhitespace) { missing.append("nobody has signed the record") }
        if Timestamp(iso8601: record.date) == nil {
            missing.append("the record's date '\(record.date)' is not an ISO 8601 date")
        }
        if record.checks.isEmpty { missing.append("the record lists no checks") }
        for check in record.checks where !check.isPassed { missing.append("check not passed: \(check.what)") }
        return missing
    }

    private static func done(_ id: String, from before: LoopMode, to mode: LoopMode) -> String {
        let effect =
            switch mode {
            case .automatic: "it takes over from what its devices do now"
            case .advisory: "it goes on computing and writes nothing"
            case .off: "it writes nothing and proposes nothing"
            case .hand: ""
            }
        let home = before == .automatic ? "; points with a lease return to their home value when it runs out" : ""
        return "\(id) was \(before.rawValue) and is \(mode.rawValue): \(effect)\(home)"
    }
}
