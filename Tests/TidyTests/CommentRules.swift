// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A note to finish something names the issue that will.
enum UnfinishedRule {
    /// Looks at the comments of Swift, and at all of any other text.
    static func check(_ file: ScannedFile) -> [Finding] {
        let isSwift = file.path.hasSuffix(".swift")
        return file.lines.indices.compactMap { index in
            let text = isSwift ? file.lines[index].comment : file.lines[index].raw
            guard text.contains("TODO") || text.contains("FIXME"),
                let word = text.firstMatch(of: /\b(?:TODO|FIXME)\b/), !text[word.range.upperBound...].contains(/#\d+/)
            else { return nil }
            return file.finding(index, "\(word.0) without an issue number; write \(word.0)(#123)")
        }
    }
}

/// Every file says what it belongs to and under which licence.
enum HeaderRule {
    static let first = "// Thermocline: facility telemetry and thermal management for AI data centres."
    static let second = "// SPDX-License-Identifier: Apache-2.0"

    static func check(_ file: ScannedFile) -> [Finding] {
        let raw = file.lines.prefix(3).map(\.raw)
        if file.path.hasSuffix(".swift") {
            guard raw.count < 3 || raw[0] != first || raw[1] != second || !raw[2].isEmpty else { return [] }
            return [file.finding(0, "the file must begin with the two header lines and a blank line")]
        }
        guard !raw.contains(where: { $0.contains("SPDX-License-Identifier: Apache-2.0") }) else { return [] }
        return [file.finding(0, "no SPDX-License-Identifier in the first three lines")]
    }
}

/// A device map is named after its vendor and model.
enum DeviceMapNameRule {
    static func check(_ path: String) -> [Finding] {
        let name = path.split(separator: "/").last ?? ""
        guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") else { return [] }
        guard name.wholeMatch(of: /[a-z0-9]+(_[a-z0-9]+)+\.yaml/) == nil else { return [] }
        return [
            Finding(path: path, line: 1, message: "a device map is named <vendor>_<model>.yaml in lower snake case")
        ]
    }
}
