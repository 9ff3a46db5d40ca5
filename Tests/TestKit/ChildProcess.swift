// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// What a finished child process left behind.
package struct ChildResult: Sendable {
    package let status: Int32
    package let output: String
    package let errors: String
}

/// Runs a program to its end with a time limit, for checks by tools that nobody here wrote.
///
/// Blocks the calling thread; meant for tests that are serialised anyway.
package func runProcess(
    _ executable: String,
    _ arguments: [String],
    input: String? = nil,
    timeLimit: TimeInterval = 60
) throws -> ChildResult {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["timeout", "--kill-after=2", String(Int(timeLimit)), executable] + arguments
    let directory = try TemporaryDirectory()
    let outputPath = directory.path("stdout")
    let errorPath = directory.path("stderr")
    let inputPath = directory.path("stdin")
    try (input ?? "").write(toFile: inputPath, atomically: true, encoding: .utf8)
    _ = FileManager.default.createFile(atPath: outputPath, contents: nil)
    _ = FileManager.default.createFile(atPath: errorPath, contents: nil)
    process.standardInput = FileHandle(forReadingAtPath: inputPath)
    process.standardOutput = FileHandle(forWritingAtPath: outputPath)
    process.standardError = FileHandle(forWritingAtPath: errorPath)
    try process.run()
    process.waitUntilExit()
    return ChildResult(
        status: process.terminationStatus,
        output: (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? "",
        errors: (try? String(contentsOfFile: errorPath, encoding: .utf8)) ?? ""
    )
}
