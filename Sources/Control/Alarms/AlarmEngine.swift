// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// All alarms of a site: raises, returns, groups and shelves them.
package struct AlarmEngine: Sendable, Codable {
    private var entries: [AlarmEntry] = []
    /// Plant times at which alarms were newly shown inside the flood window, oldest first.
    private var shownAt: [Timestamp] = []
    private var floodSince: Timestamp?

    /// New alarms shown per ``floodWindow`` before the rest is grouped (ANSI/ISA-18.2-2016, clause 16.4).
    package static let floodLimit = 10
    package static let floodWindow = Duration.seconds(600)
    /// The group that stands for alarms not shown.
    package static let floodID = "alarm_flood"
    /// Alarms remembered at most; the condition of a further one waits until another is over.
    package static let capacity = 2_000

    package init() {}

    /// One cycle.
    ///
    /// - Parameters:
    ///   - conditions: the conditions watched, present or not; one that is not given counts as gone.
    ///   - suppressedPrefixes: identifiers of what is down; what follows from it is suppressed.
    ///   - time: plant time.
    /// - Returns: the alarms to show, sorted, and what changed.
    package mutating func step(
        _ conditions: [AlarmCondition],
        suppressedPrefixes: [String] = [],
        at time: Timestamp
    ) -> (records: [AlarmRecord], events: [Event]) {
        // Most cycles have nothing to raise and nothing to remember.
        if conditions.isEmpty, entries.isEmpty, shownAt.isEmpty, floodSince == nil { return ([], []) }
        var events: [Event] = []
        var given: [AlarmCondition?] = Array(repeating: nil, count: entries.count)
        var positions: [String: Int] = [:]
        for position in entries.indices { positions[entries[position].id] = position }
        for condition in conditions {
            if let position = positions[condition.id] {
                if given[position]?.isPresent != true { given[position] = condition }
            } else if condition.isPresent, entries.count < Self.capacity {
                positions[condition.id] = entries.count
                entries.append(AlarmEntry(condition, at: time))
                given.append(condition)
            }
        }
        for position in entries.indices {
            let id = entries[position].id
            let isSuppressed =
                !suppressedPrefixes.isEmpty && suppressedPrefixes.contains { Self.isDependent(id, of: $0) }
            if entries[position].step(given[position], isSuppressed: isSuppressed, at: time) != nil {
                events.append(Self.event(entries[position], at: time))
            }
        }
        entries.removeAll(where: \.isOver)
        return (show(at: time), events)
    }

    /// Acknowledges an alarm, or with ``floodID`` all that are grouped.
    ///
    /// - Returns: what changed; nil where there is no such alarm to acknowledge.
    package mutating func acknowledge(_ id: String, at time: Timestamp) -> [Event]? {
        var events: [Event]?
        for position in entries.indices
        where entries[position].id == id || (id == Self.floodID && isWaiting(entries[position])) {
            guard entries[position].state == .active || entries[position].state == .returned else { continue }
            if entries[position].acknowledge(at: time) != nil {
                events = (events ?? []) + [Self.event(entries[position], at: time)]
            }
        }
        return events
    }

    /// Puts an alarm aside for a while.
    ///
    /// - Returns: what changed; nil where there is no such alarm.
    package mutating func shelve(_ id: String, for duration: Duration, at time: Timestamp) -> [Event]? {
        guard let position = entries.firstIndex(where: { $0.id == id && $0.state != .normal }) else { return nil }
        let left = entries[position].shelve(until: time + duration, at: time)
        return left == nil ? [] : [Self.event(entries[position], at: time)]
    }

    /// Whether an alarm is about a point or function of something that is down, but not the alarm that says so.
    private static func isDependent(_ id: String, of cause: String) -> Bool {
        id.hasPrefix(cause) && id.dropFirst(cause.utf8.count).hasPrefix("/") && !id.hasSuffix(DeviceAlarms.suffix)
            && !id.hasSuffix(DeviceAlarms.mismatchSuffix)
    }

    private static func event(_ entry: AlarmEntry, at time: Timestamp) -> Event {
        Event(time: time, kind: "alarm_\(entry.state.rawValue)", subject: entry.id, message: entry.record.message)
    }

    private func isWaiting(_ entry: AlarmEntry) -> Bool {
        !entry.isShown && (entry.state == .active || entry.state == .returned)
    }

    // MARK: What the operator sees

    private mutating func show(at time: Timestamp) -> [AlarmRecord] {
        shownAt.removeAll { time - $0 >= Self.floodWindow }
        for position in entries.indices {
            switch entries[position].state {
            case .acknowledged, .shelved, .suppressed: entries[position].isShown = true
            case .normal: entries[position].isShown = false
            case .active, .returned: break
            }
        }
        let waiting = entries.indices.filter { isWaiting(entries[$0]) }
            .sorted { Self.isBefore(entries[$0].record, entries[$1].record) }
        for position in waiting.prefix(max(0, Self.floodLimit - shownAt.count)) {
            entries[position].isShown = true
            shownAt.append(time)
        }
        var records = entries.filter { $0.isShown && $0.state != .normal }.map(\.record)
        records.sort(by: Self.isBefore)
        if let group = floodRecord(at: time) { records.insert(group, at: 0) }
        return records
    }

    private mutating func floodRecord(at time: Timestamp) -> AlarmRecord? {
        let hidden = entries.filter { isWaiting($0) }.map(\.record).sorted(by: Self.isBefore)
        guard let worst = hidden.first else {
            floodSince = nil
            return nil
        }
        let since = floodSince ?? time
        floodSince = since
        return AlarmRecord(
            id: Self.floodID,
            priority: worst.priority,
            state: .active,
            message: "\(hidden.count) further alarm(s), among them \(worst.id): \(worst.message)",
            response: "work through the alarms shown; the rest follows as they are acknowledged",
            since: since
        )
    }

    /// Worst first, then oldest, then by name.
    private static func isBefore(_ left: AlarmRecord, _ right: AlarmRecord) -> Bool {
        let ranks = (rank(left.priority), rank(right.priority))
        if ranks.0 != ranks.1 { return ranks.0 < ranks.1 }
        return left.since == right.since ? left.id < right.id : left.since < right.since
    }

    private static func rank(_ priority: AlarmPriority) -> Int {
        switch priority {
        case .high: 0
        case .medium: 1
        case .low: 2
        }
    }
}
