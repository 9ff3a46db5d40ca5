// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// Which field of a recording's lines is what, from its first line.
///
/// Two forms: a column of times and one for each point; or one sample a line with the columns `time`, `point` and
/// `value`, and if there `unit` and `quality`, as `thermocline export --format csv` writes them.
package struct RecordingLayout: Sendable {
    /// Where values go and how they are brought to the point's base unit.
    struct Target: Sendable {
        let point: PointIndex
        /// Nil where values are in the base unit already.
        let unit: SourceUnit?
    }

    enum Form: Sendable {
        /// The fields with values, and their targets.
        case wide([(field: Int, target: Target)])
        case long(point: Int, value: Int, unit: Int?, quality: Int?)
    }

    let separator: UInt8
    /// The names of all columns.
    let names: [String]
    let timeField: Int
    let form: Form
    let points: RecordingPoints
    /// Columns of a wide recording that go nowhere, in its order.
    package let unusedColumns: [String]

    init(_ line: RecordingLines.Line, _ points: RecordingPoints) throws(InputTextError) {
        func fault(_ message: String) -> InputTextError { InputTextError(line: line.number, message: message) }
        self.points = points
        separator = RecordingFields.separator(in: line.bytes)
        var fields = RecordingFields(separator: separator)
        try fields.split(line)
        var names: [String] = []
        for field in fields.ranges.indices { names.append(try fields.text(field, of: line)) }
        self.names = names
        func field(_ wanted: String) -> Int? { names.firstIndex { $0.lowercased() == wanted } }
        if let wanted = points.columns.time {
            guard let position = names.firstIndex(of: wanted) else {
                throw fault("there is no column '\(wanted)' of times; \(points.nearest(wanted, names))")
            }
            timeField = position
        } else {
            guard let position = field("time") ?? field("timestamp") else {
                throw fault("the first line names no column 'time' or 'timestamp'; say with --columns which one it is")
            }
            timeField = position
        }
        if let point = field("point"), let value = field("value") {
            form = .long(point: point, value: value, unit: field("unit"), quality: field("quality"))
            unusedColumns = []
            return
        }
        var targets: [(field: Int, target: Target)] = []
        var unused: [String] = []
        var owners: [Int: String] = [:]
        for (position, name) in names.enumerated() where position != timeField {
            guard let target = try points.target(of: name, line: line.number) else {
                unused.append(name)
                continue
            }
            if let owner = owners.updateValue(name, forKey: target.point.position) {
                throw fault("the columns '\(owner.cut)' and '\(name.cut)' both drive \(points.name(of: target.point))")
            }
            targets.append((position, target))
        }
        if let missing = points.columns.columns.first(where: { !names.contains($0.name) }) {
            throw fault(
                "there is no column '\(missing.name.cut)' of \(missing.origin); \(points.nearest(missing.name, names))"
            )
        }
        guard !targets.isEmpty else { throw fault("no column is a point of the site; name one device/point") }
        form = .wide(targets)
        unusedColumns = unused
    }
}

/// The points of a site under the names a recording has for them.
package struct RecordingPoints: Sendable {
    private let site: SiteDescription
    let columns: RecordingColumns
    private let mapped: [String: RecordingLayout.Target]
    private let totals: Set<String>
    private let hint: @Sendable (_ name: String, _ names: [String]) -> String

    /// - Parameters:
    ///   - site: The site; every point in `columns` is one of it.
    ///   - columns: What names other than `device/point` mean. Where it has any, names of neither kind are left out;
    ///     where it has none they are errors.
    ///   - hint: The end of a message about a name that is not among others.
    package init(
        site: SiteDescription,
        columns: RecordingColumns = RecordingColumns(),
        hint: @escaping @Sendable (_ name: String, _ names: [String]) -> String
    ) {
        self.site = site
        self.columns = columns
        self.hint = hint
        mapped = Dictionary(
            columns.columns.compactMap { column in
                site.index(of: column.point).map { (column.name, RecordingLayout.Target(point: $0, unit: column.unit)) }
            },
            uniquingKeysWith: { first, _ in first }
        )
        totals = Set(site.meters.flatMap { ["\($0.device)/energy_total", "\($0.device)/water_total"] })
    }

    /// Where values under a name go; nil where they go nowhere: texts, totals computed from a meter, unmapped names.
    func target(of name: String, line: Int) throws(InputTextError) -> RecordingLayout.Target? {
        if let target = mapped[name] { return isText(target.point) ? nil : target }
        if let index = PointID(name).flatMap({ site.index(of: $0) }) {
            return isText(index) ? nil : RecordingLayout.Target(point: index, unit: nil)
        }
        if !columns.columns.isEmpty || isTotal(name) { return nil }
        let advice = name.contains("/") ? "" : ", or map it with --columns"
        throw InputTextError(
            line: line,
            message: "there is no point '\(name.cut)'; \(nearest(name, site.points.map(\.id.description)))\(advice)"
        )
    }

    func unit(of point: PointIndex) -> PointUnit { site[point].unit }

    func name(of point: PointIndex) -> String { site[point].id.description }

    func nearest(_ name: String, _ names: [String]) -> String { hint(name, names) }

    private func isText(_ point: PointIndex) -> Bool { site.mapPoint(point).isText }

    /// Whether an export has it for a total of the meter tree; from a device's second place on, that is in the name.
    private func isTotal(_ name: String) -> Bool {
        totals.contains(name) || totals.contains { name.hasPrefix($0 + "_") }
    }
}

extension String {
    /// The text cut to what a message bears.
    var cut: String { count > 60 ? prefix(60) + "..." : self }
}

extension MapPoint {
    /// Whether the point is text, which no recording drives.
    package var isText: Bool { type.isText }
}
