// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// A reason for operators that is worded anew only when something it shows has changed.
///
/// A site's loops give some fifty reasons in every cycle, and most of them show the same tenths of a kelvin as in the
/// cycle before; wording them is most of what such a cycle would cost. A sentence is no state: its evidence is rounded
/// as its text is, so all of it follows from what it shows; it is not kept across a restart, and two are always equal.
struct Sentence: Hashable, Sendable {
    /// What was worded last.
    var reason = Reason(code: "", text: "")
    private var code = ""
    private var shown = SIMD8<Int64>()

    /// Notes what the sentence is to show; true where ``reason`` shows something else and must be worded anew.
    ///
    /// The code tells apart sentences with different words; the numbers are all those that may change, as ``Wording``
    /// shows them: ``Wording/shown(_:decimals:)``.
    mutating func isOutdated(
        _ code: String,
        _ first: Int64,
        _ second: Int64 = 0,
        _ third: Int64 = 0,
        _ fourth: Int64 = 0,
        _ fifth: Int64 = 0
    ) -> Bool {
        let shown = SIMD8(first, second, third, fourth, fifth, 0, 0, 0)
        if !reason.text.isEmpty, shown == self.shown, code == self.code { return false }
        self.shown = shown
        self.code = code
        return true
    }

    static func == (left: Sentence, right: Sentence) -> Bool { true }

    func hash(into hasher: inout Hasher) {}
}
