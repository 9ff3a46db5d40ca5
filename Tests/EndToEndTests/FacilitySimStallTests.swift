// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import TestKit
import Testing
import facility_sim

/// What a client sees of simulated meters when the machine does not let the simulator, or the client, run for seconds.
struct FacilitySimStallTests {
    /// One read of the energy register.
    private struct Sample {
        /// Plant time, in seconds since the start, at which the client took the reply.
        let stamp: Double
        /// The register, in watt hours.
        let energy: Int64
    }

    private static let timeScale = 60.0
    /// The rack of slice.yaml: 132 kW nominal, its meter rated 150 kW.
    private static let ratedPower = 150e3
    /// What a meter may exceed its rating by before a step of its register is called a jump.
    private static let tolerance = 1.2

    /// Polls every ten plant seconds, with stalls of two to five wall seconds before requests and before stamps.
    private func pollWithStalls(seed: UInt64) throws -> [Sample] {
        let directory = try TemporaryDirectory()
        let path = directory.path("site.yaml")
        try String(contentsOfFile: Repository.path("simulators/sites/slice.yaml"), encoding: .utf8)
            .replacing("time_scale: 1", with: "time_scale: 60").write(toFile: path, atomically: true, encoding: .utf8)
        let wall = SharedWall()
        let site = try ServedSite(
            path: path,
            mapDirectories: [Repository.path("devicemaps")],
            portBase: freePortBlock(3),
            wall: { wall.now }
        )
        try site.start()
        defer { site.stop() }
        let client = try RawModbusClient(port: #require(site.port(ofEndpoint: "rack-meter")))
        var random = Stream(state: seed)
        var samples: [Sample] = []
        for _ in 0..<400 {
            wall.pass(.seconds(10) / Self.timeScale)
            if random.next(below: 12) == 0 { wall.pass(.milliseconds(2_000 + random.next(below: 3_000))) }
            // iEM3000: active energy imported, int64 in watt hours at address 3203 counted from 0.
            let words = try #require(client.holdingRegisters(unit: 1, 3_203, 4))
            if random.next(below: 12) == 0 { wall.pass(.milliseconds(2_000 + random.next(below: 3_000))) }
            let energy = words.reduce(Int64(0)) { $0 << 16 | Int64($1) }
            samples.append(Sample(stamp: wall.now.inSeconds * Self.timeScale, energy: energy))
        }
        return samples
    }

    private struct Stream {
        var state: UInt64

        mutating func next(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
    }

    /// A client does not know when between request and reply a value was measured, so a step of the register may hold
    /// the use of all the time since the reply before the last one; it may not hold more.
    @Test(.timeLimit(.minutes(1)), arguments: [1, 2, 3] as [UInt64])
    func noStepOfAMeterExceedsWhatItsRatingAllowsHoweverTheMachineStalls(seed: UInt64) throws {
        let samples = try pollWithStalls(seed: seed)
        for position in 2..<samples.count {
            let step = Double(samples[position].energy - samples[position - 1].energy) * 3_600
            let time = samples[position].stamp - samples[position - 2].stamp
            // Two steps of one watt hour: a coarse register shows in one read what was used over several.
            let limit = Self.tolerance * Self.ratedPower * time + 2 * 3_600
            #expect(step >= 0)
            #expect(step <= limit, "\(step / time / 1e3) kW over \(time) s at \(samples[position].stamp) s")
        }
    }

    /// A reply that is stamped at once shows the plant of that very second, stall or not.
    @Test(.timeLimit(.minutes(1)))
    func registersShowThePlantOfTheMomentTheyAreRead() throws {
        let samples = try pollWithStalls(seed: 4)
        let first = try #require(samples.first)
        let last = try #require(samples.last)
        let mean = Double(last.energy - first.energy) * 3_600 / (last.stamp - first.stamp)
        // Nothing of the stalls is lost: the mean stays near the rack's usual 0.9 of 132 kW.
        #expect(mean > 0.75 * 132e3 && mean < 132e3, "\(mean / 1e3) kW")
    }
}
