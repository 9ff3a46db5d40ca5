// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Foundation
import Plant
import Testing

@Suite("The control cycle")
struct ControlCycleTests {
    static let active = Authority(role: .active, epoch: 1)
    static let fan = CycleTestPlant.id("tower-1", PointName.fanSpeedCommand)
    static let fans = ["tower-1", "tower-2"].map { CycleTestPlant.id($0, PointName.fanSpeedCommand) }

    /// Control and a plant that does what it is told, one cycle later.
    private struct Bench {
        var cycle: ControlCycle
        var time = CycleTestPlant.start
        var readings: [PointIndex: Double?] = [:]
        var authority = ControlCycleTests.active
        var down: Set<String> = []
        var outcomes: [WriteOutcome] = []

        init(isAdvisoryOnly: Bool = false) throws {
            let made = ControlCycle.make(site: CycleTestPlant.site, isAdvisoryOnly: isAdvisoryOnly)
            cycle = try #require(made.0)
        }

        @discardableResult
        mutating func step(_ requests: [OperatorRequest] = []) -> ControlOutputs {
            time = time + .seconds(1)
            let site = CycleTestPlant.site
            let image = CycleTestPlant.image(
                at: time,
                readings.sorted { $0.key < $1.key }.map { (site[$0.key].id.device, site[$0.key].id.point, $0.value) }
            )
            let outputs = cycle.step(
                image,
                dt: .seconds(1),
                requests: requests,
                outcomes: outcomes,
                devices: site.devices.map { DeviceStatus(device: $0.id, link: down.contains($0.id) ? .down : .up) },
                authority: authority
            )
            outcomes = outputs.commands.map {
                WriteOutcome(
                    point: $0.point,
                    value: $0.value,
                    readBack: $0.value,
                    result: .confirmed,
                    detail: "",
                    time: time,
                    durationSeconds: 0.01
                )
            }
            for command in outputs.commands {
                if let index = site.index(of: command.point) { readings[index] = command.value }
            }
            return outputs
        }

        mutating func run(seconds: Int) { for _ in 0..<seconds { step() } }
    }

    private static func hand(_ point: PointID, _ value: Double, for seconds: Double? = 600) -> OperatorRequest {
        OperatorRequest(
            action: .hand(point: point, value: value),
            holdSeconds: seconds,
            reason: "test of the fan",
            requester: "anna"
        )
    }

    @Test("a point in hand is written at once, refreshed, decided and recorded with who and why")
    func hand() throws {
        var bench = try Bench()
        bench.step()
        let outputs = bench.step([Self.hand(Self.fan, 0.4)])
        #expect(outputs.replies.map(\.accepted) == [true])
        let command = try #require(outputs.commands.first)
        #expect(outputs.commands.count == 1)
        #expect(command.point == Self.fan && command.value == 0.4 && command.origin == "operator")
        #expect(command.reason.text.contains("anna") && command.reason.text.contains("test of the fan"))
        #expect(command.expires == bench.time + .seconds(120))
        let decision = try #require(outputs.decisions.first)
        #expect(decision.point == Self.fan && decision.isSent && decision.boundBy.isEmpty)
        #expect(outputs.events.contains { $0.kind == "operator_hand" && $0.message.contains("anna") })
        var sent = 0
        for _ in 0..<300 { sent += bench.step().commands.count }
        #expect((7...9).contains(sent), "only lease refreshes: \(sent)")
    }

    @Test("a hold ends with its time, and with a release")
    func holdEnds() throws {
        var bench = try Bench()
        bench.step([Self.hand(Self.fan, 0.4, for: 100)])
        bench.run(seconds: 99)
        #expect(bench.step().events.map(\.kind) == ["hold_expired"])
        #expect(bench.step().decisions.isEmpty)
        bench.step([Self.hand(Self.fan, 0.4)])
        let release = OperatorRequest(action: .release(point: Self.fan), reason: "")
        #expect(bench.step([release]).replies.map(\.accepted) == [true])
        #expect(bench.step([release]).replies.map(\.accepted) == [false])
        #expect(bench.step().decisions.isEmpty)
    }

    static let impossibleHands: [(request: OperatorRequest, part: String)] = [
        (hand(CycleTestPlant.id("tower-9", "fan_speed_command"), 0.4), "no point"),
        (hand(CycleTestPlant.id("facility-water", PointName.pumpSpeedFeedback), 0.4), "cannot be written"),
        (hand(fan, 1.4), "0.0 to 1.0"), (hand(fan, .nan), "0.0 to 1.0"), (hand(fan, 0.4, for: nil), "expiry"),
        (hand(fan, 0.4, for: 1e9), "7 days"),
        (OperatorRequest(action: .hand(point: fan, value: 0.4), holdSeconds: 60, reason: ""), "reason"),
    ]

    @Test("a hand that cannot be is refused with what to do", arguments: impossibleHands)
    func refusedHands(_ request: OperatorRequest, _ part: String) throws {
        var bench = try Bench()
        let outputs = bench.step([request])
        let reply = try #require(outputs.replies.first)
        #expect(!reply.accepted && reply.message.contains(part), "\(reply.message)")
        #expect(outputs.commands.isEmpty)
        #expect(outputs.events.contains { $0.kind == "operator_hand" && $0.message.contains("refused") })
    }

    @Test(
        "without the right to write nothing leaves, and a hand is refused",
        arguments: ["standby", "advisory", "epoch"]
    )
    func mayNotWrite(_ why: String) throws {
        var bench = try Bench(isAdvisoryOnly: why == "advisory")
        bench.step()
        if why == "standby" { bench.authority = Authority(role: .standby, epoch: 1) }
        if why == "epoch" { bench.authority = Authority(role: .active, epoch: 0) }
        let outputs = bench.step([Self.hand(Self.fan, 0.4)])
        #expect(outputs.replies.map(\.accepted) == [false])
        #expect(outputs.commands.isEmpty)
        #expect(bench.cycle.homeCommands(at: bench.time, authority: bench.authority).isEmpty)
    }

    @Test("when the right to write is lost, what is held is no longer sent")
    func losesAuthority() throws {
        var bench = try Bench()
        bench.step([Self.hand(Self.fan, 0.4)])
        bench.authority = Authority(role: .standby, epoch: 1)
        var sent = 0
        for _ in 0..<200 { sent += bench.step().commands.count }
        #expect(sent == 0)
        #expect(bench.step().decisions.map(\.isSent) == [false])
    }

    @Test("an operator cannot stop the facility water pump under load")
    func interlockAboveHand() throws {
        var bench = try Bench()
        bench.step()
        let pump = CycleTestPlant.id("facility-water", PointName.pumpSpeedCommand)
        let outputs = bench.step([Self.hand(pump, 0)])
        let decision = try #require(outputs.decisions.first)
        #expect(decision.wish == 0 && decision.value == 1)
        #expect(decision.boundBy.map(\.reason.code) == ["facility_water_pump_keeps_running"])
        #expect(outputs.commands.map(\.value) == [1])
        bench.run(seconds: 301)
        #expect(bench.step().alarms.map(\.id) == ["interlock/facility_water_pump_keeps_running"])
    }

    @Test("a chiller waits for its pumps to be proven, then starts; a proof that never comes is an alarm")
    func chain() throws {
        let enable = CycleTestPlant.index("chiller-2", PointName.enableCommand)
        let status = CycleTestPlant.index("chiller-2", PointName.runStatus)
        let feedback = CycleTestPlant.index("condenser-water", PointName.pumpSpeedFeedback)
        var bench = try Bench()
        bench.readings = [enable: 0, status: 0, feedback: 0]
        bench.step()
        let start = Self.hand(CycleTestPlant.id("chiller-2", PointName.enableCommand), 1, for: 3_600)
        #expect(bench.step([start]).commands.isEmpty)
        bench.run(seconds: 301)
        #expect(bench.step().alarms.map(\.id) == ["chiller-2/enable_command/proof_missing"])
        bench.readings[feedback] = 1
        let commands = bench.step().commands
        #expect(commands.map(\.point.device) == ["chiller-2"])
        bench.step()
        #expect(bench.step().alarms.map(\.state) == [.returned])
    }

    @Test("commands leave pumps first, and machines before the pumps behind them stop")
    func order() throws {
        var bench = try Bench()
        bench.readings[CycleTestPlant.index("chiller-2", PointName.enableCommand)] = 0
        bench.readings[CycleTestPlant.index("chiller-2", PointName.runStatus)] = 0
        bench.step()
        let outputs = bench.step([
            Self.hand(CycleTestPlant.id("chiller-2", PointName.enableCommand), 1),
            Self.hand(CycleTestPlant.id("cdu-1", PointName.coolantSupplyTemperatureSetpoint), 30),
            Self.hand(CycleTestPlant.id("tower-1", PointName.fanSpeedCommand), 1),
            Self.hand(CycleTestPlant.id("facility-water", PointName.pumpSpeedCommand), 1),
        ])
        #expect(outputs.commands.map(\.point.device) == ["facility-water", "tower-1", "cdu-1", "chiller-2"])
    }

    @Test("leaving, everything held goes home, and a chiller that was off comes back")
    func home() throws {
        var bench = try Bench()
        bench.readings[CycleTestPlant.index("facility-water", PointName.facilityWaterReturnTemperature)] = 24
        bench.step()
        bench.step([
            Self.hand(Self.fan, 0.4), Self.hand(CycleTestPlant.id("chiller-2", PointName.enableCommand), 0),
            Self.hand(CycleTestPlant.id("cdu-1", PointName.coolantSupplyTemperatureSetpoint), 30),
        ])
        bench.step()
        let home = bench.cycle.homeCommands(at: bench.time, authority: Self.active)
        #expect(home.map(\.point.device) == ["tower-1", "cdu-1", "chiller-2"])
        #expect(home.map(\.value) == [1, 32, 1])
        #expect(home.allSatisfy { $0.reason.code == "agent_stopping" })
    }

    @Test("a change at the device is an alarm until it is released")
    func inHand() throws {
        var bench = try Bench()
        bench.step([Self.hand(Self.fan, 0.4, for: 3_600)])
        bench.run(seconds: 3)
        bench.readings[CycleTestPlant.index("tower-1", PointName.fanSpeedCommand)] = 0.77
        bench.run(seconds: 3)
        let outputs = bench.step()
        #expect(outputs.alarms.map(\.id) == ["tower-1/fan_speed_command/in_hand"])
        #expect(outputs.commands.isEmpty)
        bench.step([OperatorRequest(action: .release(point: Self.fan), reason: "")])
        #expect(bench.step().alarms.map(\.state) == [.returned])
        let acknowledge = OperatorRequest(
            action: .acknowledge(alarm: "tower-1/fan_speed_command/in_hand"),
            reason: ""
        )
        #expect(bench.step([acknowledge]).alarms.isEmpty)
    }

    @Test("a device that is down gets nothing, raises one alarm, and is taken over again when it is back")
    func deviceDown() throws {
        var bench = try Bench()
        bench.step([Self.hand(Self.fan, 0.4, for: 3_600)])
        bench.run(seconds: 3)
        bench.down = ["tower-1"]
        var sent = 0
        for _ in 0..<100 { sent += bench.step().commands.count }
        #expect(sent == 0)
        #expect(bench.step().alarms.map(\.id) == ["tower-1/communication_lost"])
        bench.readings[CycleTestPlant.index("tower-1", PointName.fanSpeedCommand)] = 1
        bench.down = []
        let outputs = bench.step()
        #expect(outputs.events.map(\.kind) == ["device_readopted"])
        #expect(outputs.commands.map(\.value) == [0.4])
    }

    @Test("a copy through the restart file goes on with the same outputs")
    func restart() throws {
        var bench = try Bench()
        bench.step()
        bench.step([
            Self.hand(Self.fan, 0.4, for: 500),
            Self.hand(CycleTestPlant.id("tower-2", "fan_speed_command"), 0.9, for: 900),
        ])
        bench.run(seconds: 37)
        bench.down = ["chiller-1"]
        bench.run(seconds: 20)
        let bytes = try JSONEncoder().encode(bench.cycle.snapshot())
        var other = try Bench()
        other.cycle.restore(try JSONDecoder().decode(ControlSnapshot.self, from: bytes))
        (other.time, other.readings, other.down) = (bench.time, bench.readings, bench.down)
        other.outcomes = bench.outcomes
        for second in 0..<1_000 {
            let (left, right) = (bench.step(), other.step())
            #expect(left.commands == right.commands, "\(second) s")
            #expect(left.decisions == right.decisions)
            #expect(left.alarms == right.alarms)
            #expect(left.events == right.events)
        }
    }

    @Test("a restart after the lease has run out takes over anew")
    func lateRestart() throws {
        var bench = try Bench()
        bench.step([Self.hand(Self.fan, 0.4, for: 5_000)])
        bench.run(seconds: 3)
        let snapshot = bench.cycle.snapshot()
        var other = try Bench()
        other.cycle.restore(snapshot)
        other.time = bench.time + .seconds(300)
        #expect(
            other.step().commands.map(\.value) == [0.4],
            "the device is at its home value and the hold still stands"
        )
    }
}
