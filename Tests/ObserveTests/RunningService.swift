// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Logging
import Observe
import Plant
import ServiceLifecycle

/// Runs the surfaces on a port the kernel chooses while `body` runs, then shuts them down gracefully.
func withService<Result: Sendable>(
    _ latest: LatestCycle = ExampleSite.latest(),
    commandSocket: CommandSocket? = nil,
    limits: ServerLimits = ServerLimits(),
    body: @escaping @Sendable (ListenAddress) async throws -> Result
) async throws -> Result {
    let (openings, opened) = AsyncStream.makeStream(of: Listening.self)
    let service = try ObserveService(
        latest: latest,
        listen: ListenAddress("127.0.0.1:0"),
        commandSocket: commandSocket,
        limits: limits,
        logger: quietLogger,
        onListening: { opened.yield($0) }
    )
    let group = ServiceGroup(services: [service], logger: quietLogger)
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            defer { opened.finish() }
            try await group.run()
        }
        var address: ListenAddress?
        var missing = commandSocket == nil ? 1 : 2
        for await opening in openings {
            if case .http(let bound) = opening { address = bound }
            missing -= 1
            if missing == 0 { break }
        }
        guard let address, missing == 0 else {
            try await tasks.waitForAll()
            throw ServiceDidNotOpen()
        }
        do {
            let result = try await body(address)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return result
        } catch {
            await group.triggerGracefulShutdown()
            try? await tasks.waitForAll()
            throw error
        }
    }
}

struct ServiceDidNotOpen: Error {}

let quietLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
