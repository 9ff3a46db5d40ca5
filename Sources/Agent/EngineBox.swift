// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Synchronization

/// The cycle engine where the cycle steps it and the store service takes its restart file.
package final class EngineBox: Sendable {
    private let engine: Mutex<CycleEngine>

    package init(_ engine: CycleEngine) { self.engine = Mutex(engine) }

    func step(
        _ image: ProcessImage,
        wallTime: Timestamp,
        devices: [DeviceStatus],
        events: [Event]
    ) -> CycleRecord {
        engine.withLock { $0.step(image, wallTime: wallTime, devices: devices, events: events) }
    }

    package func snapshot() -> EngineSnapshot { engine.withLock { $0.snapshot() } }
}

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

    func drain() -> [Event] {
        events.withLock { events in
            defer { events.removeAll(keepingCapacity: true) }
            return events
        }
    }
}
