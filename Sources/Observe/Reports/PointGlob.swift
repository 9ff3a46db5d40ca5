// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// A pattern for point identifiers: `*` stands for any run of characters, `?` for one, all else for itself.
///
/// `*` also crosses the slash, so `*temperature` finds every temperature and `rack-*/active_power` every rack's
/// power. Matching takes at most pattern length times identifier length steps.
package struct PointGlob: Hashable, Sendable {
    /// The longest pattern accepted, in bytes.
    package static let maximumLength = 256

    private let pattern: [UInt8]

    /// Takes a pattern; nil where it is empty or longer than ``maximumLength``.
    package init?(_ pattern: String) {
        let bytes = Array(pattern.utf8)
        guard !bytes.isEmpty, bytes.count <= Self.maximumLength else { return nil }
        self.pattern = bytes
    }

    package func matches(_ id: PointID) -> Bool { matches(id.description) }

    func matches(_ text: String) -> Bool {
        let star = UInt8(ascii: "*")
        let anyOne = UInt8(ascii: "?")
        let text = Array(text.utf8)
        var patternAt = 0
        var textAt = 0
        // Where the last star stood, and how much of the text it has swallowed so far.
        var retry: (pattern: Int, text: Int)?
        while textAt < text.count {
            if patternAt < pattern.count, pattern[patternAt] == star {
                retry = (patternAt + 1, textAt)
                patternAt += 1
            } else if patternAt < pattern.count, pattern[patternAt] == anyOne || pattern[patternAt] == text[textAt] {
                patternAt += 1
                textAt += 1
            } else if let (afterStar, swallowed) = retry {
                retry = (afterStar, swallowed + 1)
                patternAt = afterStar
                textAt = swallowed + 1
            } else {
                return false
            }
        }
        return pattern[patternAt...].allSatisfy { $0 == star }
    }
}
