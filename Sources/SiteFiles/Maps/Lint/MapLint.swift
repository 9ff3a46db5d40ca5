// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// The doubts about a map that could be loaded.
struct MapLint {
    let decoded: DecodedMap

    /// What stands after the exceptions the map asks for, and how many findings those cover.
    func run() -> (findings: [LintFinding], allowed: Int) {
        let all =
            AddressLint(decoded: decoded).findings + ValueLint(decoded: decoded).findings
            + CodingLint(points: decoded.points).findings + WriteLint(points: decoded.points).findings
            + NameLint(points: decoded.points).findings + SettingLint(decoded: decoded).findings
        var isUsed = Array(repeating: false, count: decoded.allowances.count)
        var open: [LintFinding] = []
        for finding in all {
            let covering = decoded.allowances.indices.filter { decoded.allowances[$0].covers(finding) }
            for position in covering { isUsed[position] = true }
            if covering.isEmpty { open.append(finding) }
        }
        for (allowance, isUsed) in zip(decoded.allowances, isUsed) where !isUsed {
            open.append(
                LintFinding(
                    rule: .allowance,
                    place: allowance.place,
                    message: "the exception from '\(allowance.rule.rawValue)' covers nothing; remove it"
                )
            )
        }
        let unused = isUsed.count { !$0 }
        return (open, all.count - (open.count - unused))
    }
}

extension SiteFiles {
    /// Reads one device map and looks it over with every rule of `maps lint`.
    ///
    /// - Returns: The map with all problems, those of loading and the lint's, and how many of the lint's findings the
    ///   map's own exceptions cover.
    package static func lintMap(path: String) -> (loaded: Loaded<DeviceMap>, allowed: Int) {
        let problems = ProblemCollector()
        let decoded = MapDecoder.decoded(path: path, problems: problems)
        var allowed = 0
        // What a broken map means is not known, so nothing more is said of it.
        if let decoded, !problems.hasErrors {
            let result = MapLint(decoded: decoded).run()
            allowed = result.allowed
            for finding in result.findings {
                let text = "\(finding.message) [\(finding.rule.rawValue)]"
                if finding.rule.severity == .error {
                    problems.error(finding.place, text)
                } else {
                    problems.warning(finding.place, text)
                }
            }
        }
        return (Loaded(value: decoded?.map, problems: problems.sorted(), files: problems.files), allowed)
    }
}
