// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Logging
import ModbusIO
import Observe
import Plant
import ServiceLifecycle
import Upstream

/// Runs the cycle: freeze the newest readings, step the engine, publish the record and hand it on.
///
/// Cycles start at absolute deadlines of wall time; one that comes too late is skipped and counted, never queued.
struct CycleService: Service {
    let site: SiteDescription
    let clock: any PlantClock
    let poller: ModbusPoller
    let engine: EngineBox
    let inbox: RequestInbox
    let authority: Authority
    let latest: LatestCycle
    let queue: RecordQueue
    let remoteWrites: [RemoteWriteService]
    let counters: AgentCounters
    let surfaces: Surfaces
    let shellEvents: EventBuffer
    let logger: Logger

    func run() async throws {
        let hasRun = await cancelWhenGracefulShutdown {
            await surfaces.wait()
            guard !Task.isCancelled else { return false }
            await runCycles()
            return true
        }
        inbox.close()
        // Devices go home; what does not get through is left to their own watchdogs. An agent that could not open its
        // surfaces has taken nothing over and writes nothing.
        if hasRun { poller.submit(engine.homeCommands(at: clock.now(), authority: authority)) }
        queue.close()
    }

    private func runCycles() async {
        let interval = clock.wallDuration(ofPlant: site.effectiveCycleInterval)
        let wallClock = ContinuousClock()
        var deadline = wallClock.now
        var previous = Timestamp(milliseconds: .min)
        while !Task.isCancelled {
            let time = clock.now()
            counters.cycleBegan(late: wallClock.now - deadline)
            // Wall time may step back on a real site; plant time in the record never does.
            if time > previous {
                previous = time
                runOneCycle(at: time)
            }
            deadline += interval
            let now = wallClock.now
            if deadline < now {
                let late = Int((now - deadline) / interval) + 1
                counters.cyclesSkipped(late)
                shellEvents.append(
                    Event(
                        time: time,
                        kind: "cycle_overrun",
                        subject: site.id,
                        message: "\(late) cycle(s) skipped: one took longer than \(interval)"
                    )
                )
                deadline += interval * late
            }
            try? await Task.sleep(until: deadline, clock: wallClock)
        }
    }

    private func runOneCycle(at time: Timestamp) {
        let begin = ContinuousClock.now
        let requests = inbox.take()
        let (record, replies) = engine.step(
            CycleInputs(
                image: ProcessImage(time: time, readings: poller.readings(at: time)),
                wallTime: .wallNow,
                requests: requests.requests,
                outcomes: poller.takeOutcomes(),
                devices: poller.deviceStatuses(),
                events: shellEvents.drain() + poller.takeEvents(),
                authority: authority
            )
        )
        poller.submit(record.commands)
        requests.answer(replies)
        for event in record.events { logger.notice("\(event.message)", metadata: event.metadata) }
        latest.publish(
            record,
            cycleDuration: ContinuousClock.now - begin,
            metrics: metrics,
            endpoints: poller.endpointMetrics()
        )
        queue.enqueue(record)
        for remote in remoteWrites { remote.writer.take(record) }
    }

    private var metrics: [AgentMetric] {
        counters.metrics(queue: queue, pollEventsDropped: poller.droppedEvents) + remoteWrites.flatMap(\.metrics)
    }
}

extension Event {
    var metadata: Logger.Metadata {
        ["kind": .string(kind), "subject": .string(subject), "plant_time": .string(time.iso8601)]
    }
}
