// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Observe
import Plant
import TestKit
import Testing
import Upstream

@Suite("Agent client", .timeLimit(.minutes(1)))
struct AgentClientTests {
    static func client(_ address: ListenAddress, maximumAnswerBytes: Int = 1 << 20) throws -> AgentClient {
        AgentClient(try AgentLocation(url: "http://\(address)/"), maximumAnswerBytes: maximumAnswerBytes)
    }

    @Test func `reads status, points and reasons`() async throws {
        try await withService { address in
            let client = try Self.client(address)
            let status = try await client.status()
            #expect(status.site.id == "lulea-1")
            #expect(status.racks.map(\.id) == ["rack-1", "rack-2"])
            #expect(status.devices == ExampleSite.devices)
            let points = try await client.points(glob: "*/active_power")
            #expect(points.map(\.id.description) == ["meter-1/active_power", "meter-2/active_power"])
            #expect(try await client.points().count == 12)
            let why = try await client.why(point: ExampleSite.decision.point)
            #expect(why.decision == ExampleSite.decision)
        }
    }

    @Test func `passes on what the agent says is wrong`() async throws {
        try await withService { address in
            let error = await #expect(throws: AgentClientError.self) {
                try await Self.client(address).why(point: PointID(device: "a b&c", point: "d?e#f"))
            }
            #expect(error?.kind == .refused)
            #expect(error?.what == "the site has no point a b&c/d?e#f")
        }
    }

    @Test func `says at once that no agent runs`() async throws {
        let unused = try await withService { $0 }
        let error = await #expect(throws: AgentClientError.self) { try await Self.client(unused).status() }
        #expect(error?.kind == .unreachable)
        #expect(error?.what == "nobody listens there")
        #expect(error?.remedy.contains("thermocline run") == true)
        let directory = try TemporaryDirectory()
        let socket = AgentClient(.socket(path: directory.path("none.sock")))
        let second = await #expect(throws: AgentClientError.self) {
            try await socket.command(CommandSocketTests.release)
        }
        #expect(second?.kind == .unreachable)
        #expect(
            second?.description.hasSuffix(
                "none.sock: there is no such socket; start the agent with 'thermocline run', "
                    + "or give its socket with --socket"
            ) == true
        )
        // A file that no socket stands behind, as an agent leaves that was killed.
        try Data().write(to: URL(fileURLWithPath: directory.path("file.sock")))
        let third = await #expect(throws: AgentClientError.self) {
            try await AgentClient(.socket(path: directory.path("file.sock"))).command(CommandSocketTests.release)
        }
        #expect(third?.what == "nobody listens at the socket")
    }

    @Test func `says that a name cannot be looked up`() async throws {
        let client = AgentClient(try AgentLocation(url: "http://no-such-host.invalid:9750"))
        let error = await #expect(throws: AgentClientError.self) { try await client.status() }
        #expect(error?.kind == .unreachable)
        #expect(error?.what == "the name 'no-such-host.invalid' cannot be looked up")
    }

    @Test func `takes no answer without end`() async throws {
        try await withService { address in
            let error = await #expect(throws: AgentClientError.self) {
                try await Self.client(address, maximumAnswerBytes: 100).status()
            }
            #expect(error?.kind == .unexpectedAnswer)
        }
    }

    @Test func `gives up on a server that does not answer`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("slow.sock")
        let slow = CommandSocket(path: path) { _ in
            try? await Task.sleep(for: .seconds(20))
            return OperatorReply(accepted: true, message: "")
        }
        let limits = ServerLimits(idleTimeout: .milliseconds(400), requestTimeout: .milliseconds(400))
        let error = try await withService(commandSocket: slow, limits: limits) { _ in
            await #expect(throws: AgentClientError.self) {
                try await AgentClient(.socket(path: path), timeLimit: .milliseconds(200))
                    .command(CommandSocketTests.release)
            }
        }
        #expect(error?.kind == .unreachable)
        #expect(error?.what.hasPrefix("no answer within") == true)
    }

    @Test func `knows another server by its answer`() async throws {
        try await withService { address in
            let client = try Self.client(address)
            let error = await #expect(throws: AgentClientError.self) {
                try await client.command(CommandSocketTests.release)
            }
            #expect(error?.kind == .refused, "the read-only server takes no commands")
        }
    }

    @Test(arguments: [
        "", "127.0.0.1:9750", "ftp://a:1", "http://", "http://a/b", "http://a?x=1", "http://u@a", "http://a b",
    ])
    func `refuses what is not the address of an agent`(text: String) {
        let error = #expect(throws: AgentClientError.self) { try AgentLocation(url: text) }
        #expect(error?.remedy.contains("http://127.0.0.1:9750") == true)
    }

    @Test(arguments: [("http://127.0.0.1:9750", "http://127.0.0.1:9750"), ("http://[::1]:9750/", "http://[::1]:9750")])
    func `takes the address of an agent`(text: String, location: String) throws {
        #expect(try AgentLocation(url: text).description == location)
    }
}
