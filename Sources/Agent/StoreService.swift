// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Plant
import ServiceLifecycle
import Store

/// Writes queued records to the store, retries while the disk fails, and keeps the restart file fresh.
struct StoreService: Service {
    let store: Store
    let queue: RecordQueue
    let engine: EngineBox
    let shellEvents: EventBuffer
    let counters: AgentCounters
    let logger: Logger
    /// Wall time between two attempts while the disk fails.
    var retryInterval: Duration = .seconds(1)
    /// Cycles between two restart files.
    var snapshotEvery = 60

    func run() async throws {
        var written = 0
        while let record = await queue.next() {
            await write(record)
            written += 1
            if written.isMultiple(of: snapshotEvery) { await saveEngine() }
        }
        await saveEngine()
        await store.close()
        // The queue may be drained before the group's shutdown has come to this service; ending then would look to
        // the group as if the store had failed.
        try? await gracefulShutdown()
    }

    private func write(_ record: CycleRecord) async {
        var hasFailed = false
        while true {
            do {
                let begin = ContinuousClock.now
                for event in try await store.append(record) {
                    logger.notice("\(event.message)", metadata: event.metadata)
                }
                counters.recordStored(in: ContinuousClock.now - begin)
                if hasFailed { logger.notice("the store takes records again; \(queue.depth) are waiting") }
                return
            } catch {
                counters.storeFailed()
                if !hasFailed { report(error, at: record.image.time) }
                hasFailed = true
            }
            // After the last cycle there is nobody to wait for: give up rather than hang the shutdown.
            if Task.isCancelled || Task.isShuttingDownGracefully { return }
            try? await Task.sleep(for: retryInterval)
        }
    }

    private func report(_ error: StoreProblem, at time: Timestamp) {
        logger.error("\(error)")
        shellEvents.append(Event(time: time, kind: "store_failing", subject: "store", message: "\(error)"))
    }

    private func saveEngine() async {
        do {
            let bytes = try JSONEncoder().encode(engine.snapshot())
            try await store.saveState(Restart.engineState, [UInt8](bytes))
        } catch {
            logger.warning("the restart file could not be written: \(error)")
        }
    }
}
