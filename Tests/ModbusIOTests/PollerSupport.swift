// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModbusIO
import Plant
import Testing

/// Plant time that runs with the machine's clock, so many times as fast.
struct RunningClock: PlantClock {
    private let start = Date()
    private let scale: Double

    init(scale: Double = 1) { self.scale = scale }

    func now() -> Timestamp {
        Timestamp(milliseconds: 1_772_344_800_000) + .seconds(Date().timeIntervalSince(start) * scale)
    }

    func wallDuration(ofPlant duration: Duration) -> Duration { duration / scale }
}

/// Waits until something holds; fails the test where it does not in time.
func waitUntil(
    _ what: Comment,
    within limit: Duration = .seconds(20),
    sourceLocation: SourceLocation = #_sourceLocation,
    _ isSo: () throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try !isSo() {
        guard ContinuousClock.now < deadline else {
            Issue.record(what, sourceLocation: sourceLocation)
            return
        }
        try? await Task.sleep(for: .milliseconds(2))
    }
}

/// A map of so many 16-bit holding registers from an address on, named `r0`, `r1` and so forth.
func registerMap(
    _ count: Int,
    from address: UInt16 = 0,
    pollClass: PollClass = .fast,
    limits: RequestLimits = RequestLimits(responseTimeout: .milliseconds(250))
) -> DeviceMap {
    DeviceMap(
        name: "registers",
        category: .powerMeter,
        confirmation: .simulated,
        limits: limits,
        points: (0..<count).map { position in
            point("r\(position)", address + UInt16(position), pollClass: pollClass)
        }
    )
}

func point(
    _ name: String,
    _ address: UInt16,
    _ type: RegisterType = .unsigned(bits: 16),
    table: RegisterTable = .holdingRegister,
    unit: String = "count",
    scale: Double = 1,
    wordOrder: WordOrder = .highFirst,
    scaleFactorAddress: UInt16? = nil,
    sentinels: [Sentinel] = [],
    pollClass: PollClass = .fast,
    isReadable: Bool = true
) -> MapPoint {
    MapPoint(
        name: name,
        table: table,
        address: address,
        type: type,
        wordOrder: wordOrder,
        unit: SourceUnit.named(unit) ?? SourceUnit(unit, .count),
        scale: scale,
        scaleFactorAddress: scaleFactorAddress,
        sentinels: sentinels,
        pollClass: pollClass,
        isReadable: isReadable
    )
}

/// A site of one map whose devices, each with its own endpoint, answer on these ports of 127.0.0.1.
func site(_ map: DeviceMap, ports: [UInt16], every interval: Duration = .milliseconds(20)) -> SiteDescription {
    SiteDescription(
        id: "test",
        cycleInterval: .milliseconds(20),
        endpoints: ports.enumerated().map { EndpointDescription(id: "e\($0)", host: "127.0.0.1", port: $1) },
        maps: [map],
        devices: ports.indices.map { position in
            DeviceDescription(
                id: "d\(position)",
                endpoint: position,
                map: 0,
                intervals: Dictionary(uniqueKeysWithValues: PollClass.allCases.map { ($0, interval) })
            )
        }
    )
}

extension ModbusPoller {
    /// The reading of one point now.
    func reading(_ id: String, of site: SiteDescription, at clock: any PlantClock) throws -> Reading {
        let index = try #require(PointID(id).flatMap { site.index(of: $0) })
        return readings(at: clock.now())[index.position]
    }

    /// Polls while a body runs.
    func polling(_ body: () async throws -> Void) async throws {
        try start()
        defer { stop() }
        try await body()
    }
}
