// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Store
import TestKit
import Testing

@Suite("What a cycle brought beside its samples", .timeLimit(.minutes(1)))
struct JournalTests {
    private let target = PointID(device: "meter-1", point: "setpoint")
    private let writer = Authority(role: .active, epoch: 3)

    private func record(
        _ sequence: Int,
        _ site: SiteDescription,
        decisions: [Decision] = [],
        alarms: [AlarmRecord] = [],
        commands: [Command] = [],
        loops: [LoopStatus] = [],
        outcomes: [WriteOutcome] = [],
        events: [Event] = []
    ) -> CycleRecord {
        let time = morning + .seconds(sequence)
        let plain = plainRecord(site, sequence, at: time)
        return CycleRecord(
            sequence: sequence,
            image: plain.image,
            wallTime: time,
            loops: loops,
            decisions: decisions,
            alarms: alarms,
            commands: commands,
            outcomes: outcomes,
            events: events
        )
    }

    private func decision(_ value: Double, _ code: String, bound: String? = nil) -> Decision {
        Decision(
            point: target,
            wish: value + 1,
            value: value,
            origin: "economizer",
            reason: Reason(
                code: code,
                text: "at \(value)",
                evidence: [Evidence(name: "x", value: .nan, unit: .celsius)]
            ),
            boundBy: bound.map { [Binding(layer: .safety, reason: Reason(code: $0, text: $0))] } ?? [],
            isSent: true
        )
    }

    @Test("a decision is kept when its reason or bound changes, not at each new value")
    func decisionChanges() async throws {
        let directory = try TemporaryDirectory()
        let site = site()
        let store = try Store(directory: directory.path("store"), site: site)
        let decisions = [
            decision(18, "follow"), decision(18.1, "follow"), decision(18.2, "follow", bound: "freeze"),
            decision(18.3, "follow", bound: "freeze"), decision(19, "fixed"),
        ]
        for (index, decision) in decisions.enumerated() {
            try await store.append(record(index + 1, site, decisions: [decision]))
        }
        await store.close()
        let stored = try StoreReader(directory: directory.path("store")).decisions(from: beginning, to: endOfTime)
        #expect(stored.map { $0.time - morning } == [1, 3, 5].map { .seconds($0) })
        #expect(stored.map(\.record.value) == [18, 18.2, 19])
        #expect(stored.allSatisfy { $0.record.reason.evidence.first?.value.isNaN == true })
    }

    @Test("a command is kept when its value or authority changes, whatever its expiry")
    func commandChanges() async throws {
        let directory = try TemporaryDirectory()
        let site = site()
        let store = try Store(directory: directory.path("store"), site: site)
        let later = Authority(role: .active, epoch: 4)
        for (index, (value, authority)) in [(18.0, writer), (18, writer), (19, writer), (19, later)].enumerated() {
            let command = Command(
                point: target,
                value: value,
                origin: "economizer",
                reason: Reason(code: "follow", text: "follows"),
                expires: morning + .seconds(60 + index),
                authority: authority
            )
            try await store.append(record(index + 1, site, commands: [command]))
        }
        await store.close()
        let stored = try StoreReader(directory: directory.path("store")).commands(from: beginning, to: endOfTime)
        #expect(stored.map(\.record.value) == [18, 19, 19])
        #expect(stored.map(\.record.authority.epoch) == [3, 3, 4])
    }

    @Test("an alarm is kept at each change of state, across a restart, and when it is gone")
    func alarmChanges() async throws {
        let directory = try TemporaryDirectory()
        let site = site()
        func alarm(_ state: AlarmState, since: Int) -> AlarmRecord {
            AlarmRecord(
                id: "meter-1/high",
                priority: .high,
                state: state,
                message: "30.2 °C is above 30 °C",
                response: "look at the valve",
                since: morning + .seconds(since)
            )
        }
        var store = try Store(directory: directory.path("store"), site: site)
        try await store.append(record(1, site, alarms: [alarm(.active, since: 1)]))
        try await store.append(record(2, site, alarms: [alarm(.active, since: 1)]))
        try await store.append(record(3, site, alarms: [alarm(.acknowledged, since: 3)]))
        await store.close()
        store = try Store(directory: directory.path("store"), site: site)
        try await store.append(record(4, site, alarms: [alarm(.acknowledged, since: 3)]))
        try await store.append(record(5, site))
        try await store.append(record(6, site))
        await store.close()
        let stored = try StoreReader(directory: directory.path("store")).alarms(from: beginning, to: endOfTime)
        #expect(stored.map(\.record.state) == [.active, .acknowledged, .normal])
        #expect(stored.map { $0.time - morning } == [1, 3, 5].map { .seconds($0) })
    }

    @Test("every event and outcome is kept under its own time, and loops where they change")
    func eventsOutcomesLoops() async throws {
        let directory = try TemporaryDirectory()
        let site = site()
        let store = try Store(directory: directory.path("store"), site: site)
        let event = Event(time: morning, kind: "meter_reset", subject: "meter-1", message: "fell from 5 to 0")
        let outcome = WriteOutcome(
            point: target,
            value: 18,
            readBack: nil,
            result: .noReply,
            detail: "no reply in 1 s",
            time: morning + .milliseconds(700),
            durationSeconds: 1
        )
        func loop(_ state: String, since: Int) -> LoopStatus {
            LoopStatus(
                id: "economizer",
                kind: .waterEconomizer,
                mode: .advisory,
                state: state,
                reason: Reason(code: "benefit", text: "\(state)"),
                since: morning + .seconds(since)
            )
        }
        try await store.append(record(1, site, loops: [loop("off", since: 0)], outcomes: [outcome], events: [event]))
        try await store.append(record(2, site, loops: [loop("off", since: 0)], outcomes: [outcome], events: [event]))
        try await store.append(record(3, site, loops: [loop("free_cooling", since: 3)]))
        await store.close()
        let reader = try StoreReader(directory: directory.path("store"))
        #expect(try reader.events(from: beginning, to: endOfTime).map(\.record) == [event, event])
        #expect(try reader.events(from: morning + .milliseconds(1), to: endOfTime).isEmpty)
        #expect(try reader.outcomes(from: beginning, to: endOfTime).map(\.record) == [outcome, outcome])
        #expect(try reader.loops(from: beginning, to: endOfTime).map(\.record.state) == ["off", "free_cooling"])
    }
}
