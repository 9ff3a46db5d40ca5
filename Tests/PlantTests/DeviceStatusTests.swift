// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Testing

@Suite struct DeviceStatusTests {
    @Test(
        arguments: [
            (DeviceStatus.Link.up, 3_000, true), (.up, 3_001, false), (.degraded, 0, true), (.down, 0, false),
            (.connecting, 0, false), (.up, nil, false),
        ] as [(DeviceStatus.Link, Int64?, Bool)]
    )
    func aDeviceIsUpForThreeIntervalsAfterAGoodReply(_ link: DeviceStatus.Link, _ age: Int64?, _ isUp: Bool) {
        let now = Timestamp(milliseconds: 1_772_344_800_000)
        let status = DeviceStatus(device: "d", link: link, lastReply: age.map { now - .milliseconds($0) })
        #expect(status.isUp(at: now, within: .seconds(3)) == isUp)
    }

    @Test func theLimitFollowsTheFastestPointAndTheCycle() {
        func point(_ name: String, _ pollClass: PollClass, _ type: RegisterType = .unsigned(bits: 16)) -> MapPoint {
            MapPoint(
                name: name,
                table: .holdingRegister,
                address: 0,
                type: type,
                unit: SourceUnit("count", .count),
                pollClass: pollClass
            )
        }
        let text = point("text", .fast, .string(registers: 4))
        let maps = [[point("a", .slow), point("b", .normal), text], [point("a", .fast)], [text]].enumerated().map {
            DeviceMap(name: "m\($0)", category: .powerMeter, confirmation: .simulated, points: $1)
        }
        let site = SiteDescription(
            id: "s",
            cycleInterval: .milliseconds(1_500),
            endpoints: [EndpointDescription(id: "e", host: "127.0.0.1", port: 502)],
            maps: maps,
            devices: maps.indices.map { DeviceDescription(id: "d\($0)", endpoint: 0, unit: UInt8($0), map: $0) }
        )
        #expect(site.replyLimits == [.seconds(6), .milliseconds(4_500), .seconds(6)])
    }

    @Test(arguments: DeviceIdentity.State.allCases)
    func onlyAKnownDeviceTakesWrites(_ state: DeviceIdentity.State) {
        let identity = DeviceIdentity(state: state, expected: "7", found: "8")
        let status = DeviceStatus(device: "d", link: .up, identity: identity)
        #expect(status.takesWrites == (state == .confirmed || state == .awaited))
        #expect((identity.refusal == nil) == status.takesWrites)
    }
}
