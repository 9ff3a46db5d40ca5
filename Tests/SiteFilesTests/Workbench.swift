// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import SiteFiles
import TestKit
import Testing

/// A directory with files to load, and the problems that loading finds, without the directory's own name.
struct Workbench {
    let directory: TemporaryDirectory

    init(_ files: [String: String] = [:]) throws {
        directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: directory.path("maps"), withIntermediateDirectories: true)
        for (name, text) in files { try write(text, to: name) }
    }

    func write(_ text: String, to name: String) throws {
        try text.write(toFile: directory.path(name), atomically: true, encoding: .utf8)
    }

    func loadSite(_ name: String = "site.yaml") -> Loaded<SiteDescription> {
        SiteFiles.loadSite(
            path: directory.path(name),
            mapDirectories: [directory.path("maps"), Repository.path("devicemaps")]
        )
    }

    func loadMap(_ name: String) -> Loaded<DeviceMap> { SiteFiles.loadMap(path: directory.path(name)) }

    /// The problems as `line:column: message`, with the file's name before them where it is not `file`.
    func lines(_ problems: [SiteProblem], in file: String) -> [String] {
        problems.map { problem in
            let description = problem.description
            let prefix = directory.path(file) + ":"
            if description.hasPrefix(prefix) { return String(description.dropFirst(prefix.count)) }
            let root = directory.path("")
            return description.hasPrefix(root) ? String(description.dropFirst(root.count + 1)) : description
        }
    }

    static func siteProblems(_ text: String) throws -> [String] {
        let bench = try Workbench(["site.yaml": text])
        return bench.lines(bench.loadSite().problems, in: "site.yaml")
    }

    /// The problems of a site with other files beside it.
    static func siteProblems(_ file: BrokenFile) throws -> [String] {
        let bench = try Workbench(file.others.merging(["site.yaml": file.text]) { _, site in site })
        return bench.lines(bench.loadSite().problems, in: "site.yaml")
    }

    static func mapProblems(_ text: String) throws -> [String] {
        let bench = try Workbench(["acme_meter.yaml": text])
        return bench.lines(bench.loadMap("acme_meter.yaml").problems, in: "acme_meter.yaml")
    }
}

/// One broken file with what must be said of it.
struct BrokenFile: CustomTestStringConvertible, Sendable {
    let name: String
    let text: String
    /// The beginnings of the problems, `line:column: message`, all of them and in order.
    let problems: [String]
    /// Files beside it, by name: `maps/acme_meter.yaml`, `racks.yaml`.
    var others: [String: String] = [:]

    var testDescription: String { name }

    /// Expects what was found to be these problems, no more and in this order.
    func expect(_ found: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(found.count == problems.count, "\(found.joined(separator: "\n"))", sourceLocation: sourceLocation)
        for (line, expected) in zip(found, problems) {
            #expect(
                line.hasPrefix(expected),
                "\(line)\nshould begin with\n\(expected)",
                sourceLocation: sourceLocation
            )
        }
    }
}
