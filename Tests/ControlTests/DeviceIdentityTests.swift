// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Testing

@Suite("Devices that are not known to be those of their maps")
struct DeviceIdentityTests {
    private static func status(_ id: String, _ state: DeviceIdentity.State) -> DeviceStatus {
        DeviceStatus(
            device: id,
            link: state == .mismatch ? .down : .up,
            identity: DeviceIdentity(state: state, expected: "7", found: "8 (0x8)")
        )
    }

    private static func devices(_ id: String, _ state: DeviceIdentity.State) -> [DeviceStatus] {
        CycleTestPlant.site.devices.map { device in
            device.id == id ? status(id, state) : DeviceStatus(device: device.id, link: .up)
        }
    }

    @Test(
        "each has its alarm, with what was expected and found",
        arguments: [
            ("chiller-2", DeviceIdentity.State.mismatch, "chiller-2/identity_mismatch", AlarmPriority.high),
            ("chiller-2", .unconfirmed, "chiller-2/identity_unconfirmed", .medium),
        ]
    )
    func alarm(_ id: String, _ state: DeviceIdentity.State, _ alarm: String, _ priority: AlarmPriority) throws {
        let site = CycleTestPlant.site
        let alarms = DeviceAlarms(site: site, points: ControlledPoints(site: site))
        let result = alarms.conditions(Self.devices(id, state))
        let condition = try #require(result.conditions.first)
        #expect(result.conditions.count == 1 && condition.id == alarm && condition.priority == priority)
        #expect(condition.message.contains("expects 7") && condition.message.contains("8 (0x8)"))
        #expect(result.suppressed == (state == .mismatch ? ["chiller-2"] : []))
        for quiet in [DeviceIdentity.State.confirmed, .awaited] {
            #expect(alarms.conditions(Self.devices(id, quiet)).conditions.isEmpty)
        }
    }

    @Test("a wrong device behind a gateway does not make the gateway silent")
    func gateway() {
        let site = CycleTestPlant.site
        let alarms = DeviceAlarms(site: site, points: ControlledPoints(site: site))
        let devices = Self.devices("cdu-1", .mismatch).map {
            $0.device == "crah-1" ? DeviceStatus(device: "crah-1", link: .down) : $0
        }
        let ids = alarms.conditions(devices).conditions.map(\.id)
        #expect(ids == ["cdu-1/identity_mismatch", "crah-1/communication_lost"])
    }

    @Test("the alarm is not suppressed by what it says")
    func notItself() {
        var engine = AlarmEngine()
        let site = CycleTestPlant.site
        let alarms = DeviceAlarms(site: site, points: ControlledPoints(site: site))
        let result = alarms.conditions(Self.devices("chiller-2", .mismatch))
        let records = engine.step(result.conditions, suppressedPrefixes: result.suppressed, at: CycleTestPlant.start)
            .records
        #expect(records.map(\.state) == [.active])
    }

    @Test(
        "an operator who wants to write to it is told why not",
        arguments: [DeviceIdentity.State.mismatch, .unconfirmed]
    )
    func hand(_ state: DeviceIdentity.State) throws {
        var cycle = try #require(ControlCycle.make(site: CycleTestPlant.site).0)
        let request = OperatorRequest(
            action: .hand(point: CycleTestPlant.id("chiller-2", PointName.enableCommand), value: 1),
            holdSeconds: 600,
            reason: "test",
            requester: "somebody"
        )
        func reply(_ devices: [DeviceStatus], at seconds: Int) -> OperatorReply? {
            let time = CycleTestPlant.start + .seconds(seconds)
            return cycle.step(
                CycleTestPlant.image(at: time),
                dt: .seconds(1),
                requests: [request],
                outcomes: [],
                devices: devices,
                authority: Authority(role: .active, epoch: 1)
            ).replies.first
        }
        let refused = try #require(reply(Self.devices("chiller-2", state), at: 1))
        #expect(!refused.accepted && refused.message.contains("nothing is written to chiller-2"))
        #expect(reply(Self.devices("chiller-2", .confirmed), at: 2)?.accepted == true)
    }

    @Test("nothing is commanded while it is wrong, and the right one is taken over")
    func commands() throws {
        var cycle = try #require(ControlCycle.make(site: CycleTestPlant.site).0)
        let point = CycleTestPlant.id("cdu-1", PointName.coolantSupplyTemperatureSetpoint)
        let request = OperatorRequest(
            action: .hand(point: point, value: 33),
            holdSeconds: 6_000,
            reason: "test",
            requester: "somebody"
        )
        var commanded: [Int] = []
        for second in 1...60 {
            let time = CycleTestPlant.start + .seconds(second)
            let state: DeviceIdentity.State = (2..<40).contains(second) ? .unconfirmed : .confirmed
            let outputs = cycle.step(
                CycleTestPlant.image(at: time),
                dt: .seconds(1),
                requests: second == 1 ? [request] : [],
                outcomes: [],
                devices: Self.devices("cdu-1", state),
                authority: Authority(role: .active, epoch: 1)
            )
            if outputs.commands.contains(where: { $0.point == point }) { commanded.append(second) }
        }
        #expect(commanded.contains { $0 >= 40 } && !commanded.contains { (2..<40).contains($0) }, "\(commanded)")
    }
}
