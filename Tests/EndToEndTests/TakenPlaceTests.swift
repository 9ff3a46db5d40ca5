// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit
import Testing

/// What somebody else has taken already: the address, the command socket, the store.
@Suite(.serialized)
struct TakenPlaceTests {
    /// A site whose one device answers nobody; good enough for an agent that only has to start.
    private static func emptySite(in directory: TemporaryDirectory) throws -> String {
        let site = directory.path("site.yaml")
        try siteOfMeters([("absent", "\(try freePortBlock(1))")]).write(toFile: site, atomically: true, encoding: .utf8)
        return site
    }

    @Test(.timeLimit(.minutes(1)))
    func aSecondAgentIsToldWhichPlaceIsTaken() throws {
        let directory = try TemporaryDirectory()
        let site = try Self.emptySite(in: directory)
        let socket = directory.path("command.socket")
        let first = try LoneAgent(site, store: directory.path("store"), extra: ["--socket", socket])
        let address = String(first.url.dropFirst("http://".count))
        let other = directory.path("other")

        let sameAddress = try LoneAgent.verb(LoneAgent.arguments(site, store: other, listen: address))
        #expect(sameAddress.status == 3, "\(sameAddress.errors)")
        #expect(sameAddress.errors.contains("\(address): "), "\(sameAddress.errors)")
        #expect(sameAddress.errors.contains("in use"), "\(sameAddress.errors)")

        let sameSocket = try LoneAgent.verb(LoneAgent.arguments(site, store: other) + ["--socket", socket])
        #expect(sameSocket.status == 3, "\(sameSocket.errors)")
        let told = "\(socket): another agent listens here; stop the other agent or give this one its own socket"
        #expect(sameSocket.errors.contains(told), "\(sameSocket.errors)")

        let sameStore = try LoneAgent.verb(LoneAgent.arguments(site, store: directory.path("store")))
        #expect(sameStore.status == 3, "\(sameStore.errors)")
        #expect(sameStore.errors.contains("another process writes to this store"), "\(sameStore.errors)")
        #expect(sameStore.errors.contains("a directory of its own"), "\(sameStore.errors)")

        // The one that was there first has lost nothing: it still takes commands and ends well.
        let command = try LoneAgent.verb(["command", "--socket", socket, "acknowledge", "none"])
        #expect(command.status == 1 && command.errors.contains("refused"), "\(command.output)\(command.errors)")
        #expect(first.program.terminate() == 0, "\(first.program.output)")
    }

    @Test(.timeLimit(.minutes(1)))
    func theSocketOfAKilledAgentIsReplacedAndAForeignFileIsNot() throws {
        let directory = try TemporaryDirectory()
        let site = try Self.emptySite(in: directory)
        let socket = directory.path("command.socket")
        let killed = try LoneAgent(site, store: directory.path("store"), extra: ["--socket", socket])
        killed.program.signal(SIGKILL)
        _ = killed.program.waitForEnd()
        #expect(FileManager.default.fileExists(atPath: socket), "nothing was left behind to be replaced")

        let next = try LoneAgent(site, store: directory.path("store"), extra: ["--socket", socket])
        // Options stand before the verb or behind it.
        for arguments in [
            ["command", "--socket", socket, "acknowledge", "none"],
            ["command", "acknowledge", "none", "--socket", socket],
            ["command", "--reason", "a test", "acknowledge", "none", "--socket", socket],
        ] {
            let command = try LoneAgent.verb(arguments)
            #expect(command.status == 1 && command.errors.contains("refused"), "\(command.output)\(command.errors)")
        }
        #expect(next.program.terminate() == 0, "\(next.program.output)")
        #expect(!FileManager.default.fileExists(atPath: socket))

        let file = directory.path("notes.txt")
        try "keep me".write(toFile: file, atomically: true, encoding: .utf8)
        let refused = try LoneAgent.verb(
            LoneAgent.arguments(site, store: directory.path("store")) + ["--socket", file]
        )
        #expect(refused.status == 3)
        #expect(refused.errors.contains("\(file): is there already and is not a socket"), "\(refused.errors)")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "keep me")
    }

    @Test(.timeLimit(.minutes(1)))
    func aCommandToNobodyEndsWithThree() throws {
        let directory = try TemporaryDirectory()
        let command = try LoneAgent.verb(["command", "acknowledge", "none", "--socket", directory.path("socket")])
        #expect(command.status == 3)
        #expect(command.errors.contains(directory.path("socket")) && command.errors.contains("thermocline run"))
    }
}
