// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("Rules on imports")
struct ImportRuleTests {
    private func file(_ path: String, _ text: String) -> ScannedFile { ScannedFile(path: path, text: text) }

    @Test(
        "reads every form of import",
        arguments: [
            "import A", "package import A", "@preconcurrency import A", "@_exported public import A",
            "import struct A.B",
            "internal import A // why", "import A.B", "@_spi(C) import A",
        ]
    )
    func forms(line: String) {
        #expect(ImportRule.imports(of: file("Sources/Plant/A.swift", line)).map(\.module) == ["A"])
    }

    @Test("does not take other words for an import", arguments: ["// import A", "#if canImport(A)", "let imports = A"])
    func noImport(line: String) {
        #expect(ImportRule.imports(of: file("Sources/Plant/A.swift", line)).isEmpty)
    }

    @Test(
        "refuses what crosses the drawing",
        arguments: [
            ("Sources/Thermo/Power.swift", "Plant"), ("Sources/Plant/A.swift", "Foundation"),
            ("Sources/KPI/A.swift", "Control"), ("Sources/Control/A.swift", "PlantSim"),
            ("Sources/PlantSim/A.swift", "KPI"), ("Sources/Thermo/Power.swift", "Glibc"),
            ("Sources/Plant/Libm.swift", "Glibc"), ("Sources/ModbusIO/A.swift", "Store"),
            ("Sources/Observe/A.swift", "Upstream"), ("Sources/OperatorView/A.swift", "Hummingbird"),
            ("Sources/Agent/A.swift", "CModbus"), ("Sources/Store/A.swift", "CModbus"),
            ("Sources/Agent/A.swift", "OperatorView"), ("simulators/facility-sim/A.swift", "Agent"),
            ("Sources/ModbusIO/A.swift", "Agent"),
        ]
    )
    func refused(path: String, module: String) {
        let findings = ImportRule.check(file(path, "\nimport \(module)"))
        #expect(findings.map(\.line) == [2])
    }

    @Test(
        "allows what the drawing shows",
        arguments: [
            ("Sources/Plant/A.swift", "Thermo"), ("Sources/Thermo/Libm.swift", "Glibc"),
            ("Sources/KPI/A.swift", "Plant"), ("Sources/Store/A.swift", "GRDB"),
            ("Sources/Store/A.swift", "Foundation"),
            ("Sources/ModbusIO/A.swift", "CModbus"), ("Sources/Agent/A.swift", "Store"),
            ("simulators/facility-sim/A.swift", "PlantSim"), ("Tests/PlantTests/A.swift", "Foundation"),
        ]
    )
    func allowed(path: String, module: String) {
        #expect(ImportRule.check(file(path, "import \(module)")).isEmpty)
    }

    @Test("refuses a target that the table does not know")
    func unknownTarget() {
        #expect(ImportRule.check(file("Sources/Cloud/A.swift", "")).count == 1)
    }

    @Test("counts each target once among the importers")
    func importers() {
        let files = [
            file("Sources/Store/A.swift", "import CZstd"), file("Sources/Store/B.swift", "import CZstd"),
            file("Sources/Observe/A.swift", "import CZstd\nimport CZlib"),
        ]
        #expect(ImportRule.importers(of: "CZstd", in: files) == ["Observe", "Store"])
        #expect(ImportRule.importers(of: "CModbus", in: files).isEmpty)
    }
}

@Suite("The module table")
struct ModuleTableTests {
    @Test("names each target once")
    func unique() {
        #expect(Set(ModuleTable.rules.map(\.name)).count == ModuleTable.rules.count)
    }

    @Test("pure targets import only Thermo and Plant")
    func pure() {
        #expect(ModuleTable.names(.pure) == ["Control", "KPI", "Plant", "PlantSim", "Thermo"])
        for rule in ModuleTable.rules where rule.layer == .pure {
            #expect(rule.imports.isSubset(of: ["Plant", "Thermo"]), "\(rule.name)")
        }
        #expect(ModuleTable.rule("Thermo")?.imports == [])
        #expect(ModuleTable.rule("Plant")?.imports == ["Thermo"])
    }

    @Test("adapters import no other target than Plant and Thermo")
    func adapters() {
        let targets = Set(ModuleTable.rules.filter { $0.layer != .library }.map(\.name))
        for rule in ModuleTable.rules where rule.layer == .adapter {
            #expect(rule.imports.intersection(targets).isSubset(of: ["Plant", "Thermo"]), "\(rule.name)")
        }
    }

    @Test("only Agent and the programs import two adapters")
    func twoAdapters() {
        let adapters = ModuleTable.names(.adapter)
        let joining = ModuleTable.rules.filter { $0.imports.intersection(adapters).count > 1 }.map(\.name)
        #expect(Set(joining) == ["Agent", "facility-sim", "thermocline"])
    }

    @Test("each C library and each outside library of a kind has one importer")
    func libraries() {
        for library in ModuleTable.names(.library) {
            #expect(ModuleTable.rules.filter { $0.imports.contains(library) }.count == 1, "\(library)")
        }
        for package in ["GRDB", "Yams", "Hummingbird", "AsyncHTTPClient", "SwiftProtobuf"] {
            #expect(ModuleTable.rules.filter { $0.imports.contains(package) }.count == 1, "\(package)")
        }
    }

    @Test("only one file goes beyond the table")
    func exceptions() {
        #expect(ModuleTable.exceptions == ["Sources/Thermo/Libm.swift": ["Glibc", "Musl"]])
    }
}

@Suite("Rules on purity")
struct PurityRuleTests {
    private func findings(_ code: String, path: String = "Sources/KPI/A.swift") -> Int {
        PurityRule.check(ScannedFile(path: path, text: code)).count
    }

    @Test(
        "finds the outside world in pure targets, and there only",
        arguments: [
            "print(a)", "debugPrint(a)", "Date()", "let a = Date.now", "ContinuousClock().now", "clock.now",
            "let a: Foundation.Data", "DispatchQueue.main", "getenv(a)", "CommandLine.arguments", "UUID()",
            "Task { a() }",
            "Double.random(in: 0...1)", "a.shuffled()", "a.randomElement()", "Int.random(\n    in: 0...1\n)",
            "SystemRandomNumberGenerator()",
        ]
    )
    func impure(code: String) {
        #expect(findings(code) >= 1)
        #expect(findings(code, path: "Sources/Store/A.swift") == 0)
    }

    @Test(
        "lets pass what only looks like it",
        arguments: [
            "// print(a)", "f(\"Foundation\")", "report.print(a)", "fingerprint(a)", "func now() -> Timestamp",
            "Double.random(in: 0...1, using: &generator)", "a.shuffled(using: &g)", "let dateOf: Int", "updateDate(a)",
            "Int.random(\n    in: f(0)...1,\n    using: &generator\n)", "struct TaskList {}",
        ]
    )
    func pure(code: String) {
        #expect(findings(code) == 0)
    }
}
