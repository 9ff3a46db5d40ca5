// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("Taking sources apart")
struct ScannerTests {
    @Test(
        "keeps code and blanks comments and strings",
        arguments: [
            ("let a = 1 // note", "let a = 1        "),
            ("a /* b */ c", "a         c"),
            ("a /* b /* c */ d */ e", "a                   e"),
            (#"f("x // y") // z"#, #"f("      ")     "#),
            (#"f("a\"b!") + c"#, #"f("     ") + c"#),
            (#"f("a\(b!)c")"#, #"f("  (b!) ")"#),
            (#"f("a\(g(b, "c!"))d")"#, ##"f("  (g(b, "  ")) ")"##),
            (##"f(#"a"b!"#)"##, ##"f(#"    "#)"##),
            (##"f(#"a\(b)"#)"##, ##"f(#"     "#)"##),
            (##"f(#"a\#(b)"#)"##, ##"f(#"   (b)"#)"##),
            ("#if os(Linux)", "#if os(Linux)"),
        ]
    )
    func code(text: String, expected: String) {
        #expect(ScannedFile(path: "a.swift", text: text).lines.map(\.code) == [expected])
    }

    @Test("keeps comments apart, also over several lines")
    func comments() {
        let file = ScannedFile(path: "a.swift", text: "a // b\n/* c\nd */ e\n")
        #expect(file.lines.map { String(ScannedLine.trimmed($0.comment[...])) } == ["// b", "/* c", "d */"])
        #expect(file.lines.map { String($0.trimmedCode) } == ["a", "", "e"])
        #expect(file.lines.map(\.raw) == ["a // b", "/* c", "d */ e"])
    }

    @Test("blanks multi-line strings and comes back to code")
    func multiline() {
        let text = #"let a = """"# + "\n  try! b \"quoted\"\n  \\(c!)\n  \"\"\"\nlet d = 1"
        let code = ScannedFile(path: "a.swift", text: text).lines.map { String($0.trimmedCode) }
        #expect(code == [#"let a = """"#, "", "(c!)", #"""""#, "let d = 1"])
    }

    @Test("finds the documentation above, attributes between skipped")
    func documentation() {
        let file = ScannedFile(path: "a.swift", text: "/// One.\n/// Two.\n@inline(__always)\nfunc a() {}\nfunc b() {}")
        #expect(file.documentation(above: 3) == " One.\n Two.")
        #expect(file.documentation(above: 4).isEmpty)
    }

    @Test(
        "knows the target from the path",
        arguments: [
            ("Sources/Plant/Points/Reading.swift", "Plant"), ("simulators/facility-sim/Main.swift", "facility-sim"),
            ("Tests/PlantTests/A.swift", nil), ("Sources/Loose.swift", nil),
        ]
    )
    func module(path: String, module: String?) {
        #expect(ScannedFile(path: path, text: "").module == module)
    }
}
