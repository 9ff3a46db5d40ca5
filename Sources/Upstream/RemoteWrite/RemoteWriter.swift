// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
package import Plant
import Synchronization

/// Sends the site's series to a central engine, and keeps them on disk while nobody takes them.
///
/// The cycle hands records in and never waits; batches reach the disk before they reach the wire, leave in order, one
/// at a time, and go from the disk only once the receiver took them. Those left by an earlier run go first.
package final class RemoteWriter: Sendable {
    private let settings: RemoteWriteSettings
    private let version: String
    private let clock: any PlantClock
    private let encoder: WriteRequestEncoder
    private let queue: RemoteWriteQueue
    private let site: SiteDescription
    private let records: AsyncStream<CycleRecord>
    private let input: AsyncStream<CycleRecord>.Continuation
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private let state: Mutex<State>
    /// Blocks in the file system in place of the shared pool's few threads.
    private let disk = DispatchQueue(label: "thermocline.remote-write")

    private struct State {
        var status: RemoteWriteStatus
        /// Start of the grid step of the last sampled cycle, in plant time.
        var lastStep: Timestamp?
    }

    /// Sampled cycles that may wait for the disk; beyond that cycles are skipped and counted.
    private static let pendingRecords = 16

    /// Makes a writer and opens its queue.
    ///
    /// - Parameters:
    ///   - site: the site whose series are sent.
    ///   - settings: where to, and how hard to try.
    ///   - version: the agent's version, for the receiver's log.
    ///   - clock: plant time, to say how old the queue is.
    /// - Throws: ``RemoteWriteProblem`` where the settings or the directory cannot work.
    package init(
        site: SiteDescription,
        settings: RemoteWriteSettings,
        version: String,
        clock: any PlantClock
    ) throws(RemoteWriteProblem) {
        try settings.check()
        self.settings = settings
        self.version = version
        self.clock = clock
        self.site = site
        encoder = WriteRequestEncoder(externalLabels: settings.allExternalLabels(of: site))
        let queue = try RemoteWriteQueue(directory: settings.queueDirectory, byteBudget: settings.queueByteBudget)
        self.queue = queue
        (records, input) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.pendingRecords))
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        state = Mutex(State(status: RemoteWriteStatus(queue: queue.depth)))
    }

    /// Hands in a finished cycle; takes it where a step of the sampling grid has begun since the last, and never waits.
    ///
    /// The grid is anchored in the epoch, so a cycle that comes a little late leaves no hole in it.
    package func take(_ record: CycleRecord) {
        let step = record.image.time.floored(to: settings.sampleInterval)
        let isNew = state.withLock { state in
            guard state.lastStep.map({ $0 < step }) ?? true else { return false }
            state.lastStep = step
            return true
        }
        guard isNew else { return }
        if case .dropped = input.yield(record) { state.withLock { $0.status.cyclesSkipped += 1 } }
    }

    /// Takes no more records; ``run()`` writes what it has to the queue and returns.
    package func close() { input.finish() }

    /// How it is doing now.
    package func status() -> RemoteWriteStatus {
        let now = clock.now()
        var status = state.withLock { $0.status }
        status.queue = queue.depth
        status.oldestAge = status.queue.oldest.map { max(.zero, now - $0) }
        return status
    }

    /// Queues and sends until ``close()``, or until the task is cancelled; for one call only.
    ///
    /// What was not sent by then waits on disk for the next start.
    package func run() async {
        let sender = RemoteWriteSender(settings: settings, version: version)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.sendForever(sender) }
            await gather()
            group.cancelAll()
        }
        await sender.shutdown()
    }

    // MARK: - Onto the disk

    private func gather() async {
        var sampler = RecordSampler(site: site)
        for await record in records {
            let samples = sampler.samples(of: record)
            for start in stride(from: 0, to: samples.count, by: settings.batchSamples) {
                await keep(Array(samples[start..<min(samples.count, start + settings.batchSamples)]))
            }
        }
    }

    private func keep(_ samples: [SeriesSample]) async {
        guard let oldest = samples.map(\.time).min() else { return }
        let problem = await onDisk { [encoder, queue] () -> RemoteWriteProblem? in
            do throws(RemoteWriteProblem) {
                try queue.append(encoder.encode(samples), samples: samples.count, oldest: oldest)
                return nil
            } catch {
                return error
            }
        }
        if let problem {
            state.withLock { state in
                state.status.samplesNotWritten += samples.count
                state.status.lastProblem = problem.description
            }
        }
        wake.yield()
    }

    // MARK: - Onto the wire

    private func sendForever(_ sender: RemoteWriteSender) async {
        var wakes = wakes.makeAsyncIterator()
        var failures = 0
        while !Task.isCancelled {
            guard let batch = await onDisk({ [queue] in queue.oldest() }) else {
                if await wakes.next() == nil { return }
                continue
            }
            let outcome = await sender.send(batch.payload)
            if Task.isCancelled, outcome != .accepted { return }
            note(outcome, samples: batch.samples)
            guard case .failed(_, let asked) = outcome else {
                failures = 0
                await onDisk { [queue] in queue.remove(batch) }
                continue
            }
            failures += 1
            try? await Task.sleep(for: pause(failures: failures, asked: asked))
        }
    }

    private func note(_ outcome: RemoteWriteSender.Outcome, samples: Int) {
        state.withLock { state in
            switch outcome {
            case .accepted:
                state.status.samplesSent += samples
                state.status.batchesSent += 1
                state.status.lastProblem = ""
            case .rejected(let text):
                state.status.samplesRejected += samples
                state.status.lastProblem = "\(settings.url): \(text)"
            case .failed(let text, _):
                state.status.failedAttempts += 1
                state.status.lastProblem = "\(settings.url): \(text)"
            }
        }
    }

    /// Doubles with each failure; spread by a quarter so that the sites of a fleet do not come back all at once.
    private func pause(failures: Int, asked: Duration?) -> Duration {
        let doubled = settings.firstRetryDelay * (1 << min(failures - 1, 20))
        let longest = settings.longestRetryDelay
        return min(longest, max(doubled, asked ?? .zero)) * Double.random(in: 0.75...1)
    }

    private func onDisk<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            disk.async { continuation.resume(returning: work()) }
        }
    }
}
