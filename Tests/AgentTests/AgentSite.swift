// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Agent
import Foundation
import Logging
import Observe
import Plant
import TestKit
import Testing

/// Two meters at the ends of the power chain, read every second.
enum AgentSite {
    static let start = Timestamp(milliseconds: 1_772_344_800_000)

    static let map = DeviceMap(
        name: "example_meter",
        category: .powerMeter,
        confirmation: .simulated,
        points: [
            MapPoint(
                name: PointName.activeEnergyImport,
                table: .holdingRegister,
                address: 0,
                type: .unsigned(bits: 64),
                unit: SourceUnit("J", .joules),
                pollClass: .fast,
                counter: CounterBehavior(rollover: nil, resolution: 1)
            )
        ]
    )

    static let description = SiteDescription(
        id: "test",
        endpoints: [EndpointDescription(id: "line", host: "127.0.0.1", port: 502)],
        maps: [map],
        devices: ["boundary", "ups"].map { DeviceDescription(id: $0, endpoint: 0, map: 0) },
        meters: [
            MeterDescription(device: "boundary", place: .boundary, carrier: .electricity, ratedRate: 2e6),
            MeterDescription(device: "ups", place: .upsOutput, carrier: .electricity, ratedRate: 2e6),
        ]
    )

    /// What both registers read `second` after the start: 1.2 MW and 1 MW, from a value of their own.
    static func inputs(_ second: Int) -> CycleInputs {
        let time = start + .seconds(second)
        return CycleInputs(
            image: ProcessImage(
                time: time,
                readings: [
                    Reading(value: 7e9 + 1.2e6 * Double(second), sourceTime: time),
                    Reading(value: 3e9 + 1e6 * Double(second), sourceTime: time),
                ]
            ),
            wallTime: time,
            authority: Authority(role: .active, epoch: 1)
        )
    }

    /// Writes a site file whose one device answers at a port where nobody listens.
    static func write(_ sections: String, in directory: TemporaryDirectory) throws -> String {
        let path = directory.path("site.yaml")
        let port = try freePortBlock(1)
        try """
        site: {id: test}
        cycle: {interval: 100 ms}
        endpoints: [{id: line, host: 127.0.0.1, port: \(port)}]
        devices: [{id: boundary, endpoint: line, map: janitza_umg604}]
        \(sections)
        """.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }
}

/// Runs an agent until it ends by itself or is cancelled.
func runAgent(
    _ sitePath: String,
    store: String,
    listen: String = "127.0.0.1:0",
    socket: String? = nil,
    ready: @escaping @Sendable (String) -> Void = { _ in }
) async throws {
    let options = AgentOptions(
        sitePath: sitePath,
        mapDirectories: [Repository.path("devicemaps")],
        storeDirectory: store,
        listen: try ListenAddress(listen),
        commandSocket: socket
    )
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    try await AgentRun.run(options, logger: logger, ready: ready)
}

/// Runs an agent until `body` has ended.
func withAgent<Result: Sendable>(
    _ sitePath: String,
    store: String,
    listen: String = "127.0.0.1:0",
    socket: String? = nil,
    body: @escaping @Sendable (_ url: String) async throws -> Result
) async throws -> Result {
    let (addresses, address) = AsyncStream.makeStream(of: String.self)
    let agent = Task {
        defer { address.finish() }
        try await runAgent(sitePath, store: store, listen: listen, socket: socket) { address.yield($0) }
    }
    for await address in addresses {
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body("http://" + address)) } catch { result = .failure(error) }
        agent.cancel()
        _ = await agent.result
        return try result.get()
    }
    try await agent.value
    throw AgentEndedEarly()
}

struct AgentEndedEarly: Error {}

/// The body of a GET without holding one of the few threads that the agent runs on too.
func get(_ url: String) async throws -> String {
    try await aside { try runProcess("curl", ["-sS", "--fail", "--max-time", "5", url]).output }
}

/// Runs what blocks on a thread of its own.
func aside<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(with: Swift.Result { try work() }) }
    }
}

/// The value of a sample of a metrics page; nil where it is not there.
func sample(_ name: String, in page: String) -> Double? {
    page.split(separator: "\n").first { $0.hasPrefix(name + " ") }
        .flatMap { Double($0.dropFirst(name.count + 1)) }
}

/// The first page of metrics that is as it should be.
func metrics(_ url: String, until isRight: (String) -> Bool) async throws -> String {
    let deadline = ContinuousClock.now + .seconds(30)
    while true {
        let page = try await get(url + "/metrics")
        if isRight(page) || ContinuousClock.now > deadline { return page }
    }
}
