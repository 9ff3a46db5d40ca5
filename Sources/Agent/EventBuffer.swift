// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Synchronization

/// Events of the shell on their way into the next cycle's record; bounded, the oldest go first.
package final class EventBuffer: Sendable {
    private let events = Mutex<[Event]>([])
    private static let limit = 1_000

    package init() {}

    package func append(_ event: Event) {
        events.withLock { events in
            if events.count >= Self.limit { events.removeFirst() }
            events.append(event)
        }
    }

    package func drain() -> [Event] {
        events.withLock { events in
            defer { events.removeAll(keepingCapacity: true) }
            return events
        }
    }
}
