// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Finds the names somebody may have meant.
enum NearestName {
    /// At most three of `candidates` within a third of the word's length of it, nearest first.
    static func candidates(for word: String, in candidates: [String]) -> [String] {
        let allowed = max(1, word.unicodeScalars.count / 3)
        return candidates.enumerated()
            .map { (name: $1, position: $0, distance: distance(word.lowercased(), $1.lowercased(), limit: allowed)) }
            .filter { $0.distance <= allowed }
            .sorted { ($0.distance, $0.position) < ($1.distance, $1.position) }
            .prefix(3).map(\.name)
    }

    /// The end of a message about an unknown name: what was probably meant, or what there is.
    static func hint(for word: String, in names: [String], called plural: String) -> String {
        let near = candidates(for: word, in: names)
        if !near.isEmpty { return "did you mean \(near.map { "'\($0)'" }.joined(separator: " or "))?" }
        guard !names.isEmpty else { return "there are none" }
        let shown = names.prefix(12).joined(separator: ", ")
        return "\(plural) are: \(shown)\(names.count > 12 ? ", and \(names.count - 12) more" : "")"
    }

    /// The optimal string alignment distance, or anything above `limit` where it is larger.
    ///
    /// Insertion, deletion, substitution and the swap of neighbours count one each (Damerau 1964, restricted form).
    static func distance(_ left: String, _ right: String, limit: Int) -> Int {
        let a = Array(left.unicodeScalars)
        let b = Array(right.unicodeScalars)
        guard abs(a.count - b.count) <= limit else { return limit + 1 }
        guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
        var beforePrevious = [Int](repeating: 0, count: b.count + 1)
        var previous = Array(0...b.count)
        for i in 1...a.count {
            var current = [Int](repeating: i, count: b.count + 1)
            for j in 1...b.count {
                let substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                current[j] = min(previous[j] + 1, current[j - 1] + 1, substitution)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    current[j] = min(current[j], beforePrevious[j - 2] + 1)
                }
            }
            beforePrevious = previous
            previous = current
        }
        return previous[b.count]
    }
}
