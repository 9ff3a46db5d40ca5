// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

extension SiteFiles {
    /// Reads what the columns of a recording mean: `time`, and under `columns` a point for each column's name.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - site: The site whose points they are.
    /// - Returns: The columns, and the problems of the file.
    package static func loadColumns(path: String, site: SiteDescription) -> Loaded<RecordingColumns> {
        let problems = ProblemCollector()
        guard let root = YAMLFile.read(path, problems: problems),
            SiteFormat.accepts(root, problems: problems)
        else { return Loaded(value: nil, problems: problems.sorted()) }
        let columns = ColumnsFile(site: site).columns.read(root, "columns file", problems)
        return Loaded(value: columns, problems: problems.sorted())
    }

    /// The end of a message about an unknown name: what was probably meant, or what there is.
    package static func nearestNames(to name: String, in names: [String]) -> String {
        NearestName.hint(for: name, in: names, called: "there")
    }
}

/// The rules of a file of columns.
struct ColumnsFile {
    let site: SiteDescription

    var columns: Rule<RecordingColumns> {
        Rule<RecordingColumns>.mapping("a columns file") { fields in
            _ = fields.optional("format", .integer(0...1_000_000))
            let time = fields.optional("time", .text(upTo: 500))
            let columns = fields.optional(
                "columns",
                Rule<[RecordingColumns.Column]>.entries(atMost: Limits.recordingColumns) { column($0, $1) },
                default: []
            )
            var owners: [PointID: String] = [:]
            for column in columns {
                guard let owner = owners.updateValue(column.name, forKey: column.point) else { continue }
                fields.problems.error(
                    fields.place(of: "columns"),
                    "the columns '\(owner.shortened)' and '\(column.name.shortened)' both drive \(column.point)"
                )
            }
            return RecordingColumns(time: time, columns: columns)
        }
    }

    /// `NAME: device/point`, or `NAME: {point: device/point, unit: kW}`.
    private func column(_ name: String, _ place: Place) -> Rule<RecordingColumns.Column> {
        let origin = "\(place.file):\(place.line):\(place.column)"
        return Rule<RecordingColumns.Column> { node, key, problems in
            if case .scalar = node.content {
                return point.read(node, key, problems).map {
                    RecordingColumns.Column(name: name, point: $0, origin: origin)
                }
            }
            let whole = Rule<RecordingColumns.Column>.mapping("a column") { fields in
                let point = fields.required("point", point)
                let unit = fields.optional("unit", unit(of: point))
                guard let point else { return nil }
                return RecordingColumns.Column(name: name, point: point, unit: unit, origin: origin)
            }
            return whole.read(node, key, problems)
        }
    }

    private var point: Rule<PointID> {
        Rule<PointID> { node, key, problems in
            guard let text = Rule<String>.text(upTo: 200).read(node, key, problems) else { return nil }
            guard let id = PointID(text), let index = site.index(of: id) else {
                let hint = NearestName.hint(
                    for: text,
                    in: site.points.map(\.id.description),
                    called: "the points"
                )
                problems.error(node.place, "there is no point '\(text.shortened)'; \(hint)")
                return nil
            }
            guard !site.mapPoint(index).type.isText else {
                problems.error(node.place, "\(id) is text, which no column drives; leave it out")
                return nil
            }
            return id
        }
    }

    /// A unit that measures what the point does.
    private func unit(of point: PointID?) -> Rule<SourceUnit> {
        Rule<SourceUnit> { node, key, problems in
            guard let text = Rule<String>.text(upTo: 20).read(node, key, problems) else { return nil }
            let base = point.flatMap { site.index(of: $0) }.map { site[$0].unit }
            if let unit = SourceUnit.named(text), base == nil || unit.base == base { return unit }
            let spellings = SourceUnit.all.filter { base == nil || $0.base == base }.map(\.spelling)
            let owner = base.map { "which is in \($0.rawValue)" } ?? "which is not known"
            let hint = NearestName.hint(for: text, in: spellings, called: "its units")
            problems.error(node.place, "'\(text.shortened)' is no unit for the point, \(owner); \(hint)")
            return nil
        }
    }
}
