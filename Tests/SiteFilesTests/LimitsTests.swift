// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import SiteFiles
import TestKit
import Testing

/// Files that are unreadable, too large, or made to hurt.
struct LimitsTests {
    static let tail = "\nendpoints: [{id: a, host: 127.0.0.1}]\ndevices: [{id: m, endpoint: a, map: janitza_umg604}]\n"

    @Test func aFileThatIsNotThere() throws {
        let bench = try Workbench()
        let problems = bench.loadSite("nothing.yaml").problems
        #expect(bench.lines(problems, in: "nothing.yaml").first?.hasPrefix("1:1: there is no readable file") == true)
        #expect(bench.loadSite("maps").problems.first?.message.hasPrefix("this is not a regular file") == true)
    }

    @Test func aFileThatIsTooLarge() throws {
        let bench = try Workbench(["site.yaml": String(repeating: "# padding\n", count: 500_000)])
        let problems = bench.loadSite().problems
        #expect(problems.count == 1)
        #expect(problems.first?.message.hasPrefix("the file has 5000000 bytes, more than the 4194304") == true)
    }

    @Test func aFileThatIsNotUTF8() throws {
        let bench = try Workbench()
        try Data("site:\n  id: ".utf8 + [0xE5] + "\n".utf8).write(
            to: URL(fileURLWithPath: bench.directory.path("site.yaml"))
        )
        #expect(
            bench.lines(bench.loadSite().problems, in: "site.yaml").first?.hasPrefix("2:7: the file is not UTF-8")
                == true
        )
    }

    @Test func inputsThatAreNotYAMLAreReadUnderTheSameRules() throws {
        let directory = try TemporaryDirectory()
        func put(_ bytes: [UInt8], in name: String) throws -> String {
            try Data(bytes).write(to: URL(fileURLWithPath: directory.path(name)))
            return directory.path(name)
        }
        #expect(try SiteFiles.inputText(of: put([0xEF, 0xBB, 0xBF] + "a,b\n1,2\n".utf8, in: "a")) == "a,b\n1,2\n")
        let huge = try put([], in: "huge")
        let handle = try #require(FileHandle(forWritingAtPath: huge))
        try handle.truncate(atOffset: (128 << 20) + 1)
        try handle.close()
        let faults = [
            (directory.path("none"), nil, "there is no readable file here; check the path and its permissions"),
            (directory.path("."), nil, "this is not a regular file; give the path of a text file"),
            (huge, nil, "the file has 134217729 bytes, more than the 134217728 that a text file may have; "),
            (try put("a\nb\nc".utf8 + [0xE5], in: "b"), 3, "the file is not UTF-8 text here; save it as UTF-8"),
        ]
        for (path, line, message) in faults {
            let error = #expect(throws: InputTextError.self) { try SiteFiles.inputText(of: path) }
            #expect(error?.line == line && error?.message.hasPrefix(message) == true, "\(String(describing: error))")
        }
        #expect(InputTextError(line: 3, message: "no").description(in: "f") == "f:3: no")
        #expect(InputTextError(line: nil, message: "no").description(in: "f") == "f: no")
    }

    @Test(.timeLimit(.minutes(1))) func aliasesThatMultiply() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 {
            let links = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(links)]\n"
        }
        let problems = try Workbench.siteProblems(text)
        #expect(problems.count == 1)
        #expect(problems.first?.contains("more than 200000 values with its aliases followed") == true)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: ["? *a\n: 1\n", "*a : 1\n", "b: {*a : 1}\n", "[*a]: 1\n", "b: {? *a : 1}\n", "b: {&c [*a]: 1}\n"]
    )
    func keysThatAreNotText(line: String) throws {
        let problems = try Workbench.siteProblems("a: &a [x, x]\n" + line)
        #expect(problems.count == 1)
        #expect(problems.first?.contains("a key must be plain text") == true)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [40, 900, 5_000, 200_000])
    func nesting(depth: Int) throws {
        let text = "site: " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "\n"
        let problems = try Workbench.siteProblems(text)
        #expect(problems.count == 1, "\(problems)")
    }

    @Test func moreProblemsThanAnyoneReads() throws {
        let bad = (1...400).map { "  - {id: r\($0), power: 1}" }.joined(separator: "\n")
        let problems = try Workbench.siteProblems("site: {id: t}" + Self.tail + "racks:\n" + bad)
        #expect(problems.count == 201)
        #expect(problems.last?.hasSuffix("200 more problems are not listed; correct these first") == true)
    }

    @Test func moreDevicesAndPointsThanOneAgentTakes() throws {
        let devices = """
            site: {id: t}
            endpoints: [{repeat: 1..100, id: "e{n}", host: 127.0.0.1, port: "{n}"}]
            devices:

            """
        let many = (1...100).map {
            "  - {repeat: 1..100, id: \"m\($0)-{n}\", endpoint: e\($0), unit: \"{n}\", map: delta_rdf040_orv3_rpu}"
        }
        let problems = try Workbench.siteProblems(devices + many.joined(separator: "\n"))
        #expect(problems.count == 1)
        #expect(problems.first?.contains("points, more than the 200000 one agent takes") == true, "\(problems)")
    }

    @Test func includesThatRunInACircle() throws {
        let bench = try Workbench([
            "site.yaml": "include: [one.yaml]\nsite: {id: t}" + Self.tail,
            "one.yaml": "include: [two.yaml]\n", "two.yaml": "racks: []\ninclude:\n  - one.yaml\n",
        ])
        let lines = bench.lines(bench.loadSite().problems, in: "site.yaml")
        #expect(lines.count == 1)
        #expect(
            lines.first?.hasPrefix("two.yaml:3:5: the includes run in a circle: site.yaml -> one.yaml -> two.yaml")
                == true
        )
    }

    @Test func includesThatAreMissingOrClash() throws {
        let bench = try Workbench([
            "site.yaml": "include: [more.yaml, none.yaml, more.yaml]\nsite: {id: t}" + Self.tail,
            "more.yaml": "site: {id: u}\nracks:\n  - {id: rack-1, power: lots}\n",
        ])
        let lines = bench.lines(bench.loadSite().problems, in: "site.yaml")
        try #require(lines.count == 4, "\(lines)")
        #expect(lines[0].hasPrefix("1:22: there is no file "))
        #expect(lines[1].hasPrefix("1:33: 'more.yaml' is included twice"))
        #expect(lines[2].hasPrefix("more.yaml:1:1: the section 'site' stands in two files, also at "))
        #expect(lines[3].hasPrefix("more.yaml:3:25: 'power' must be a quantity"))
    }

    /// Loading never traps and always says where: a good file with random damage, the same damage each run.
    @Test(.timeLimit(.minutes(1)), arguments: 0..<8) func damagedFilesAreExplained(seed: UInt64) throws {
        let names = ["simulators/sites/slice.yaml", "devicemaps/trane_rthd_pic.yaml"]
        let alphabet = Array("{}[]:,-#&*!|>'\"%@`\n\t ?0a~\u{E9}".unicodeScalars)
        var random = SplitMix(state: seed)
        for round in 0..<60 {
            var scalars = Array(
                try String(contentsOfFile: Repository.path(names[round % 2]), encoding: .utf8).unicodeScalars
            )
            for _ in 0...random.next(below: 4) {
                let place = random.next(below: scalars.count)
                switch random.next(below: 3) {
                case 0: scalars.remove(at: place)
                case 1: scalars.insert(alphabet[random.next(below: alphabet.count)], at: place)
                default: scalars[place] = alphabet[random.next(below: alphabet.count)]
                }
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars)
            let lineCount = text.count { $0 == "\n" } + 1
            let bench = try Workbench(["damaged.yaml": String(text)])
            let problems =
                round % 2 == 0 ? bench.loadSite("damaged.yaml").problems : bench.loadMap("damaged.yaml").problems
            for problem in problems {
                #expect(
                    (1...lineCount + 1).contains(problem.line) && problem.column >= 1,
                    "\(problem)\n\(String(text))"
                )
                #expect(!problem.message.isEmpty)
            }
        }
    }
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
struct SplitMix {
    var state: UInt64

    mutating func next(below bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ (value >> 31)) % UInt64(bound))
    }
}
