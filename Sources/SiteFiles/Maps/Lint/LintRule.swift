// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// What `maps lint` looks at beyond what a map must keep to be usable at all.
enum LintRule: String, CaseIterable {
    /// Two points claim the same bits.
    case overlap
    /// A value begins or ends in the middle of another one.
    case straddle
    /// An address may be one off, or a printed number taken for an address.
    case addressBase = "address_base"
    /// The map does not say how its document counts registers.
    case numbering
    /// A value of several registers whose word order nobody stated.
    case order
    /// A range that the registers cannot fill, or nature.
    case validRange = "valid_range"
    /// A condition that always holds, or a setting that is read too rarely to hold values against it.
    case validWhile = "valid_while"
    /// A scale that leaves nothing of the type's resolution, or too little of its reach.
    case scale
    /// Parts of a sum that leave values out.
    case parts
    /// A power factor that may be a code of four quadrants.
    case powerFactor = "power_factor"
    /// A running total of which is not said where it starts again.
    case counter
    /// A write range that guards nothing.
    case writeRange = "write_range"
    /// A watchdog whose end nobody knows, or that cannot be fed.
    case lease
    /// A command whose effect cannot be seen.
    case feedback
    /// A code that the type cannot hold.
    case labels
    /// An identity that the registers cannot show.
    case identity
    /// A coding that no golden vector proves.
    case golden
    /// A point name outside the canonical list, or one that says something else.
    case name
    /// An exception that nothing needs.
    case allowance

    /// Whether what the rule finds is wrong for certain; a doubt otherwise.
    var severity: SiteProblem.Severity {
        switch self {
        case .lease, .labels, .identity: .error
        default: .warning
        }
    }
}

/// An exception that a map asks for: `{rule: overlap, points: [status_word], reason: ...}`.
struct LintAllowance {
    let rule: LintRule
    /// Names or globs of the points it holds for; empty for all of the map.
    let points: [String]
    let place: Place

    func covers(_ finding: LintFinding) -> Bool {
        guard rule == finding.rule else { return false }
        if points.isEmpty { return true }
        guard let point = finding.point else { return false }
        return points.contains { PointGlob($0).matches(point) }
    }

    /// `lint: {allow: [...]}`.
    static var list: Rule<[LintAllowance]> {
        Rule<[LintAllowance]>.mapping("'lint'") { fields in
            fields.required("allow", .list(of: one, named: "an exception", atMost: 100))
        }
    }

    private static var one: Rule<LintAllowance> {
        Rule<LintAllowance>.mapping("an exception") { fields in
            let rule = fields.required("rule", Rule<LintRule>.word)
            let points = fields.optional(
                "points",
                .list(of: .text(upTo: 64), named: "points", atMost: 200, asWhole: true),
                default: []
            )
            let reason = fields.required("reason", .text(upTo: 300))
            guard let rule, reason != nil else { return nil }
            return LintAllowance(rule: rule, points: points, place: fields.place)
        }
    }
}

/// One thing that `maps lint` found.
struct LintFinding {
    let rule: LintRule
    /// The point it is about; nil where it is about the map.
    var point: String?
    let place: Place
    /// What is wrong, why, and what to do.
    let message: String
}
