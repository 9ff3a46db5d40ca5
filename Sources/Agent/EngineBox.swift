// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Synchronization

/// The cycle engine where the cycle steps it and the store service takes its restart file.
package final class EngineBox: Sendable {
    private let engine: Mutex<CycleEngine>

    package init(_ engine: CycleEngine) { self.engine = Mutex(engine) }

    package func step(_ inputs: CycleInputs) -> (record: CycleRecord, replies: [OperatorReply]) {
        engine.withLock { $0.step(inputs) }
    }

    package func homeCommands(at time: Timestamp, authority: Authority) -> [Command] {
        engine.withLock { $0.homeCommands(at: time, authority: authority) }
    }

    package func snapshot() -> EngineSnapshot { engine.withLock { $0.snapshot() } }
}
