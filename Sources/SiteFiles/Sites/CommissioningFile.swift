// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

extension SiteFiles {
    /// Reads a commissioning record: `site`, `loops`, `signed_by`, `date` and `checks`.
    ///
    /// Whether its site and loops exist, and whether every check passed, is for the one who grants the request to say:
    /// a record of a failed check is a good record.
    package static func loadCommissioningRecord(path: String) -> Loaded<CommissioningRecord> {
        let problems = ProblemCollector()
        guard let root = YAMLFile.read(path, problems: problems) else {
            return Loaded(value: nil, problems: problems.sorted())
        }
        let record = CommissioningFile.record.read(root, "commissioning record", problems)
        return Loaded(value: record, problems: problems.sorted())
    }
}

/// The rules of a commissioning record.
enum CommissioningFile {
    static var record: Rule<CommissioningRecord> {
        Rule<CommissioningRecord>.mapping("a commissioning record") { fields in
            let site = fields.required("site", .identifier)
            let loops = fields.required("loops", nonEmpty(of: .identifier, named: "a loop"))
            let signer = fields.required("signed_by", .text(upTo: 200))
            let date = fields.required("date", day)
            let checks = fields.required("checks", nonEmpty(of: check, named: "a check"))
            guard let site, let loops, let signer, let date, let checks else { return nil }
            return CommissioningRecord(site: site, loops: loops, signedBy: signer, date: date, checks: checks)
        }
    }

    private static var check: Rule<CommissioningCheck> {
        Rule<CommissioningCheck>.mapping("a check") { fields in
            let what = fields.required("what", .text(upTo: 500))
            let isPassed = fields.required("passed", .boolean)
            guard let what, let isPassed else { return nil }
            return CommissioningCheck(what: what, isPassed: isPassed)
        }
    }

    /// A day of the calendar, 2026-02-27.
    private static var day: Rule<String> {
        Rule<String>.text(upTo: 10).check { text in
            text.utf8.count == 10 && Timestamp(iso8601: text + "T00:00:00Z") != nil
                ? nil : "is '\(text.shortened)'; write a day such as 2026-02-27"
        }
    }

    private static func nonEmpty<Element>(of element: Rule<Element>, named name: String) -> Rule<[Element]> {
        Rule<[Element]>.list(of: element, named: name, atMost: Limits.loops, asWhole: true)
            .check { $0.isEmpty ? "is empty; a record without \(name) proves nothing" : nil }
    }
}
