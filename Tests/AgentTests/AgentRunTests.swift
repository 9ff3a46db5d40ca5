// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Agent
import Foundation
import Observe
import Plant
import Store
import TestKit
import Testing

/// The agent as a whole, in this process, on ports the kernel chose.
@Suite("Agent", .serialized, .timeLimit(.minutes(1)))
struct AgentRunTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    static let remoteWrite = Repository.path("Tests/UpstreamTests/oracles/receiver.py")

    /// A receiver that answers as told, and its port.
    func receiver(_ answers: [String]) async throws -> (RunningProgram, port: UInt16) {
        let program = try RunningProgram(executable: Python.executable, [Self.remoteWrite] + answers)
        let line = try await aside { program.waitForLine { UInt16($0) != nil } }
        return (program, try #require(line.flatMap { UInt16($0) }))
    }

    @Test func `series reach a receiver, and one that is absent or never answers delays no cycle`() async throws {
        let (good, port) = try await receiver(["503"])
        let (slow, slowPort) = try await receiver(Array(repeating: "hang", count: 1_000))
        let site = try AgentSite.write(
            """
            remote_write:
              - {id: good, url: "http://127.0.0.1:\(port)/w", sample_interval: 100 ms, labels: {region: north}}
              - {id: slow, url: "http://127.0.0.1:\(slowPort)/w", sample_interval: 100 ms}
              - {id: gone, url: "http://127.0.0.1:1/w", sample_interval: 100 ms, queue: 64 KiB}
            """,
            in: directory
        )
        let page = try await withAgent(site, store: directory.path("store")) { url in
            try await metrics(url) { page in
                sample("thermocline_remote_write_requests_sent_total{receiver=\"good\"}", in: page) ?? 0 >= 5
                    && sample("thermocline_remote_write_failed_attempts_total{receiver=\"gone\"}", in: page) ?? 0 >= 2
                    && sample("thermocline_remote_write_queue_batches{receiver=\"slow\"}", in: page) ?? 0 >= 5
            }
        }
        func value(_ name: String, _ labels: String = "") -> Double? {
            sample("thermocline_\(name)\(labels)", in: page)
        }
        #expect(value("remote_write_requests_sent_total", "{receiver=\"good\"}") ?? 0 >= 5)
        #expect(value("remote_write_failed_attempts_total", "{receiver=\"gone\"}") ?? 0 >= 2)
        #expect(value("remote_write_queue_bytes", "{receiver=\"gone\"}") ?? .infinity <= 65_536)
        #expect(value("remote_write_samples_dropped_total", "{receiver=\"gone\",reason=\"over_budget\"}") != nil)
        #expect(value("remote_write_requests_sent_total", "{receiver=\"slow\"}") == 0)
        #expect(value("remote_write_cycles_skipped_total", "{receiver=\"slow\"}") == 0)
        #expect(value("store_records_total") ?? 0 >= 5)
        #expect(value("store_failures_total") == 0)
        #expect(value("store_queue_dropped_total") == 0)
        // A receiver that was waited for would take 10 s or more.
        #expect(value("cycle_lateness_seconds") ?? .infinity < 5)
        let request = try #require(try await aside { good.waitForLine { $0.contains("\"answer\": \"200\"") } })
        #expect(request.contains("\"path\": \"/w\""))
        #expect(slow.output.contains("\"answer\": \"hang\""))
    }

    @Test func `what was not sent waits on disk for the next start`() async throws {
        let (first, port) = try await receiver(Array(repeating: "503", count: 1_000))
        let section = "remote_write: [{id: central, url: \"http://127.0.0.1:%/w\", sample_interval: 100 ms}]"
        let queue = directory.path("store/remote-write/central")
        let depth = "thermocline_remote_write_queue_batches{receiver=\"central\"}"
        let site = try AgentSite.write(section.replacing("%", with: "\(port)"), in: directory)
        _ = try await withAgent(site, store: directory.path("store")) { url in
            try await metrics(url) { sample(depth, in: $0) ?? 0 >= 3 }
        }
        let waiting = try FileManager.default.contentsOfDirectory(atPath: queue).count
        #expect(waiting >= 3)
        #expect(!first.output.contains("\"answer\": \"200\""))
        let (second, secondPort) = try await receiver([])
        let again = try AgentSite.write(section.replacing("%", with: "\(secondPort)"), in: directory)
        let sent = "thermocline_remote_write_requests_sent_total{receiver=\"central\"}"
        let page = try await withAgent(again, store: directory.path("store")) { url in
            try await metrics(url) { sample(sent, in: $0) ?? 0 >= Double(waiting) }
        }
        #expect(sample(sent, in: page) ?? 0 >= Double(waiting))
        #expect(second.output.contains("\"answer\": \"200\""))
    }

    @Test func `the page of a running agent is one that promtool accepts`() async throws {
        let site = try AgentSite.write("remote_write: [{id: gone, url: \"http://127.0.0.1:1/w\"}]", in: directory)
        let page = try await withAgent(site, store: directory.path("store")) { url in
            try await metrics(url) { sample("thermocline_cycle_sequence", in: $0) ?? 0 >= 2 }
        }
        let result = try await aside { try runProcess("promtool", ["check", "metrics"], input: page) }
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }

    // MARK: What keeps an agent from starting

    /// The store's cycles, whatever they hold.
    func cycles(_ store: String) throws -> Int {
        let script =
            "import sqlite3, sys\nstore = sqlite3.connect(sys.argv[1])\n"
            + "print(store.execute('SELECT count(*) FROM cycle').fetchone()[0])"
        let result = try runProcess("python3", ["-c", script, directory.path(store) + "/main.sqlite"])
        return try #require(Int(result.output.split(separator: "\n").first ?? ""), "\(result.errors)")
    }

    @Test func `an agent whose address, socket or store is taken ends before its first cycle and says by what`()
        async throws
    {
        let site = try AgentSite.write("", in: directory)
        let (directory, path) = (directory, directory.path)
        try await withAgent(site, store: path("first")) { url in
            let address = String(url.dropFirst("http://".count))
            let taken = await #expect(throws: ObserveError.self) {
                try await withAgent(site, store: path("second"), listen: address) { _ in }
            }
            #expect(
                taken?.description == "\(address): the address is in use; stop the other program or listen elsewhere"
            )
            let socket = path("first/command.socket")
            let socketTaken = await #expect(throws: ObserveError.self) {
                try await runAgent(site, store: path("third"), socket: socket)
            }
            #expect(socketTaken?.place == socket)
            #expect(socketTaken?.what == "another agent listens here")
            let storeTaken = await #expect(throws: StoreProblem.self) {
                try await withAgent(site, store: path("first")) { _ in }
            }
            #expect(storeTaken?.kind == .busy)
            withExtendedLifetime(directory) {}
        }
        #expect(try cycles("first") > 0)
        #expect(try cycles("second") == 0)
        #expect(try cycles("third") == 0)
    }

    @Test("a store that cannot be used is named with what to do", arguments: ["a file in its place", "cut", "garbage"])
    func unusableStore(kind: String) async throws {
        let site = try AgentSite.write("", in: directory)
        let store = directory.path("store")
        let main = store + "/main.sqlite"
        switch kind {
        case "a file in its place":
            try "".write(toFile: store, atomically: true, encoding: .utf8)
        default:
            try await withAgent(site, store: store) { url in
                _ = try await metrics(url) { sample("thermocline_store_records_total", in: $0) ?? 0 >= 2 }
            }
            let whole = try Data(contentsOf: URL(fileURLWithPath: main))
            let damaged = kind == "cut" ? whole.prefix(whole.count / 2) : Data(repeating: 7, count: 10_000)
            try damaged.write(to: URL(fileURLWithPath: main))
        }
        let problem = await #expect(throws: StoreProblem.self) { try await withAgent(site, store: store) { _ in } }
        #expect(problem?.file.hasPrefix(store) == true, "\(String(describing: problem))")
        #expect(problem?.advice.isEmpty == false)
        if kind != "a file in its place" {
            #expect(problem?.kind == .damaged)
            #expect(FileManager.default.fileExists(atPath: main), "nothing stored is lost")
        }
    }

    @Test func `a path that is too long for a socket is the user's to correct`() async throws {
        let site = try AgentSite.write("", in: directory)
        let store = directory.path(String(repeating: "long-", count: 30))
        let problem = await #expect(throws: AgentProblem.self) { try await withAgent(site, store: store) { _ in } }
        #expect(problem?.description.contains("--socket PATH") == true, "\(String(describing: problem))")
    }

    @Test func `a site with problems is refused before the store is touched`() async throws {
        let site = try AgentSite.write("remote_write: [{id: a, url: nowhere}]", in: directory)
        let problem = await #expect(throws: AgentProblem.self) {
            try await withAgent(site, store: directory.path("store")) { _ in }
        }
        #expect(problem?.message.contains("site.yaml:5:29: 'url' is not the address of a receiver") == true)
        #expect(!FileManager.default.fileExists(atPath: directory.path("store")))
    }
}
