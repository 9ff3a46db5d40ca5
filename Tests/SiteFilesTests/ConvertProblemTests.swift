// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import SiteFiles
import TestKit
import Testing

/// Register lists that no draft can be made of: each says where and why.
struct ConvertProblemTests {
    static let broken = [
        BrokenFile(
            name: "list.yml",
            text: "sites: []\n",
            problems: [
                "1:1: what kind of list this is cannot be seen from it; give --from: modbus_exporter, telegraf, evcc"
            ]
        ),
        BrokenFile(
            name: "modbus.yml",
            text: "modules: []\n",
            problems: ["1:1: there is no 'modules' list, which every modbus_exporter configuration has"]
        ),
        BrokenFile(
            name: "empty.yml",
            text: "modules:\n  - name: a\n    metrics: []\n",
            problems: ["1:1: 'a' lists no registers"]
        ),
        BrokenFile(
            name: "two.yml",
            text: "modules:\n  - {name: a, metrics: []}\n  - {name: b, metrics: []}\n",
            problems: ["1:1: there are 2 sections; choose one with --section: 'a', 'b'"]
        ),
        BrokenFile(
            name: "telegraf.conf",
            text: "[[inputs.modbus]]\n  name = \"a\n",
            problems: ["2:12: TOML syntax: a text has no end on its line"]
        ),
        BrokenFile(
            name: "twice.conf",
            text: "[[inputs.modbus]]\nname = 1\nname = 2\n",
            problems: ["3:9: TOML syntax: the key 'name' stands twice"]
        ),
        BrokenFile(
            name: "deep.conf",
            text: "[[inputs.modbus]]\na = " + String(repeating: "[", count: 60),
            problems: ["2:38: TOML syntax: there are too many values"]
        ),
        BrokenFile(
            name: "template.yaml",
            text: "template: a\nrender: |\n  type: custom\n  power: [\n",
            problems: ["2:9: the text below is no YAML once its template lines are taken out"]
        ),
        BrokenFile(
            name: "nothing.csv",
            text: "name,address\npower,7\n",
            problems: [
                "1:1: the first line names no column 'table'", "1:1: the first line names no column 'type'",
            ]
        ),
        BrokenFile(name: "blank.csv", text: "", problems: ["1:1: the file holds no lines"]),
    ]

    @Test(arguments: broken)
    func sayWhereAndWhy(file: BrokenFile) throws {
        let bench = try Workbench([file.name: file.text])
        let converted = SiteFiles.convert(path: bench.directory.path(file.name))
        #expect(converted.text == nil)
        let lines = bench.lines(converted.problems, in: file.name)
        #expect(lines.count == file.problems.count, "\(lines)")
        for (line, expected) in zip(lines, file.problems) { #expect(line.hasPrefix(expected), "\(line)") }
    }

    @Test func aFileThatIsNotThereIsAProblem() throws {
        let bench = try Workbench()
        for format in RegisterListFormat.allCases {
            let converted = SiteFiles.convert(path: bench.directory.path("none"), format: format)
            #expect(converted.text == nil && converted.problems.count == 1, "\(format)")
        }
    }

    @Test func theSectionIsChosenByName() throws {
        let text = """
            modules:
              - {name: a, metrics: [{name: x, address: 31, dataType: int16}]}
              - {name: b, metrics: [{name: y, address: 32, dataType: int16}]}
            """
        let bench = try Workbench(["modbus.yml": text])
        let path = bench.directory.path("modbus.yml")
        #expect(SiteFiles.convert(path: path, section: "b").text?.contains("\n  y:\n") == true)
        let missing = SiteFiles.convert(path: path, section: "c").problems
        #expect(missing.first?.message == "there is no section 'c'; choose one with --section: 'a', 'b'")
    }

    /// What cannot become a point is listed with the reason, and nothing in a list breaks out of its comment.
    @Test func whatIsLeftOutIsSaidOnOneLineEach() throws {
        let text = """
            name,table,address,type,note
            a,holding,1,uint20,x
            b,tape,1,int16,x
            c,holding,70000,int16,x
            "d\nformat: 2",holding,,int16,x
            e,holding,5,int16,"x\npoints: {}"
            """
        let bench = try Workbench(["list.csv": text])
        let draft = try #require(SiteFiles.convert(path: bench.directory.path("list.csv")).text)
        let left = draft.split(separator: "\n").filter { $0.hasPrefix("# - line ") }
        #expect(
            left == [
                "# - line 2, 'a': there is no type 'uint20'", "# - line 3, 'b': there is no table 'tape'",
                "# - line 4, 'c': address 70000 does not exist", "# - line 5, 'd format: 2': the list gives no address",
            ]
        )
        #expect(draft.contains("\n  # note: x points: {}\n  e:\n"))
        #expect(!draft.contains("\nformat: 2"))
    }
}
