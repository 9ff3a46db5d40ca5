// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Testing

@Suite("Proof of a write by the feedback of its point")
struct FeedbackWatchTests {
    private static let start = CycleTestPlant.start
    private static let names = ["speed", "enable", "setpoint", "blind", "odd"]

    /// A drive whose commands can be read back, each with a point that shows what it made of them.
    private static let site: SiteDescription = {
        func point(_ name: String, _ unit: SourceUnit, feedback: String? = nil, to most: Double = 1) -> MapPoint {
            MapPoint(
                name: name,
                table: .holdingRegister,
                address: 0,
                type: .float(bits: 32),
                unit: unit,
                write: feedback.map {
                    WriteBehavior(
                        range: 0...most,
                        function: .multipleRegisters,
                        feedback: $0,
                        settle: .seconds(2),
                        feedbackSettle: .seconds(60)
                    )
                }
            )
        }
        let (ratio, truth) = (SourceUnit("ratio", .ratio), SourceUnit("boolean", .boolean))
        let celsius = SourceUnit("degC", .celsius)
        var blind = point("blind", ratio, feedback: "speed_feedback")
        blind.isReadable = false
        let map = DeviceMap(
            name: "drive",
            category: .variableSpeedDrive,
            confirmation: .simulated,
            points: [
                point("speed", ratio, feedback: "speed_feedback"), point("speed_feedback", ratio),
                point("enable", truth, feedback: "run_status"), point("run_status", truth),
                point("setpoint", celsius, feedback: "active_setpoint", to: 30), point("active_setpoint", celsius),
                blind, point("odd", celsius, feedback: "speed_feedback", to: 30),
            ]
        )
        return SiteDescription(
            id: "s",
            endpoints: [EndpointDescription(id: "e", host: "127.0.0.1", port: 1_502)],
            maps: [map],
            devices: [DeviceDescription(id: "d", endpoint: 0, map: 0)]
        )
    }()

    private let points = ControlledPoints(site: Self.site)

    private func rule(_ name: String) -> FeedbackRule? { points.points.first { $0.id.point == name }?.feedback }

    @Test("a rule is there where the point can be read back and the feedback compared with it", arguments: Self.names)
    func rules(name: String) {
        let rule = rule(name)
        switch name {
        case "speed": #expect(rule?.tolerance == 0.05 && rule?.limit == .seconds(60))
        case "enable": #expect(rule?.tolerance == 0.5)
        case "setpoint": #expect(rule?.tolerance == 0.1, "a setpoint is shown as it was taken")
        default: #expect(rule == nil)
        }
    }

    /// Runs a watch at one look a second.
    ///
    /// - Returns: The seconds at which something changed.
    private func run(
        _ name: String,
        seconds: Int,
        command: (Int) -> Double,
        feedback: (Int) -> Double?
    ) throws -> [String] {
        let rule = try #require(self.rule(name))
        var watch = FeedbackWatch()
        var changes: [String] = []
        for second in 0...seconds {
            let time = Self.start + .seconds(second)
            if let change = watch.step(command: command(second), rule, value: feedback(second), at: time) {
                changes.append("\(change) \(second)")
            }
        }
        return changes
    }

    @Test("a feedback that never moves fails after its own limit, and is well again when it follows")
    func stuck() throws {
        let changes = try run("speed", seconds: 200, command: { _ in 0.8 }, feedback: { $0 < 100 ? 0.2 : 0.79 })
        #expect(changes == ["failed 61", "followed 100"])
    }

    @Test("a slow actuator that moves has the time it needs")
    func slow() throws {
        let changes = try run("speed", seconds: 400, command: { _ in 1 }, feedback: { min(1, Double($0) / 300) })
        #expect(changes.isEmpty)
    }

    @Test("a ramp that goes on does not put the failure off")
    func ramp() throws {
        let changes = try run("speed", seconds: 300, command: { 0.2 + 0.002 * Double($0) }, feedback: { _ in 0.2 })
        #expect(changes == ["failed 87"], "a minute after it left the tolerance of 0.05")
    }

    @Test("one that follows a ramp at a distance does not fail")
    func lag() throws {
        let changes = try run(
            "speed",
            seconds: 300,
            command: { 0.2 + 0.002 * Double($0) },
            feedback: { 0.2 + 0.002 * Double(max(0, $0 - 50)) }
        )
        #expect(changes.isEmpty)
    }

    @Test("noise on a stuck feedback does not pass for movement for ever")
    func noise() throws {
        let changes = try run(
            "speed",
            seconds: 300,
            command: { _ in 1 },
            feedback: { $0.isMultiple(of: 2) ? 0.2 : 0.26 }
        )
        #expect(changes.count == 1 && changes.first?.hasPrefix("failed") == true)
    }

    @Test("a feedback that cannot be read proves nothing, and its limit begins again")
    func unreadable() throws {
        let changes = try run("enable", seconds: 150, command: { _ in 1 }, feedback: { $0 % 60 == 59 ? nil : 0 })
        #expect(changes.isEmpty)
        #expect(try run("enable", seconds: 90, command: { _ in 1 }, feedback: { _ in 0 }) == ["failed 61"])
    }

    // MARK: In the supervision of writes

    /// A device that confirms every write and shows a feedback of its own.
    private struct Bench {
        var supervisor = WriteSupervisor(points: ControlledPoints(site: FeedbackWatchTests.site))
        var point = "speed"
        var second = 0
        var command: Double
        var feedback = 0.2
        var isLinkUp = true
        var shown = 0.2
        var sent = 0
        var kinds: [String] = []

        mutating func run(to end: Int) throws {
            let id = PointID(device: "d", point: point)
            let slot = try #require(supervisor.points.points.firstIndex { $0.id == id })
            let site = FeedbackWatchTests.site
            while second < end {
                second += 1
                let time = FeedbackWatchTests.start + .seconds(second)
                var readings = site.points.map { _ in Reading.bad(.notAvailable, at: time) }
                for (name, value) in [(point, shown), (feedbackName, feedback)] {
                    let index = try #require(site.index(of: PointID(device: "d", point: name)))
                    readings[index.position] = Reading(value: value, sourceTime: time)
                }
                let image = ProcessImage(time: time, readings: readings)
                let link = isLinkUp
                kinds += supervisor.observe(image, isLinkUp: { _ in link }).map(\.kind)
                let wanted = command
                let due = supervisor.plan(image, dt: .seconds(1), isLinkUp: { _ in link }) { position in
                    position == slot ? WriteIntent(value: wanted, hard: .interval(0...1), isUrgent: true) : nil
                }
                for entry in due {
                    sent += 1
                    shown = entry.value
                    supervisor.states[entry.slot].markSent(entry.value, at: time)
                    let outcome = WriteOutcome(
                        point: id,
                        value: entry.value,
                        readBack: entry.value,
                        result: .confirmed,
                        detail: "read back",
                        time: time,
                        durationSeconds: 0.1
                    )
                    kinds += supervisor.record([outcome], slotOf: { _ in slot }, at: time).map(\.kind)
                }
            }
        }

        private var feedbackName: String { point == "enable" ? "run_status" : "speed_feedback" }

        var alarms: [String] {
            supervisor.conditions(at: FeedbackWatchTests.start + .seconds(second)).filter(\.isPresent).map(\.id)
        }
    }

    @Test("a device that acknowledges and does not act is told of, and goes on being written")
    func ignored() throws {
        var bench = Bench(command: 0.8)
        try bench.run(to: 60)
        #expect(bench.alarms.isEmpty)
        try bench.run(to: 70)
        #expect(bench.alarms == ["d/speed/not_followed"])
        #expect(bench.kinds == ["write_not_followed"])
        let message = try #require(bench.supervisor.conditions(at: Self.start).first?.message)
        #expect(message.contains("took 0.8") && message.contains("speed_feedback stays at 0.2"), "\(message)")
        bench.command = 0.9
        try bench.run(to: 80)
        #expect(bench.sent == 2 && bench.supervisor.states.allSatisfy { $0.hold == nil })
        bench.feedback = 0.9
        try bench.run(to: 81)
        #expect(bench.alarms.isEmpty && bench.kinds == ["write_not_followed", "write_followed"])
    }

    @Test("a released machine that idles is told of quietly: it may lack load", arguments: ["speed", "enable"])
    func priority(point: String) throws {
        var bench = Bench(point: point, command: 1)
        (bench.feedback, bench.shown) = (0, 0)
        try bench.run(to: 90)
        let conditions = bench.supervisor.conditions(at: Self.start + .seconds(90)).filter(\.isPresent)
        #expect(conditions.map(\.id) == ["d/\(point)/not_followed"])
        #expect(conditions.map(\.priority) == [point == "enable" ? .low : .medium])
    }

    @Test("what was only taken over is not watched, and a lost link ends the watch")
    func untouched() throws {
        var adopted = Bench(command: 0.2)
        adopted.feedback = 1
        try adopted.run(to: 200)
        #expect(adopted.sent == 0 && adopted.alarms.isEmpty)
        var lost = Bench(command: 0.8)
        try lost.run(to: 50)
        lost.isLinkUp = false
        try lost.run(to: 200)
        #expect(lost.alarms.isEmpty)
    }
}
