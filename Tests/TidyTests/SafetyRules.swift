// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Nothing traps on a value that may be missing: no `!`, no `try!`, no `as!`.
enum ForceRule {
    static func check(_ file: ScannedFile) -> [Finding] {
        file.lines.indices.flatMap { index -> [Finding] in
            let code = file.lines[index].code
            guard code.contains("!") else { return [] }
            var findings: [Finding] = []
            for (keyword, isThere) in [("try", code.contains(/\btry!/)), ("as", code.contains(/\bas!/))] where isThere {
                findings.append(file.finding(index, "\(keyword)! traps; handle the error"))
            }
            let postfix = code.replacing(/\b(?:try|as)!/, with: "").contains(/[\w)\]}>?"`]!(?!=)/)
            if postfix { findings.append(file.finding(index, "! traps on nil; bind the value")) }
            return findings
        }
    }
}

/// What the compiler is told to believe has a reason beside it.
enum UncheckedRule {
    static let phrases = ["@unchecked Sendable", "nonisolated(unsafe)"]

    static func check(_ file: ScannedFile) -> [Finding] {
        file.lines.indices.flatMap { index in
            phrases.filter { file.lines[index].code.contains($0) && !hasReason(file, index) }.map {
                file.finding(index, "\($0) needs its reason in a comment on this line or directly above")
            }
        }
    }

    /// A plain comment of some words, or documentation that says why: most says what a thing is, which is no reason.
    private static func hasReason(_ file: ScannedFile, _ index: Int) -> Bool {
        let same = ScannedLine.trimmed(file.lines[index].comment[...])
        if isReason(same) || (index > 0 && isReason(file.lines[index - 1].trimmedRaw)) { return true }
        return file.documentation(above: index).lowercased().contains(/\b(?:safe|because|confined|guarded|locked)\b/)
    }

    private static func isReason(_ text: Substring) -> Bool {
        text.hasPrefix("//") && !text.hasPrefix("///") && text.split(separator: " ").count >= 4
    }
}
