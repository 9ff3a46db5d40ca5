// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A pattern over `device/point`: `*` stands for any run of characters, the slash among them, `?` for one.
package struct PointGlob: Hashable, Sendable {
    /// The pattern as it was written.
    package let text: String
    private let pattern: [UInt8]

    package init(_ text: String) {
        self.text = text
        pattern = Array(text.utf8)
    }

    /// The longest pattern a stranger may send, in bytes; matching takes pattern length times name length steps.
    package static let maximumLength = 256

    /// Matches every series.
    package static let all = PointGlob("*")

    package func matches(_ id: PointID) -> Bool { matches(id.description) }

    /// Whether the whole name fits the pattern; letters count as they are written.
    package func matches(_ name: String) -> Bool {
        let name = Array(name.utf8)
        var position = 0
        var next = 0
        // Where to go on when the characters behind the latest star turn out not to fit.
        var retry: (next: Int, position: Int)?
        while position < name.count {
            if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
                retry = (next + 1, position)
                next += 1
            } else if next < pattern.count, pattern[next] == UInt8(ascii: "?") || pattern[next] == name[position] {
                next += 1
                position += 1
            } else if let last = retry {
                retry = (last.next, last.position + 1)
                next = last.next
                position = last.position + 1
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
