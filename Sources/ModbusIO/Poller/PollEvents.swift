// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Synchronization

/// What happened while polling, oldest first, until somebody takes it.
///
/// A device that is ill all the time may say so ten times a minute for each kind of event; the rest is counted and
/// told with the next one.
final class PollEvents: Sendable {
    /// Events kept; beyond it the newest are dropped.
    static let limit = 1_024
    /// Events of one kind and device in one minute of wall time.
    static let minuteLimit = 10
    private static let minute: Int64 = 60_000_000_000

    private struct Allowance {
        var since: MonotonicTime
        var told = 0
        var untold = 0
    }

    private struct Subject: Hashable {
        let kind: String
        let name: String
    }

    private struct Contents {
        var waiting: [Event] = []
        var dropped = 0
        /// Bounded: as many as there are devices and kinds.
        var allowances: [Subject: Allowance] = [:]
    }

    private let contents = Mutex(Contents())

    /// Events that were dropped because nobody took them.
    var dropped: Int { contents.withLock { $0.dropped } }

    func append(_ event: Event, wallTime: MonotonicTime) {
        contents.withLock { contents in
            let subject = Subject(kind: event.kind, name: event.subject)
            var allowance = contents.allowances[subject] ?? Allowance(since: wallTime)
            defer { contents.allowances[subject] = allowance }
            if wallTime - allowance.since >= Self.minute {
                allowance.since = wallTime
                allowance.told = 0
            }
            guard allowance.told < Self.minuteLimit else {
                allowance.untold += 1
                return
            }
            guard contents.waiting.count < Self.limit else {
                contents.dropped += 1
                return
            }
            allowance.told += 1
            let more = allowance.untold == 0 ? "" : " (\(allowance.untold) more like it were not told)"
            allowance.untold = 0
            contents.waiting.append(
                Event(time: event.time, kind: event.kind, subject: event.subject, message: event.message + more)
            )
        }
    }

    func take() -> [Event] {
        contents.withLock { contents in
            defer { contents.waiting = [] }
            return contents.waiting
        }
    }
}
