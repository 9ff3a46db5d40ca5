// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit
import Testing

/// A site file with a fault in it: nothing starts, and the message says where, what, and what to do.
@Suite(.serialized)
struct BadSiteTests {
    struct Fault: CustomTestStringConvertible, Sendable {
        let name: String
        let text: String
        /// Line and column of the fault.
        let place: String
        let message: String
        let advice: String

        var testDescription: String { name }
    }

    private static let head = """
        site: {id: bad, name: Bad, jurisdiction: SE}
        endpoints: [{id: e, host: 127.0.0.1, port: 1502}]
        devices:

        """

    static let faults = [
        Fault(
            name: "unknown map",
            text: head + "  - {id: m, endpoint: e, unit: 1, map: schneider_iem300}\n",
            place: "4:40",
            message: "there is no map 'schneider_iem300'",
            advice: "did you mean 'schneider_iem3000'"
        ),
        Fault(
            name: "unknown point",
            text: head + "  - {id: m, endpoint: e, map: schneider_iem3000, points: {active_powr: {poll: fast}}}\n",
            place: "4:59",
            message: "has no point 'active_powr'",
            advice: "did you mean 'active_power'"
        ),
        Fault(
            name: "duplicate device",
            text: head + """
                  - {id: m, endpoint: e, unit: 1, map: schneider_iem3000}
                  - {id: m, endpoint: e, unit: 2, map: schneider_iem3000}

                """,
            place: "5:10",
            message: "the device 'm' was given before, at line 4",
            advice: "every device needs its own name"
        ),
        Fault(
            name: "unknown endpoint",
            text: head + "  - {id: m, endpoint: f, unit: 1, map: schneider_iem3000}\n",
            place: "4:23",
            message: "there is no endpoint 'f'",
            advice: "did you mean 'e'"
        ),
        Fault(
            name: "half a file",
            text: "site: {id: bad, name: Bad, jurisdiction: SE}\nendpoints: [{id: e, host: 127.0.0.1,\n",
            place: "3:1",
            message: "YAML syntax",
            advice: "check indentation, quotes and brackets"
        ),
    ]

    @Test(.timeLimit(.minutes(1)), arguments: faults)
    func isRefusedWithItsPlace(_ fault: Fault) throws {
        let directory = try TemporaryDirectory()
        let site = directory.path("site.yaml")
        try fault.text.write(toFile: site, atomically: true, encoding: .utf8)
        let run = try LoneAgent.verb(LoneAgent.arguments(site, store: directory.path("store")))
        let check = try LoneAgent.verb(["check", site, "--maps", Repository.path("devicemaps")])
        for (status, text) in [(run.status, run.errors), (check.status, check.output)] {
            #expect(status == 1)
            #expect(text.contains("\(site):\(fault.place)"), "\(text)")
            #expect(text.contains(fault.message), "\(text)")
            #expect(text.contains(fault.advice), "\(text)")
        }
        #expect(run.output.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: directory.path("store")))
    }

    /// The agent runs without a climate, so `check` warns and ends well; the simulator would not start.
    @Test(.timeLimit(.minutes(1)))
    func aClimateThatNobodyKnowsIsDoubtedAtItsPlace() throws {
        let directory = try TemporaryDirectory()
        let site = directory.path("site.yaml")
        let device = "  - {id: m, endpoint: e, unit: 1, map: schneider_iem3000}\n"
        for (climate, isKnown) in [("stockholm", true), ("mild-and-humid", true), ("atlantis", false)] {
            let text = Self.head + device + "plant: {surroundings: {climate: \(climate)}}\n"
            try text.write(toFile: site, atomically: true, encoding: .utf8)
            let check = try LoneAgent.verb(["check", site, "--maps", Repository.path("devicemaps")])
            #expect(check.status == 0, "\(check.output)")
            let warning = "\(site):5:33: warning: there is no climate 'atlantis' to simulate the site in; take one of "
            #expect(check.output.contains(warning) != isKnown, "\(check.output)")
            #expect(isKnown || check.output.contains("stockholm"), "\(check.output)")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aSiteFileThatIsNotThereIsNamed() throws {
        let directory = try TemporaryDirectory()
        let site = directory.path("nowhere.yaml")
        let run = try LoneAgent.verb(LoneAgent.arguments(site, store: directory.path("store")))
        #expect(run.status == 1)
        #expect(run.errors.contains("\(site):1:1: there is no readable file here; check the path"), "\(run.errors)")
    }

    /// One line of arguments that cannot be understood, and what the message names.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            (["bogus"], "bogus"),
            (["run"], "<site>"),
            (["run", "site.yaml", "--listen", "here"], "write HOST:PORT"),
            (["run", "site.yaml", "--log-level", "loud"], "trace, debug, info"),
            (["top", "--url", "here"], "write http://HOST:PORT"),
            (["why", "nothing"], "write device/point"),
            (["command", "hand", "nothing", "1"], "write device/point"),
            (["command", "mode", "loop", "sometimes"], "off, hand, advisory, automatic"),
            (["command", "shelve", "alarm", "--for", "ever"], "write 90 s, 30 min, 2 h"),
            (["export", "--from", "yesterday", "--to", "2026-03-01T06:00:00Z"], "write 2026-03-01T06:00:00Z"),
            (["probe", "meter:port", "--map", "schneider_iem3000"], "HOST:PORT"),
            (["probe", "meter", "--map", "schneider_iem3000", "--watch", "--scan"], "either --watch or --scan"),
        ]
    )
    func aWrongCommandLineEndsWithTwo(_ line: (arguments: [String], hint: String)) throws {
        let result = try LoneAgent.verb(line.arguments)
        #expect(result.status == 2, "\(result.output)\(result.errors)")
        #expect(result.errors.contains(line.hint), "\(result.errors)")
        #expect(result.output.isEmpty)
    }
}
