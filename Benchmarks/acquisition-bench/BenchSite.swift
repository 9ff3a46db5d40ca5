// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The site that is polled: one device an endpoint, all of one map.
enum BenchSite {
    /// Addresses between the first registers of two reads, too far apart to be merged into one.
    static let stride = 1_000
    /// The register that commands go to; the load server stores what is written there.
    static let writtenAddress: UInt16 = 60_000

    static func make(_ options: BenchOptions) -> SiteDescription {
        let interval = Duration.milliseconds(options.intervalMilliseconds)
        return SiteDescription(
            id: "bench",
            cycleInterval: interval,
            endpoints: options.ports.enumerated().map { position, port in
                EndpointDescription(id: "e\(position)", host: "127.0.0.1", port: port)
            },
            maps: [map(options)],
            devices: options.ports.indices.map { position in
                DeviceDescription(
                    id: "d\(position)",
                    endpoint: position,
                    map: 0,
                    intervals: [.fast: interval, .slow: .seconds(3_600)]
                )
            }
        )
    }

    /// Temperatures in tenths of a degree, each with a sentinel and a valid range, as a sensor's map has them.
    private static func map(_ options: BenchOptions) -> DeviceMap {
        var points: [MapPoint] = []
        for block in 0..<options.blocks {
            for register in 0..<options.registers {
                points.append(
                    MapPoint(
                        name: "b\(block)_r\(register)",
                        table: .holdingRegister,
                        address: UInt16(block * stride + register),
                        type: .signed(bits: 16),
                        unit: SourceUnit.named("degC") ?? SourceUnit("degC", .celsius),
                        scale: 0.1,
                        sentinels: [Sentinel(bits: 0x8000)],
                        validRange: -50...150,
                        pollClass: .fast
                    )
                )
            }
        }
        if options.writes > 0 {
            points.append(
                MapPoint(
                    name: "setpoint",
                    table: .holdingRegister,
                    address: writtenAddress,
                    type: .unsigned(bits: 16),
                    unit: SourceUnit("count", .count),
                    pollClass: .slow,
                    write: WriteBehavior(range: 0...60_000, function: .singleRegister)
                )
            )
        }
        return DeviceMap(name: "bench_sensor", category: .roomSensor, confirmation: .simulated, points: points)
    }

    /// What the load server answers for a register, decoded.
    static func expectedValue(_ address: UInt16) -> Double { Double(100 + Int(address) % stride) / 10 }

    /// How many of these readings are good, and how many of those have the value that was served.
    static func audit(_ readings: [Reading], of site: SiteDescription) -> (good: Int, right: Int) {
        var good = 0
        var right = 0
        let points = site.maps[0].points
        for (reading, point) in zip(readings, site.points) where reading.isGood {
            good += 1
            let address = points[point.mapPoint].address
            if address == writtenAddress || reading.value == expectedValue(address) { right += 1 }
        }
        return (good, right)
    }
}
