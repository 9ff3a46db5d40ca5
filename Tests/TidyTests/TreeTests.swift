// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit
import Testing

/// The rules of the house, applied to the working tree; each rule has its own tests in the other files.
@Suite("The tree is tidy")
struct TreeTests {
    /// Records each finding at the place it points to.
    private func expectNone(_ findings: [Finding]) {
        for finding in findings {
            Issue.record(
                Comment(rawValue: finding.description),
                sourceLocation: SourceLocation(
                    fileID: finding.path,
                    filePath: Repository.path(finding.path),
                    line: finding.line,
                    column: 1
                )
            )
        }
    }

    @Test("the tree is there")
    func tree() {
        #expect(SourceTree.product.contains { $0.path == "Sources/Plant/Points/Reading.swift" })
        #expect(SourceTree.swift.contains { $0.path == "Tests/TidyTests/TreeTests.swift" })
        #expect(SourceTree.folders(in: "Sources").contains("Thermo"))
        #expect(SourceTree.product.flatMap(FunctionLengthRule.functions).count > 100)
        #expect(SourceTree.product.flatMap(ImportRule.imports).count > 20)
    }

    @Test("imports follow the architecture")
    func imports() { expectNone(SourceTree.product.flatMap(ImportRule.check)) }

    @Test("every folder under Sources, and every program, stands in the module table")
    func everyFolder() {
        for name in SourceTree.folders(in: "Sources") { #expect(ModuleTable.rule(name) != nil, "Sources/\(name)") }
        let programs = Set(SourceTree.product.filter { $0.path.hasPrefix("simulators/") }.compactMap(\.module))
        for name in programs.sorted() { #expect(ModuleTable.rule(name)?.layer == .program, "simulators/\(name)") }
    }

    @Test("the page on the architecture names every module, and files to open that are there")
    func architecturePage() throws {
        let page = try String(contentsOfFile: Repository.path("docs/ARCHITECTURE.md"), encoding: .utf8)
        let paths = Set(SourceTree.swift.map(\.path))
        var named: Set<String> = []
        for row in page.matches(of: /\n\| (`[\w-]+`[^|]*) \|[^|]+\| ([^|]+\.swift`) \|/) {
            let modules = row.1.matches(of: /`([\w-]+)`/).map { String($0.1) }
            named.formUnion(modules)
            for file in row.2.matches(of: /`([^`]+)`/).map({ String($0.1) }) {
                let places = modules.flatMap { ["Sources/\($0)/", "simulators/\($0)/", "Benchmarks/\($0)/"] }
                #expect(places.contains { paths.contains($0 + file) }, "\(row.1): there is no \(file)")
            }
        }
        let libraries = ModuleTable.names(.library)
        let modules = SourceTree.folders(in: "Sources").filter { !libraries.contains($0) }
        #expect(modules.count > 10 && named.isSuperset(of: modules), "missing: \(Set(modules).subtracting(named))")
    }

    @Test("a C library has exactly one importer")
    func oneImporter() {
        for library in ModuleTable.names(.library).sorted() {
            let importers = ImportRule.importers(of: library, in: SourceTree.product)
            let exists = SourceTree.paths(under: "Sources/\(library)").contains { $0.hasSuffix(".modulemap") }
            #expect(importers.count == (exists ? 1 : 0), "\(library) is imported by \(importers)")
        }
    }

    @Test("pure targets stay pure")
    func purity() { expectNone(SourceTree.product.flatMap(PurityRule.check)) }

    @Test("files are short")
    func fileLength() { expectNone((SourceTree.swift + SourceTree.c).flatMap(FileLengthRule.check)) }

    @Test("functions are short")
    func functionLength() { expectNone(SourceTree.swift.flatMap(FunctionLengthRule.check)) }

    @Test("lines are short")
    func lineWidth() { expectNone((SourceTree.swift + SourceTree.c).flatMap(LineWidthRule.check)) }

    @Test("nothing is forced")
    func force() { expectNone(SourceTree.written.flatMap(ForceRule.check)) }

    @Test("unchecked claims carry their reason")
    func unchecked() { expectNone(SourceTree.swift.flatMap(UncheckedRule.check)) }

    @Test("unfinished work names its issue")
    func unfinished() { expectNone((SourceTree.swift + SourceTree.text).flatMap(UnfinishedRule.check)) }

    @Test("files begin with the header")
    func header() { expectNone((SourceTree.swift + SourceTree.c).flatMap(HeaderRule.check)) }

    @Test("bare numbers tell their unit")
    func units() { expectNone(SourceTree.written.flatMap(UnitRule.check)) }

    @Test("types that cross targets are documented")
    func documentation() { expectNone(SourceTree.written.flatMap(DocumentationRule.check)) }

    @Test("device maps are named after vendor and model")
    func deviceMapNames() { expectNone(SourceTree.paths(under: "devicemaps").flatMap(DeviceMapNameRule.check)) }
}
