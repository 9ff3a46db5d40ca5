// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The number of the site format, `format: 1`, which a file names so that no other version of the program guesses.
///
/// It goes up when a key changes its meaning or goes away, never for a new key. docs/site-format.md lists what changed.
enum SiteFormat {
    /// The formats this program reads; a file that names none is in the first.
    static let readable = 1...1

    /// Whether a file's format is one of those; nothing else of the file is looked at where it is not.
    static func accepts(_ root: YAMLNode, problems: ProblemCollector) -> Bool {
        guard let node = root.entries?.first(where: { $0.key == "format" })?.value else { return true }
        guard let number = Rule<Int>.integer(0...1_000_000).read(node, "format", problems) else { return false }
        if number > readable.upperBound {
            problems.error(
                node.place,
                "'format' is \(number), but this program reads up to \(readable.upperBound): the file was written "
                    + "for a later version; update thermocline"
            )
            return false
        }
        if number < readable.lowerBound {
            problems.error(
                node.place,
                "'format' is \(number), but this program reads from \(readable.lowerBound) on; change the file as "
                    + "'Versions of the format' in docs/site-format.md says, then set 'format: \(readable.upperBound)'"
            )
            return false
        }
        return true
    }
}
