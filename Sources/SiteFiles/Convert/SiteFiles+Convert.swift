// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Plant

/// A kind of register list that drafts are made from.
package enum RegisterListFormat: String, CaseIterable, Sendable {
    /// The configuration of modbus_exporter.
    case modbusExporter = "modbus_exporter"
    /// A Telegraf configuration with `[[inputs.modbus]]`.
    case telegraf
    /// An evcc device template.
    case evcc
    /// A table with named columns.
    case csv

    /// What it is, for a sentence.
    package var title: String {
        switch self {
        case .modbusExporter: "modbus_exporter configuration"
        case .telegraf: "Telegraf configuration"
        case .evcc: "evcc template"
        case .csv: "table of registers"
        }
    }
}

/// What the owner knows of a product that its register list does not say.
package struct DraftFacts: Sendable {
    package var vendor: String?
    package var model: String?
    package var category: DeviceCategory?

    package init(vendor: String? = nil, model: String? = nil, category: DeviceCategory? = nil) {
        self.vendor = vendor
        self.model = model
        self.category = category
    }
}

/// A draft made from a register list.
package struct ConvertedMap: Sendable {
    /// The text of the map file; nil where the list cannot be read.
    package let text: String?
    /// What is wrong with the list.
    package let problems: [SiteProblem]
    /// What the draft lacks and what the linter doubts, by line of ``text``; its file is called `draft`.
    package let findings: [SiteProblem]
}

extension SiteFiles {
    /// Makes a draft of a map from another program's register list.
    ///
    /// What the list does not say is not made up: it is a comment in the draft and a finding beside it.
    ///
    /// - Parameters:
    ///   - path: The list.
    ///   - format: What it is; found out from its name and content where nil.
    ///   - section: The module or plugin, where the file has several.
    ///   - facts: What the caller knows better.
    /// - Returns: The draft with its findings, or the problems of a list that none can be made of.
    package static func convert(
        path: String,
        format: RegisterListFormat? = nil,
        section: String? = nil,
        facts: DraftFacts = DraftFacts()
    ) -> ConvertedMap {
        let problems = ProblemCollector()
        problems.open(file: path)
        guard let format = format ?? detected(path, problems: problems) else {
            return ConvertedMap(text: nil, problems: problems.sorted(), findings: [])
        }
        let drafts = read(path, format, problems: problems)
        guard !problems.hasErrors, let draft = chosen(drafts, section: section, path: path, problems: problems) else {
            return ConvertedMap(text: nil, problems: problems.sorted(), findings: [])
        }
        let file = URL(fileURLWithPath: path).lastPathComponent
        let part = drafts.count > 1 ? ", '\(draft.section)'" : ""
        let origin = "\(file) (\(format.title)\(part))"
        func text(fillsGaps: Bool) -> String {
            DraftText(draft: draft, origin: origin, facts: facts, fillsGaps: fillsGaps).lines
                .joined(separator: "\n") + "\n"
        }
        let gaps = findings(in: text(fillsGaps: false)).filter { !$0.message.contains("needs at least one point") }
        let doubts = findings(in: text(fillsGaps: true)).filter { finding in
            !gaps.contains { $0.line == finding.line && $0.column == finding.column }
        }
        let all = (gaps + doubts).enumerated()
            .sorted {
                ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
            }
        return ConvertedMap(text: text(fillsGaps: false), problems: problems.sorted(), findings: all.map(\.element))
    }

    private static func read(_ path: String, _ format: RegisterListFormat, problems: ProblemCollector) -> [DraftMap] {
        switch format {
        case .modbusExporter:
            return YAMLFile.read(path, problems: problems).map { ModbusExporterList.read($0, problems: problems) } ?? []
        case .evcc:
            return YAMLFile.read(path, problems: problems).map { EvccTemplate.read($0, problems: problems) } ?? []
        case .telegraf:
            return content(of: path, problems: problems)
                .flatMap { TOMLText.tree(of: $0, file: path, problems: problems) }
                .map { TelegrafList.read($0, problems: problems) } ?? []
        case .csv:
            return content(of: path, problems: problems).map { CSVList.read($0, file: path, problems: problems) } ?? []
        }
    }

    private static func content(of path: String, problems: ProblemCollector) -> String? {
        do throws(TextFile.Fault) { return try TextFile.list.read(path).withoutByteOrderMark } catch {
            problems.error(Place(error, in: path), error.message)
            return nil
        }
    }

    private static func detected(_ path: String, problems: ProblemCollector) -> RegisterListFormat? {
        let ending = URL(fileURLWithPath: path).pathExtension.lowercased()
        if ["csv", "tsv"].contains(ending) { return .csv }
        guard let text = content(of: path, problems: problems) else { return nil }
        if text.contains("[[inputs.modbus]]") { return .telegraf }
        let lines = text.split(separator: "\n")
        if lines.contains(where: { $0.hasPrefix("render:") }) { return .evcc }
        if lines.contains(where: { $0.hasPrefix("modules:") }) { return .modbusExporter }
        let words = RegisterListFormat.allCases.map(\.rawValue).joined(separator: ", ")
        problems.error(.start(of: path), "what kind of list this is cannot be seen from it; give --from: \(words)")
        return nil
    }

    private static func chosen(
        _ drafts: [DraftMap],
        section: String?,
        path: String,
        problems: ProblemCollector
    ) -> DraftMap? {
        let names = drafts.map { "'\($0.section)'" }.joined(separator: ", ")
        let found = section.map { name in drafts.filter { $0.section == name } } ?? drafts
        if let only = found.first, found.count == 1 {
            guard only.points.isEmpty else { return only }
            problems.error(.start(of: path), "'\(only.section)' lists no registers, so there is no map to draft")
        } else if drafts.isEmpty {
            problems.error(.start(of: path), "the file lists no registers, so there is no map to draft")
        } else {
            let reason = section.map { "there is no section '\($0.shortened)'" } ?? "there are \(drafts.count) sections"
            problems.error(.start(of: path), "\(reason); choose one with --section: \(names)")
        }
        return nil
    }

    /// What loading and the linter say of a text, as of a file called `draft`.
    private static func findings(in text: String) -> [SiteProblem] {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("thermocline-draft-\(UUID().uuidString)")
        let path = directory.appendingPathComponent("draft.yaml").path
        defer { try? FileManager.default.removeItem(at: directory) }
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try text.write(toFile: path, atomically: false, encoding: .utf8)
        } catch {
            return []
        }
        return lintMap(path: path).loaded.problems.map { problem in
            SiteProblem(
                file: "draft",
                line: problem.line,
                column: problem.column,
                message: problem.message,
                severity: problem.severity
            )
        }
    }
}
