// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// A program of this package, started by a test and ended with it.
///
/// Safe to share: the process object is only started here, and lines are guarded by the condition.
package final class RunningProgram: @unchecked Sendable {
    private let process = Process()
    private let condition = NSCondition()
    private var lines: [String] = []
    private var partial = Data()
    private var openPipes = 2
    private let inputPipe = Pipe()

    /// Where `swift build` put the programs that belong to this test run.
    package static let directory: URL = {
        if let given = ProcessInfo.processInfo.environment["THERMOCLINE_BIN"] { return URL(fileURLWithPath: given) }
        #if DEBUG
            return Repository.root.appendingPathComponent(".build/debug")
        #else
            return Repository.root.appendingPathComponent(".build/release")
        #endif
    }()

    /// Starts a program of this package with both its outputs gathered line by line.
    package convenience init(_ name: String, _ arguments: [String]) throws {
        try self.init(executable: Self.directory.appendingPathComponent(name).path, arguments)
    }

    /// Starts any program; `input` is written to its standard input, which then stays open until the end.
    package init(executable: String, _ arguments: [String], input: String? = nil) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [executable] + arguments
        if let input {
            process.standardInput = inputPipe
            try inputPipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        for keyPath in [\Process.standardOutput, \Process.standardError] {
            let pipe = Pipe()
            pipe.fileHandleForReading.readabilityHandler = { [weak self] handle in
                let data = handle.availableData
                if data.isEmpty { handle.readabilityHandler = nil }
                self?.take(data)
            }
            process[keyPath: keyPath] = pipe
        }
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    package var processIdentifier: Int32 { process.processIdentifier }

    /// All that was printed so far.
    package var output: String {
        condition.lock()
        defer { condition.unlock() }
        return lines.joined(separator: "\n")
    }

    private func take(_ data: Data) {
        condition.lock()
        defer { condition.unlock() }
        if data.isEmpty { openPipes -= 1 }
        partial.append(data)
        while let end = partial.firstIndex(of: 10) {
            lines.append(String(decoding: partial[partial.startIndex..<end], as: UTF8.self))
            partial.removeSubrange(partial.startIndex...end)
        }
        condition.broadcast()
    }

    /// Waits until a printed line contains `text`; nil where the program ends or the time is up before.
    package func waitForLine(containing text: String, within seconds: TimeInterval = 30) -> String? {
        waitForLine(within: seconds) { $0.contains(text) }
    }

    /// Waits until a printed line fits; nil where the program ends or the time is up before.
    package func waitForLine(within seconds: TimeInterval = 30, _ fits: (String) -> Bool) -> String? {
        let deadline = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let line = lines.first(where: fits) { return line }
            if openPipes <= 0 || !condition.wait(until: deadline) { return lines.first(where: fits) }
        }
    }

    package func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Sends SIGTERM and waits for the end.
    ///
    /// - Returns: the exit status; -1 where the program had to be killed after `seconds`.
    package func terminate(within seconds: TimeInterval = 20) -> Int32 {
        if process.isRunning { process.terminate() }
        return waitForEnd(within: seconds)
    }

    /// Waits for the program to end by itself.
    ///
    /// - Returns: the exit status; -1 where the program had to be killed after `seconds`.
    package func waitForEnd(within seconds: TimeInterval = 20) -> Int32 {
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        if !process.isRunning { return process.terminationStatus }
        if ended.wait(timeout: .now() + seconds) == .timedOut {
            kill(process.processIdentifier, SIGKILL)
            return -1
        }
        return process.terminationStatus
    }
}

/// The lowest of `count` consecutive loopback ports that are all free now.
///
/// They lie below the range from which the system gives ports to outgoing connections (32768 on Linux): one of those
/// could be taken between this look and the bind of the program under test.
package func freePortBlock(_ count: Int) throws -> UInt16 {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<200 {
        let base = UInt16.random(in: 18_000...(32_700 - UInt16(count)), using: &generator)
        if (0..<count).allSatisfy({ isFree(base + UInt16($0)) }) { return base }
    }
    throw PortProblem.noFreeBlock(count)
}

package enum PortProblem: Error {
    case noFreeBlock(Int)
}

private func isFree(_ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
}
