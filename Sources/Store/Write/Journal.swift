// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Plant

/// The tables of `main.sqlite` that keep records as JSON, one row a change.
enum JournalTable: String, CaseIterable {
    case decision
    case loop
    case alarm
    case command
    case outcome
    case event
}

/// Writes what a cycle brought beside its samples, and only where it says something new.
///
/// Every event and every write's outcome is kept. Of decisions, commands, loops and alarms, which stand in each
/// cycle's record again, a row is kept when they change: a decision when its origin, its reason's code, what
/// bound it or whether it was sent changes (its wish and value are in every cycle's row anyway), a command also when
/// its value or the authority changes, a loop when its mode or state changes, an alarm when its state does; one
/// that is no longer in the record goes back to normal. Together this is the audit trail.
struct Journal {
    private struct DecisionKey: Equatable {
        let origin: String
        let reason: String
        let bounds: [String]
        let isSent: Bool
        /// Nil where the cycle's row has a place for the numbers.
        let numbers: [UInt64]?
    }

    private struct CommandKey: Equatable {
        let value: UInt64
        let origin: String
        let reason: String
        let authority: Authority
    }

    private struct LoopKey: Equatable {
        let mode: LoopMode
        let state: String
        let since: Timestamp
    }

    private var decisions: [PointID: DecisionKey] = [:]
    private var commands: [PointID: CommandKey] = [:]
    private var loops: [String: LoopKey] = [:]
    /// The alarms that are not normal.
    private var alarms: [String: AlarmRecord] = [:]

    /// Begins where the stored alarms stand; everything else is written afresh in the first cycle.
    init(_ database: Database) throws {
        let newest = """
            SELECT body FROM alarm WHERE id IN (SELECT max(id) FROM alarm GROUP BY subject)
            """
        for body in try String.fetchAll(database, sql: newest) {
            let alarm = try JournalCoding.decode(AlarmRecord.self, body)
            if alarm.state != .normal { alarms[alarm.id] = alarm }
        }
    }

    /// Writes one cycle's part; to be called inside the cycle's transaction, on a copy that is kept if it commits.
    mutating func write(
        _ record: CycleRecord,
        ownEvents: [Event],
        hasPlace: (PointID) -> Bool,
        to database: Database
    ) throws {
        let time = record.image.time
        for event in record.events + ownEvents {
            try insert(.event, event.time, event.kind, event, database)
        }
        for outcome in record.outcomes {
            try insert(.outcome, outcome.time, outcome.point.description, outcome, database)
        }
        for decision in record.decisions {
            let key = key(decision, hasPlace: hasPlace(decision.point))
            guard decisions[decision.point] != key else { continue }
            decisions[decision.point] = key
            try insert(.decision, time, decision.point.description, decision, database)
        }
        for command in record.commands {
            let key = CommandKey(
                value: command.value.bitPattern,
                origin: command.origin,
                reason: command.reason.code,
                authority: command.authority
            )
            guard commands[command.point] != key else { continue }
            commands[command.point] = key
            try insert(.command, time, command.point.description, command, database)
        }
        for loop in record.loops {
            let key = LoopKey(mode: loop.mode, state: loop.state, since: loop.since)
            guard loops[loop.id] != key else { continue }
            loops[loop.id] = key
            try insert(.loop, time, loop.id, loop, database)
        }
        try writeAlarms(record, to: database)
    }

    private mutating func writeAlarms(_ record: CycleRecord, to database: Database) throws {
        var standing: Set<String> = []
        for alarm in record.alarms {
            standing.insert(alarm.id)
            let known = alarms[alarm.id]
            let isKnown = known.map { $0.state == alarm.state && $0.since == alarm.since } ?? (alarm.state == .normal)
            guard !isKnown else { continue }
            alarms[alarm.id] = alarm.state == .normal ? nil : alarm
            try insert(.alarm, record.image.time, alarm.id, alarm, database)
        }
        guard alarms.count > standing.count || alarms.keys.contains(where: { !standing.contains($0) }) else { return }
        for id in alarms.keys.sorted() where !standing.contains(id) {
            guard let last = alarms.removeValue(forKey: id) else { continue }
            let normal = AlarmRecord(
                id: id,
                priority: last.priority,
                state: .normal,
                message: last.message,
                response: last.response,
                since: record.image.time
            )
            try insert(.alarm, record.image.time, id, normal, database)
        }
    }

    private func key(_ decision: Decision, hasPlace: Bool) -> DecisionKey {
        DecisionKey(
            origin: decision.origin,
            reason: decision.reason.code,
            bounds: decision.boundBy.map { "\($0.layer.rawValue) \($0.reason.code)" },
            isSent: decision.isSent,
            numbers: hasPlace ? nil : [decision.wish.bitPattern, decision.value.bitPattern]
        )
    }

    private func insert(
        _ table: JournalTable,
        _ time: Timestamp,
        _ subject: String,
        _ body: some Encodable,
        _ database: Database
    ) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT INTO \(table.rawValue) (time, subject, body) VALUES (?, ?, ?)"
        )
        try statement.execute(arguments: [time.milliseconds, subject, JournalCoding.encode(body)])
    }
}

/// JSON as the journal keeps it: keys in order, so that the same record is the same text.
enum JournalCoding {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        do {
            return try decoder.decode(type, from: Data(text.utf8))
        } catch {
            throw CodecError(detail: "a stored \(type) cannot be read: \(error)")
        }
    }
}
