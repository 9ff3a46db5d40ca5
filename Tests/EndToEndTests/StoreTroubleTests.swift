// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit
import Testing

/// A store in trouble: refused with a clear message, and nothing that is stored already is lost.
@Suite(.serialized)
struct StoreTroubleTests {
    private static let wholeRange = ["--from", "2020-01-01T00:00:00Z", "--to", "2099-01-01T00:00:00Z"]

    /// A simulated meter and a site that reads it.
    private struct Setting {
        let directory: TemporaryDirectory
        let meter: LoneDevice
        let site: String
        var store: String { directory.path("store") }

        init() throws {
            directory = try TemporaryDirectory()
            meter = try LoneDevice()
            site = directory.path("site.yaml")
            try siteOfMeters([("meter", meter.port)]).write(toFile: site, atomically: true, encoding: .utf8)
        }

        /// The stored power of the meter, one CSV line a sample, without the header.
        func storedLines() throws -> [String] {
            let arguments = ["export", "--store", store, "--points", "meter/active_power"]
            let export = try LoneAgent.verb(arguments + wholeRange)
            try #require(export.status == 0, "\(export.errors)")
            return lines(export)
        }

        /// The lines of an export, which end as RFC 4180 wants it, less the header.
        func lines(_ export: ChildResult) -> [String] {
            export.output.split(whereSeparator: \.isNewline).dropFirst().map(String.init)
        }

        /// Runs the agent until some samples are stored, and gives them.
        func storedByARun(atLeast count: Int, then end: (RunningProgram) -> Void) throws -> [String] {
            let agent = try LoneAgent(site, store: store)
            let stored = try eventually(within: 20) { () -> [String]? in
                let lines = try storedLines()
                return lines.count >= count ? lines : nil
            }
            end(agent.program)
            return try #require(stored, "\(agent.program.output)")
        }

        /// Starts the agent on a store that it must refuse.
        func refusal(store: String? = nil) throws -> ChildResult {
            try LoneAgent.verb(LoneAgent.arguments(site, store: store ?? self.store))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aKillInTheMiddleLosesNothingThatCouldBeRead() throws {
        let setting = try Setting()
        let before = try setting.storedByARun(atLeast: 3) { program in
            program.signal(SIGKILL)
            #expect(program.waitForEnd() == SIGKILL)
        }
        let after = try setting.storedByARun(atLeast: before.count + 1) { #expect($0.terminate() == 0, "\($0.output)") }
        #expect(Array(after.prefix(before.count)) == before)
    }

    /// What a power cut, a full disk or a stray copy leaves in place of the database.
    @Test(.timeLimit(.minutes(1)), arguments: ["garbage", "half"])
    func aDamagedDatabaseIsRefusedAndLeftAsItIs(_ kind: String) throws {
        let setting = try Setting()
        _ = try setting.storedByARun(atLeast: 1) { #expect($0.terminate() == 0, "\($0.output)") }
        let file = setting.store + "/main.sqlite"
        let whole = try Data(contentsOf: URL(fileURLWithPath: file))
        let damaged = kind == "half" ? whole.prefix(whole.count / 2) : Data(repeating: 0xA5, count: whole.count)
        try damaged.write(to: URL(fileURLWithPath: file))

        let refused = try setting.refusal()
        #expect(refused.status == 3, "\(refused.errors)")
        #expect(refused.errors.contains("\(file): the file is damaged"), "\(refused.errors)")
        #expect(refused.errors.contains("restore it from a backup, or move it out"), "\(refused.errors)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == damaged)

        // With the backup in its place everything is there again.
        try whole.write(to: URL(fileURLWithPath: file))
        #expect(try !setting.storedLines().isEmpty)
    }

    @Test(.timeLimit(.minutes(1)))
    func aStoreBelowAFileIsRefused() throws {
        let setting = try Setting()
        let refused = try setting.refusal(store: setting.site + "/store")
        #expect(refused.status == 3)
        #expect(refused.errors.contains(setting.site + "/store"), "\(refused.errors)")
        #expect(refused.errors.contains("; check") || refused.errors.contains("; give"), "\(refused.errors)")
    }

    @Test(.timeLimit(.minutes(1)), .enabled(if: ReadOnlyDirectory.isPossible))
    func aReadOnlyDiskIsRefusedAndStaysReadable() throws {
        let setting = try Setting()
        let before = try setting.storedByARun(atLeast: 1) { #expect($0.terminate() == 0, "\($0.output)") }
        let program = RunningProgram.directory.appendingPathComponent("thermocline").path
        let run = [program] + LoneAgent.arguments(setting.site, store: setting.store)
        let refused = try ReadOnlyDirectory.run(run, with: setting.store)
        #expect(refused.status == 3, "\(refused.errors)")
        #expect(refused.errors.contains(setting.store + "/"), "\(refused.errors)")
        #expect(refused.errors.contains("write access to the directory"), "\(refused.errors)")
        let export = [program, "export", "--store", setting.store, "--points", "meter/active_power"] + Self.wholeRange
        let readable = try ReadOnlyDirectory.run(export, with: setting.store)
        #expect(readable.status == 0, "\(readable.errors)")
        #expect(Array(setting.lines(readable).prefix(before.count)) == before)
    }
}

/// Runs a program with a directory that cannot be written to, also where the tests run as root.
private enum ReadOnlyDirectory {
    /// Root passes over permission bits, so it needs a mount of its own, which a container may forbid.
    static let isPossible: Bool = {
        guard geteuid() == 0 else { return true }
        guard let directory = try? TemporaryDirectory() else { return false }
        return (try? run(["true"], with: directory.url.path))?.status == 0
    }()

    static func run(_ command: [String], with directory: String) throws -> ChildResult {
        if geteuid() == 0 {
            let script = "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && exec \"$@\""
            return try runProcess("unshare", ["--mount", "sh", "-c", script, directory] + command, timeLimit: 20)
        }
        let manager = FileManager.default
        try manager.setAttributes([.posixPermissions: 0o555], ofItemAtPath: directory)
        defer { try? manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory) }
        return try runProcess(command[0], Array(command.dropFirst()), timeLimit: 20)
    }
}
