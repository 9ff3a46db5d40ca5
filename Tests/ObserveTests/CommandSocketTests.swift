// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Observe
import Plant
import Synchronization
import TestKit
import Testing
import Upstream

@Suite("Command socket", .timeLimit(.minutes(1)))
struct CommandSocketTests {
    static let release = OperatorRequest(
        action: .release(point: PointID(device: "cdu-1", point: "valve_position_command")),
        reason: "done",
        requester: "somebody else"
    )

    /// Keeps what it was asked and accepts all.
    final class Recorder: Sendable {
        private let requests = Mutex<[OperatorRequest]>([])

        var all: [OperatorRequest] { requests.withLock { $0 } }

        func take(_ request: OperatorRequest) -> OperatorReply {
            requests.withLock { $0.append(request) }
            return OperatorReply(accepted: request.reason != "refuse", message: "heard")
        }
    }

    static func withSocket<Result: Sendable>(
        limits: ServerLimits = ServerLimits(),
        body: @escaping @Sendable (String, Recorder) async throws -> Result
    ) async throws -> Result {
        let directory = try TemporaryDirectory()
        let recorder = Recorder()
        let path = directory.path("command.sock")
        let socket = CommandSocket(path: path) { recorder.take($0) }
        let result = try await withService(commandSocket: socket, limits: limits) { _ in
            try await body(path, recorder)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path) == [], "nothing is left over")
        return result
    }

    static func post(_ body: String, target: String = "/api/v1/command", method: String = "POST") -> String {
        ServerTests.request(target, method: method, headers: ["Content-Length: \(body.utf8.count)"]) + body
    }

    @Test func `only owner and group may use it`() async throws {
        try await Self.withSocket { path, _ in
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o660)
            #expect(attributes[.type] as? FileAttributeType == .typeSocket)
        }
    }

    @Test func `the requester is who the kernel says, not who the sender says`() async throws {
        try await Self.withSocket { path, recorder in
            let reply = try await AgentClient(.socket(path: path)).command(Self.release)
            #expect(reply == OperatorReply(accepted: true, message: "heard"))
            let process = ProcessInfo.processInfo.processIdentifier
            #expect(recorder.all.map(\.action) == [Self.release.action])
            #expect(recorder.all.map(\.requester) == ["uid=\(getuid()) gid=\(getgid()) pid=\(process)"])
        }
    }

    @Test func `a refusal is a reply`() async throws {
        try await Self.withSocket { path, _ in
            let request = OperatorRequest(action: .acknowledge(alarm: "a"), reason: "refuse")
            let reply = try await AgentClient(.socket(path: path)).command(request)
            #expect(reply == OperatorReply(accepted: false, message: "heard"))
        }
    }

    @Test func `a sender need not name a requester`() async throws {
        try await Self.withSocket { path, recorder in
            let body = #"{"action":{"hand":{"point":"a/b","value":1.5}},"holdSeconds":60,"reason":"test"}"#
            let answer = try await RawConnection(socket: path).exchange(Self.post(body))
            #expect(ServerTests.status(answer) == 200)
            #expect(recorder.all.first?.action == .hand(point: PointID(device: "a", point: "b"), value: 1.5))
            #expect(recorder.all.first?.holdSeconds == 60)
        }
    }

    @Test(arguments: [
        ("", 400), ("{}", 400), ("null", 400), ("[", 400), (#"{"action":{"dance":{}},"reason":""}"#, 400),
        (#"{"action":{"release":{"point":"no-slash"}},"reason":""}"#, 400),
        (#"{"action":{"hand":{"point":"a/b","value":"NaN"}},"reason":""}"#, 400),
        (#"{"action":{"acknowledge":{"alarm":"a"}},"reason":"","holdSeconds":-1}"#, 400),
        (
            #"{"action":{"acknowledge":{"alarm":"a"}},"reason":""# + "\"" + String(repeating: "x", count: 2_001)
                + "\"}", 400
        ),
        (String(repeating: "[", count: 60_000), 400), (String(repeating: " ", count: 70_000), 413),
    ])
    func `what is no command is not handled`(body: String, status: Int) async throws {
        try await Self.withSocket { path, recorder in
            let answer = try await RawConnection(socket: path).exchange(Self.post(body))
            #expect(ServerTests.status(answer) == status)
            #expect(recorder.all.isEmpty)
        }
    }

    @Test(arguments: [("/api/v1/command", "GET", 405), ("/metrics", "GET", 404), ("/", "POST", 404)])
    func `serves nothing but commands`(target: String, method: String, status: Int) async throws {
        try await Self.withSocket { path, _ in
            let answer = try await RawConnection(socket: path).exchange(Self.post("{}", target: target, method: method))
            #expect(ServerTests.status(answer) == status)
        }
    }

    @Test func `a body that never ends is cut off`() async throws {
        let limits = ServerLimits(idleTimeout: .seconds(50), requestTimeout: .milliseconds(300))
        try await Self.withSocket(limits: limits) { path, recorder in
            let head = "POST /api/v1/command HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"
            let answer = try await RawConnection(socket: path).exchange(head)
            #expect(ServerTests.status(answer) == 503)
            #expect(recorder.all.isEmpty)
        }
    }

    @Test func `a socket that a killed agent left behind is replaced`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("command.sock")
        let script = "import socket,sys; s=socket.socket(socket.AF_UNIX); s.bind(sys.argv[1])"
        #expect(try runProcess(Python.executable, ["-c", script, path]).status == 0)
        #expect(FileManager.default.fileExists(atPath: path))
        let recorder = Recorder()
        try await withService(commandSocket: CommandSocket(path: path) { recorder.take($0) }) { _ in
            let reply = try await AgentClient(.socket(path: path)).command(Self.release)
            #expect(reply.accepted)
        }
    }

    @Test func `a socket in use is left alone`() async throws {
        try await Self.withSocket { path, recorder in
            let second = CommandSocket(path: path) { _ in OperatorReply(accepted: false, message: "") }
            let error = await #expect(throws: ObserveError.self) {
                try await withService(commandSocket: second) { _ in }
            }
            #expect(error?.what == "another agent listens here")
            #expect(error?.place == path)
            let reply = try await AgentClient(.socket(path: path)).command(Self.release)
            #expect(reply.accepted, "the first agent still has its socket")
        }
    }

    @Test func `a file that is no socket is left alone`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("notes.txt")
        try "precious".write(toFile: path, atomically: true, encoding: .utf8)
        let socket = CommandSocket(path: path) { _ in OperatorReply(accepted: true, message: "") }
        let error = await #expect(throws: ObserveError.self) { try await withService(commandSocket: socket) { _ in } }
        #expect(error?.what == "is there already and is not a socket")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    }

    @Test func `a directory that is not there is said so`() async throws {
        let directory = try TemporaryDirectory()
        let socket = CommandSocket(path: directory.path("no/such/command.sock")) { _ in
            OperatorReply(accepted: true, message: "")
        }
        let error = await #expect(throws: ObserveError.self) { try await withService(commandSocket: socket) { _ in } }
        #expect(error?.remedy.contains("create its directory") == true)
    }

    @Test(arguments: ["", "/tmp/", "/tmp/" + String(repeating: "a", count: 120)])
    func `a path that cannot be a socket's is refused at once`(path: String) {
        let socket = CommandSocket(path: path) { _ in OperatorReply(accepted: true, message: "") }
        #expect(throws: ObserveError.self) {
            try ObserveService(latest: ExampleSite.latest(), commandSocket: socket, logger: quietLogger)
        }
    }
}
