// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A name that device maps give to points, with what it measures.
package struct CanonicalName: Hashable, Sendable {
    /// The name with its variable parts: `active_power_{l}`.
    ///
    /// `{n}` stands for a number, `{l}` for a phase (`l1`, `l2`, `l3`), `{ll}` for two (`l1_l2`).
    package let pattern: String
    /// The base unit; nil for text.
    package let unit: PointUnit?
}

/// The names that device maps may use, so that any product can replace another one in a site file.
///
/// A superset of ``PointName``, to which loops and key figures give a meaning. A new name is added to the list when a
/// product has a quantity that none of them says. The words are those of Redfish and Brick: `_command` is what is
/// asked, `_feedback` what the device says it does, `_status` that it does, `_alarm` needs attention, `_failure` has
/// failed.
package enum CanonicalNames {
    /// Every name, sorted.
    package static let all: [CanonicalName] = (quantities + states)
        .flatMap { group in
            group.names.split(whereSeparator: \.isWhitespace)
                .map { CanonicalName(pattern: String($0), unit: group.unit) }
        }
        .sorted { $0.pattern < $1.pattern }

    private static let byPattern = Dictionary(all.map { ($0.pattern, $0) }, uniquingKeysWith: { first, _ in first })

    /// The canonical name that a point's name is a case of; nil where it is none.
    package static func entry(for name: String) -> CanonicalName? { byPattern[pattern(of: name)] }

    /// The name with its numbers and phases replaced: `fan_2_speed` becomes `fan_{n}_speed`.
    package static func pattern(of name: String) -> String {
        var parts: [String] = []
        for part in name.split(separator: "_", omittingEmptySubsequences: false) {
            if part == "l1" || part == "l2" || part == "l3" {
                if parts.last == "{l}" { parts[parts.count - 1] = "{ll}" } else { parts.append("{l}") }
            } else if !part.isEmpty, part.allSatisfy(\.isNumber) {
                parts.append("{n}")
            } else {
                parts.append(String(part))
            }
        }
        return parts.joined(separator: "_")
    }
}
