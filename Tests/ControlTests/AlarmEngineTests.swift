// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Testing

@Suite("Alarms")
struct AlarmEngineTests {
    static let start = CycleTestPlant.start

    private static func condition(
        _ id: String,
        _ isPresent: Bool,
        _ priority: AlarmPriority = .medium,
        on: Double = 10,
        off: Double = 20
    ) -> AlarmCondition {
        AlarmCondition(
            id: id,
            isPresent: isPresent,
            priority: priority,
            message: "\(id) is too high",
            response: "look",
            onDelay: .seconds(on),
            offDelay: .seconds(off)
        )
    }

    struct Step: Sendable {
        let seconds: Double
        let isPresent: Bool
        var acknowledges = false
        var shelves: Double?
        var isSuppressed = false
        let expected: AlarmState?
    }

    struct Script: Sendable, CustomTestStringConvertible {
        let name: String
        let steps: [Step]
        var testDescription: String { name }
    }

    static let scripts: [Script] = [
        Script(
            name: "raised after its delay, acknowledged, gone after its delay",
            steps: [
                Step(seconds: 0, isPresent: true, expected: nil),
                Step(seconds: 9, isPresent: true, expected: nil),
                Step(seconds: 10, isPresent: true, expected: .active),
                Step(seconds: 15, isPresent: true, acknowledges: true, expected: .acknowledged),
                Step(seconds: 20, isPresent: false, expected: .acknowledged),
                Step(seconds: 39, isPresent: false, expected: .acknowledged),
                Step(seconds: 40, isPresent: false, expected: nil),
            ]
        ),
        Script(
            name: "a condition shorter than its delay is no alarm",
            steps: [
                Step(seconds: 0, isPresent: true, expected: nil),
                Step(seconds: 8, isPresent: false, expected: nil),
                Step(seconds: 9, isPresent: true, expected: nil),
                Step(seconds: 18, isPresent: true, expected: nil),
                Step(seconds: 19, isPresent: true, expected: .active),
            ]
        ),
        Script(
            name: "gone before anybody acknowledged it, it stays as returned",
            steps: [
                Step(seconds: 0, isPresent: true, expected: nil),
                Step(seconds: 10, isPresent: true, expected: .active),
                Step(seconds: 11, isPresent: false, expected: .active),
                Step(seconds: 31, isPresent: false, expected: .returned),
                Step(seconds: 900, isPresent: false, expected: .returned),
                Step(seconds: 901, isPresent: false, acknowledges: true, expected: nil),
            ]
        ),
        Script(
            name: "a returned alarm that comes again is active again",
            steps: [
                Step(seconds: 0, isPresent: true, expected: nil),
                Step(seconds: 10, isPresent: true, expected: .active),
                Step(seconds: 11, isPresent: false, expected: .active),
                Step(seconds: 31, isPresent: false, expected: .returned),
                Step(seconds: 40, isPresent: true, expected: .returned),
                Step(seconds: 50, isPresent: true, expected: .active),
            ]
        ),
        Script(
            name: "an acknowledged alarm that comes again is new",
            steps: [
                Step(seconds: 0, isPresent: true, expected: nil),
                Step(seconds: 10, isPresent: true, acknowledges: true, expected: .acknowledged),
                Step(seconds: 11, isPresent: false, expected: .acknowledged),
                Step(seconds: 31, isPresent: false, expected: nil),
                Step(seconds: 32, isPresent: true, expected: nil),
                Step(seconds: 42, isPresent: true, expected: .active),
            ]
        ),
        Script(
            name: "shelved until its time, then active where it still is",
            steps: [
                Step(seconds: 0, isPresent: true, expected: nil),
                Step(seconds: 10, isPresent: true, shelves: 100, expected: .shelved),
                Step(seconds: 60, isPresent: true, expected: .shelved),
                Step(seconds: 109, isPresent: true, expected: .shelved),
                Step(seconds: 110, isPresent: true, expected: .active),
            ]
        ),
        Script(
            name: "shelved and gone, it ends with its time",
            steps: [
                Step(seconds: 0, isPresent: true, expected: nil),
                Step(seconds: 10, isPresent: true, shelves: 100, expected: .shelved),
                Step(seconds: 20, isPresent: false, expected: .shelved),
                Step(seconds: 60, isPresent: false, expected: .shelved),
                Step(seconds: 110, isPresent: false, expected: nil),
            ]
        ),
        Script(
            name: "suppressed while its device is down, active when it is back",
            steps: [
                Step(seconds: 0, isPresent: true, isSuppressed: true, expected: nil),
                Step(seconds: 10, isPresent: true, isSuppressed: true, expected: .suppressed),
                Step(seconds: 50, isPresent: true, expected: .active),
                Step(seconds: 60, isPresent: true, isSuppressed: true, expected: .suppressed),
                Step(seconds: 61, isPresent: false, isSuppressed: true, expected: .suppressed),
                Step(seconds: 81, isPresent: false, isSuppressed: true, expected: nil),
            ]
        ),
    ]

    @Test("an alarm goes through its states", arguments: scripts)
    func lifeCycle(_ script: Script) {
        var engine = AlarmEngine()
        for step in script.steps {
            let time = Self.start + .seconds(step.seconds)
            func run() -> AlarmState? {
                let records = engine.step(
                    [Self.condition("cdu-3/temperature", step.isPresent)],
                    suppressedPrefixes: step.isSuppressed ? ["cdu-3"] : [],
                    at: time
                ).records
                return records.first?.state
            }
            var state = run()
            if step.acknowledges {
                #expect(engine.acknowledge("cdu-3/temperature", at: time) != nil)
                state = run()
            }
            if let seconds = step.shelves {
                #expect(engine.shelve("cdu-3/temperature", for: .seconds(seconds), at: time) != nil)
                state = run()
            }
            #expect(state == step.expected, "at \(step.seconds) s")
        }
    }

    @Test("a condition that nobody gives any more counts as gone")
    func missing() {
        var engine = AlarmEngine()
        _ = engine.step([Self.condition("a/x", true, on: 0)], at: Self.start)
        #expect(engine.step([], at: Self.start + .seconds(10)).records.map(\.state) == [.active])
        #expect(engine.step([], at: Self.start + .seconds(30)).records.map(\.state) == [.returned])
    }

    @Test("what does not exist cannot be acknowledged or shelved")
    func unknown() {
        var engine = AlarmEngine()
        #expect(engine.acknowledge("nothing", at: Self.start) == nil)
        #expect(engine.shelve("nothing", for: .seconds(60), at: Self.start) == nil)
    }

    @Test("every change is an event, and alarms stand worst first")
    func order() {
        var engine = AlarmEngine()
        let all = [
            Self.condition("b/x", true, .low, on: 0), Self.condition("z/x", true, .high, on: 0),
            Self.condition("a/x", true, .low, on: 0), Self.condition("m/x", true, .medium, on: 0),
        ]
        let (records, events) = engine.step(all, at: Self.start)
        #expect(records.map(\.id) == ["z/x", "m/x", "a/x", "b/x"])
        #expect(events.map(\.kind) == Array(repeating: "alarm_active", count: 4))
        #expect(engine.step(all, at: Self.start + .seconds(1)).events.isEmpty)
    }

    @Test("more than ten new alarms in ten minutes are one group, and follow as the window allows")
    func flood() {
        var engine = AlarmEngine()
        let all = (0..<25).map { number in
            Self.condition("rack-\(number < 10 ? "0" : "")\(number)/hot", true, number == 24 ? .high : .low, on: 0)
        }
        let (records, events) = engine.step(all, at: Self.start)
        #expect(events.count == 25)
        #expect(records.count == 11)
        #expect(records.first?.id == AlarmEngine.floodID)
        #expect(records.first?.message.hasPrefix("15 further alarm(s)") == true)
        #expect(records.contains { $0.id == "rack-24/hot" }, "the worst are shown first")
        #expect(engine.step(all, at: Self.start + .seconds(599)).records.count == 11)
        let later = engine.step(all, at: Self.start + .seconds(600)).records
        #expect(later.count == 21)
        #expect(engine.acknowledge(AlarmEngine.floodID, at: Self.start + .seconds(601))?.count == 5)
        let last = engine.step(all, at: Self.start + .seconds(602)).records
        #expect(last.count == 25)
        #expect(!last.contains { $0.id == AlarmEngine.floodID })
    }

    @Test("a silent device is one alarm, a silent gateway is one alarm for all behind it")
    func devices() {
        let site = CycleTestPlant.site
        let alarms = DeviceAlarms(site: site, points: ControlledPoints(site: site))
        func conditions(down: Set<String>) -> (ids: [String], suppressed: [String]) {
            let statuses = site.devices.map { DeviceStatus(device: $0.id, link: down.contains($0.id) ? .down : .up) }
            let result = alarms.conditions(statuses)
            return (result.conditions.map(\.id), result.suppressed)
        }
        #expect(conditions(down: []).ids.isEmpty)
        #expect(conditions(down: ["chiller-2"]).ids == ["chiller-2/communication_lost"])
        #expect(conditions(down: ["cdu-1", "crah-1"]).ids == ["hall/communication_lost"])
        #expect(conditions(down: ["cdu-1", "crah-1"]).suppressed == ["cdu-1", "crah-1"])
        #expect(conditions(down: ["recovery-valve"]).suppressed == ["recovery-valve"])
        #expect(
            conditions(down: ["recovery-valve", "recovery-loop"]).suppressed
                == ["recovery-valve", "heat-recovery", "recovery-loop", "heat-recovery"]
        )
    }

    @Test("the alarm that says a device is silent is not suppressed by it")
    func notItself() {
        var engine = AlarmEngine()
        let conditions = [
            Self.condition("cdu-1/communication_lost", true, on: 0), Self.condition("cdu-1/hot", true, on: 0),
            Self.condition("cdu-10/hot", true, on: 0),
        ]
        let records = engine.step(conditions, suppressedPrefixes: ["cdu-1"], at: Self.start).records
        let states = Dictionary(uniqueKeysWithValues: records.map { ($0.id, $0.state) })
        #expect(states["cdu-1/communication_lost"] == .active)
        #expect(states["cdu-1/hot"] == .suppressed)
        #expect(states["cdu-10/hot"] == .active)
    }
}
