// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Testing

/// The lines, counted from 1, that a rule objects to in a text.
private func lines(
    _ rule: (ScannedFile) -> [Finding],
    _ text: String,
    path: String = "Sources/Plant/A.swift"
) -> [Int] {
    rule(ScannedFile(path: path, text: text)).map(\.line)
}

@Suite("Rules on length")
struct LengthRuleTests {
    @Test("a file of 600 lines passes, one more does not")
    func fileLength() {
        #expect(lines(FileLengthRule.check, String(repeating: "a\n", count: 600)).isEmpty)
        #expect(lines(FileLengthRule.check, String(repeating: "a\n", count: 601)) == [601])
    }

    @Test("a line of 120 columns passes, one more does not; a letter is one column however it is coded")
    func lineWidth() {
        let full = String(repeating: "ä", count: 120)
        #expect(lines(LineWidthRule.check, "\(full)\na\n\(full)b") == [3])
    }

    private func body(_ declaration: String, lines: Int) -> String {
        "\(declaration) {\n" + String(repeating: "    a()\n", count: lines - 2) + "}\n"
    }

    @Test(
        "a body of 70 lines passes, one more does not",
        arguments: [
            "func a()", "init(a: Int)", "init?(a: Int)", "subscript(a: Int) -> Int", "deinit",
            "func a<B>(_ b: B = c { 1 }) async throws(D) -> [E: F] where B: C",
        ]
    )
    func functionLength(declaration: String) {
        #expect(lines(FunctionLengthRule.check, body(declaration, lines: 70)).isEmpty)
        #expect(lines(FunctionLengthRule.check, "\n" + body(declaration, lines: 71)) == [2])
    }

    @Test("a signature over several lines counts")
    func longSignature() {
        #expect(
            lines(FunctionLengthRule.check, "func a(\n    b: Int\n) -> Int\n" + body("where B: C", lines: 68)) == [1]
        )
    }

    @Test("calls, requirements without a body and braces in strings are no function")
    func noFunction() {
        let filler = String(repeating: "    a()\n", count: 80)
        #expect(lines(FunctionLengthRule.check, "let a = b.init(c) {\n\(filler)}").isEmpty)
        let requirement =
            "protocol A {\n    func a()\n    init(b: Int)\n    var c: Int { get }\n}\nstruct D {\n\(filler)}"
        #expect(lines(FunctionLengthRule.check, requirement).isEmpty)
        #expect(lines(FunctionLengthRule.check, "func a() { b(\"{\") }\nstruct D {\n\(filler)}").isEmpty)
    }
}

@Suite("Rules on safety")
struct SafetyRuleTests {
    @Test(
        "finds what traps",
        arguments: [
            "a!", "a!.b", "a()!", "a[0]!", "a?.b!", "try! a()", "a as! B", "var a: B!", "f(a!, b)", #"a["b"]!"#,
            #"f("\(a!)")"#, "{ a }!",
        ]
    )
    func force(code: String) {
        #expect(lines(ForceRule.check, "x\n\(code)") == [2])
    }

    @Test(
        "lets pass what does not trap",
        arguments: [
            "!a", "a != b", "a && !b", "(!a)", "[!a]", "a!=b", #"f("a!")"#, "// a!", "#if !os(Linux)", "try? a()",
            "a as? B", "return !a", "a !== b",
        ]
    )
    func noForce(code: String) {
        #expect(lines(ForceRule.check, code).isEmpty)
    }

    @Test("an unchecked claim needs a reason that is one")
    func unchecked() {
        let claim = "final class A: @unchecked Sendable {}"
        #expect(lines(UncheckedRule.check, claim) == [1])
        #expect(lines(UncheckedRule.check, "/// The queue of records to send.\n\(claim)") == [2])
        #expect(lines(UncheckedRule.check, "// fine\n\(claim)") == [2])
        #expect(lines(UncheckedRule.check, "// All state is behind the mutex.\n\n\(claim)") == [3])
        #expect(lines(UncheckedRule.check, "// All state is behind the mutex.\n\(claim)").isEmpty)
        #expect(lines(UncheckedRule.check, "/// A queue.\n///\n/// Safe: all is behind the mutex.\n\(claim)").isEmpty)
        #expect(lines(UncheckedRule.check, "nonisolated(unsafe) var a = 1") == [1])
        #expect(lines(UncheckedRule.check, "nonisolated(unsafe) var a = 1 // Written once before any thread.").isEmpty)
        #expect(lines(UncheckedRule.check, "f(\"@unchecked Sendable\")").isEmpty)
    }
}

@Suite("Rules on comments and names")
struct CommentRuleTests {
    @Test("unfinished work needs an issue number, in comments of Swift and anywhere else")
    func unfinished() {
        #expect(lines(UnfinishedRule.check, "a // TODO: b") == [1])
        #expect(lines(UnfinishedRule.check, "/* FIXME */ a") == [1])
        #expect(lines(UnfinishedRule.check, "a // TODO(#12): b\n// FIXME #3").isEmpty)
        #expect(lines(UnfinishedRule.check, "f(\"TODO\")\n// TODOS").isEmpty)
        #expect(lines(UnfinishedRule.check, "a: 1\n# TODO\n", path: "devicemaps/a_b.yaml") == [2])
    }

    @Test("the header is two exact lines and a blank one")
    func header() {
        let header = "\(HeaderRule.first)\n\(HeaderRule.second)\n"
        #expect(lines(HeaderRule.check, "\(header)\nimport A\n").isEmpty)
        #expect(lines(HeaderRule.check, "\(header)import A\n") == [1])
        #expect(lines(HeaderRule.check, "\n\(header)\n") == [1])
        #expect(lines(HeaderRule.check, "") == [1])
        #expect(lines(HeaderRule.check, "#pragma once\n", path: "Sources/CModbus/shim.h") == [1])
        let c = "/* SPDX-License-Identifier: Apache-2.0 */\n"
        #expect(lines(HeaderRule.check, c, path: "Sources/CModbus/shim.h").isEmpty)
    }

    @Test(
        "a bare number without a unit is found",
        arguments: [
            "package let limit: Double", "package var limit: Double?", "package let limit: Float = 1",
            "package static let limit = 0.5", "package private(set) var limit: Double", "package let limit = -1_0.5",
            "@usableFromInline package let limit: Double", "package var limit: Double { didSet { a() } }",
            "/// The limit.\npackage let limit: Double", "/// In watts.\n\npackage let limit: Double",
            "/// In watts.\npackage let a: Double\npackage let limit: Double",
        ]
    )
    func bareNumber(code: String) {
        #expect(lines(UnitRule.check, code) == [code.split(separator: "\n", omittingEmptySubsequences: false).count])
    }

    @Test(
        "a number with its unit passes, and so does what is no stored number of a package type",
        arguments: [
            "package let limitWatts: Double", "package let roundTripSeconds: Double", "package let liquidShare = 0.5",
            "package var cubicMetersPerSecond: Double", "/// The limit in watts.\npackage let limit: Double",
            "/// The limit, 0...1.\npackage let limit: Double",
            "/// In the point's base unit.\npackage let value: Double",
            "/// In euro per joule.\n@A(b)\npackage let price: Double", "package var limit: Double { 1 }",
            "package let limit: Power", "let limit: Double", "package let limit: Int", "package func limit() -> Double",
            "package let name = \"1.5\"", "package let version = a.b(1.5)",
            "/// Flows, in watts.\npackage struct Flows {\n    package let a: Double\n}",
        ]
    )
    func unit(code: String) {
        #expect(lines(UnitRule.check, code).isEmpty)
    }

    @Test("a package type needs documentation")
    func documentation() {
        #expect(lines(DocumentationRule.check, "package struct A {\n    package enum B {}\n}") == [1, 2])
        #expect(lines(DocumentationRule.check, "// A note.\npackage final class A {}") == [2])
        #expect(lines(DocumentationRule.check, "///\npackage indirect enum A {}") == [2])
        #expect(lines(DocumentationRule.check, "/// A thing.\n@safe\npackage struct A {}").isEmpty)
        let others = "struct A {}\npackage extension B {}\npackage static func c() {}\npackage class func d() {}"
        #expect(lines(DocumentationRule.check, others).isEmpty)
    }

    @Test(
        "a device map's name is vendor and model",
        arguments: [
            ("devicemaps/schneider_iem3000.yaml", true), ("devicemaps/kamstrup_multical_403.yaml", true),
            ("devicemaps/README.md", true), ("devicemaps/schneider.yaml", false), ("devicemaps/A_b.yaml", false),
            ("devicemaps/schneider-iem3000.yaml", false), ("devicemaps/schneider_iem3000.yml", false),
            ("devicemaps/schneider_.yaml", false),
        ]
    )
    func deviceMapName(path: String, passes: Bool) {
        #expect(DeviceMapNameRule.check(path).isEmpty == passes)
    }
}
