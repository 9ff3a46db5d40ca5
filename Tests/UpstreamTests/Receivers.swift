// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import Synchronization
import TestKit
import Testing
import Upstream

/// A program that a test starts, and that is gone when the test is.
///
/// Safe to share: the process is only started and killed here, lines pass through a stream.
final class StartedProgram: @unchecked Sendable {
    private let process = Process()
    let lines: AsyncStream<String>

    init(_ program: String, _ arguments: [String]) throws {
        let (lines, output) = AsyncStream.makeStream(of: String.self)
        self.lines = lines
        let partial = Mutex(Data())
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        pipe.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty {
                handle.readabilityHandler = nil
                output.finish()
            }
            partial.withLock { partial in
                partial.append(data)
                while let end = partial.firstIndex(of: 10) {
                    output.yield(String(decoding: partial[partial.startIndex..<end], as: UTF8.self))
                    partial.removeSubrange(partial.startIndex...end)
                }
            }
        }
        try process.run()
    }

    var isRunning: Bool { process.isRunning }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
}

/// A receiver that answers as a test tells it.
struct ScriptedReceiver {
    struct Request: Decodable {
        let answer: String
        let path: String
        let headers: [[String]]
        let body: String

        /// The request's samples of one series name, as the independent reader sees them.
        func samples(_ name: String) async throws -> [Double] {
            let bytes = stride(from: 0, to: body.count, by: 2).compactMap { offset -> UInt8? in
                let start = body.index(body.startIndex, offsetBy: offset)
                return UInt8(body[start..<body.index(start, offsetBy: 2)], radix: 16)
            }
            return try await WriteRequestTests.read(bytes).filter { $0.labels.contains(["__name__", name]) }
                .flatMap { $0.samples.map { Double(bitPattern: $0[1]) } }
        }
    }

    private let program: StartedProgram
    let url: String

    init(_ answers: [String]) async throws {
        let script = Repository.path("Tests/UpstreamTests/oracles/receiver.py")
        program = try StartedProgram(Python.executable, [script] + answers)
        var lines = program.lines.makeAsyncIterator()
        let port = try #require(await lines.next().flatMap { UInt16($0) })
        url = "http://127.0.0.1:\(port)/api/v1/write"
    }

    /// The next requests, in the order they came.
    func requests(_ count: Int) async throws -> [Request] {
        var requests: [Request] = []
        for await line in program.lines {
            requests.append(try JSONDecoder().decode(Request.self, from: Data(line.utf8)))
            if requests.count == count { break }
        }
        return requests
    }
}

/// A real Prometheus on loopback that takes remote writes.
struct PrometheusReceiver {
    private let program: StartedProgram
    private let directory: TemporaryDirectory
    private let base: String
    var url: String { base + "/api/v1/write" }

    init(port: UInt16) async throws {
        directory = try TemporaryDirectory()
        try "".write(toFile: directory.path("prometheus.yml"), atomically: true, encoding: .utf8)
        base = "http://127.0.0.1:\(port)"
        program = try StartedProgram(
            "prometheus",
            [
                "--config.file=\(directory.path("prometheus.yml"))", "--storage.tsdb.path=\(directory.path("data"))",
                "--web.listen-address=127.0.0.1:\(port)", "--web.enable-remote-write-receiver", "--log.level=error",
            ]
        )
        let (base, program) = (base, program)
        try await eventually("prometheus answers") {
            try #require(program.isRunning, "prometheus ended: is it installed, is the port free?")
            return try await runAside("promtool", ["query", "instant", base, "vector(1)"]).status == 0
        }
    }

    struct Series: Decodable {
        let metric: [String: String]
        let values: [[Value]]

        /// Seconds and text of the value, or both as text.
        enum Value: Decodable, Hashable {
            case number(Double)
            case text(String)

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let number = try? container.decode(Double.self) {
                    self = .number(number)
                } else {
                    self = .text(try container.decode(String.self))
                }
            }
        }

        /// Times in milliseconds and values, as stored.
        var samples: [Stored] {
            values.compactMap { pair in
                guard pair.count == 2, case .number(let seconds) = pair[0], case .text(let value) = pair[1] else {
                    return nil
                }
                return Double(value).map { Stored(milliseconds: Int64((seconds * 1_000).rounded()), value: $0) }
            }
        }
    }

    struct Stored: Hashable {
        let milliseconds: Int64
        let value: Double

        init(milliseconds: Int64, value: Double) {
            self.milliseconds = milliseconds
            self.value = value
        }

        init(_ time: Timestamp, _ value: Double) { self.init(milliseconds: time.milliseconds, value: value) }
    }

    /// The raw samples of a selector in the hour before `time`.
    func stored(_ selector: String, until time: Timestamp) async throws -> [Series] {
        let seconds = String(format: "%.3f", time.secondsSinceEpoch)
        let result = try await runAside(
            "promtool",
            ["query", "instant", "-o", "json", "--time=\(seconds)", base, selector + "[1h]"]
        )
        #expect(result.status == 0, "\(result.errors)")
        return try JSONDecoder().decode([Series].self, from: Data(result.output.utf8))
    }

    /// The value of a query at a moment, as Prometheus prints it.
    func value(_ query: String, at time: Timestamp) async throws -> String {
        let seconds = String(format: "%.3f", time.secondsSinceEpoch)
        let result = try await runAside("promtool", ["query", "instant", "--time=\(seconds)", base, query])
        #expect(result.status == 0, "\(result.errors)")
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// Waits until something holds that another task or program brings about.
func eventually(
    _ what: String,
    within limit: Duration = .seconds(30),
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        if ContinuousClock.now > deadline { throw NotInTime(what: what) }
        try await Task.sleep(for: .milliseconds(10))
    }
}

struct NotInTime: Error {
    let what: String
}

/// Runs a program to its end without holding one of the few threads that all tests share.
func runAside(_ program: String, _ arguments: [String], input: String? = nil) async throws -> ChildResult {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
            continuation.resume(with: Result { try runProcess(program, arguments, input: input) })
        }
    }
}
