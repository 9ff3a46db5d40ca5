// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
package import Plant
import Synchronization

/// Sends the site's series to a central engine, and keeps them on disk while nobody takes them.
///
/// The cycle hands records in and never waits; batches reach the disk before they reach the wire, leave in order, one
/// at a time, and go from the disk only once the receiver took them. Those left by an earlier run go first.
/// Sampling, encoding and the disk have a thread of their own.
package final class RemoteWriter: Sendable {
    private let settings: RemoteWriteSettings
    private let version: String
    private let clock: any PlantClock
    private let encoder: WriteRequestEncoder
    private let queue: RemoteWriteQueue
    private let sampler: Mutex<RecordSampler>
    private let report: @Sendable (Event) -> Void
    private let records: AsyncStream<CycleRecord>
    private let input: AsyncStream<CycleRecord>.Continuation
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private let state: Mutex<State>
    /// Computes and blocks in place of the shared pool's few threads, which the cycle runs on.
    private let worker = DispatchQueue(label: "thermocline.remote-write", qos: .utility)

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
    ///   - queueDirectory: the directory of the queue, used by nobody else; created where it does not exist.
    ///   - version: the agent's version, for the receiver's log.
    ///   - clock: plant time, to say how old the queue is.
    ///   - report: is told when sending begins to fail and when it works again.
    /// - Throws: ``RemoteWriteProblem`` where the queue cannot be opened.
    package init(
        site: SiteDescription,
        settings: RemoteWriteSettings,
        queueDirectory: String,
        version: String,
        clock: any PlantClock,
        report: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws(RemoteWriteProblem) {
        self.settings = settings
        self.version = version
        self.clock = clock
        self.report = report
        sampler = Mutex(RecordSampler(site: site))
        encoder = WriteRequestEncoder(externalLabels: settings.allExternalLabels(of: site))
        let queue = try RemoteWriteQueue(directory: queueDirectory, byteBudget: settings.queueByteBudget)
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
        for await record in records {
            await aside { self.keep(record) }
            wake.yield()
        }
    }

    private func keep(_ record: CycleRecord) {
        let samples = sampler.withLock { $0.samples(of: record) }
        for start in stride(from: 0, to: samples.count, by: settings.batchSamples) {
            let batch = Array(samples[start..<min(samples.count, start + settings.batchSamples)])
            guard let oldest = batch.map(\.time).min() else { continue }
            do throws(RemoteWriteProblem) {
                try queue.append(encoder.encode(batch), samples: batch.count, oldest: oldest)
            } catch {
                note(problem: error.description) { $0.samplesNotWritten += batch.count }
            }
        }
    }

    // MARK: - Onto the wire

    private func sendForever(_ sender: RemoteWriteSender) async {
        var wakes = wakes.makeAsyncIterator()
        var failures = 0
        while !Task.isCancelled {
            guard let batch = await aside({ [queue] in queue.oldest() }) else {
                if await wakes.next() == nil { return }
                continue
            }
            let outcome = await attempt(batch, by: sender)
            if Task.isCancelled, outcome != .accepted { return }
            note(outcome, samples: batch.samples)
            guard case .failed(_, let asked) = outcome else {
                failures = 0
                await aside { [queue] in queue.remove(batch) }
                continue
            }
            failures += 1
            try? await Task.sleep(for: pause(failures: failures, asked: asked))
        }
    }

    private func attempt(_ batch: RemoteWriteQueue.Batch, by sender: RemoteWriteSender) async
        -> RemoteWriteSender.Outcome
    {
        guard let credentials = settings.credentials else {
            return await sender.send(batch.payload, authorization: nil)
        }
        let secret = await aside { () -> Result<String, RemoteWriteProblem> in
            Result { () throws(RemoteWriteProblem) in try RemoteWriteSecret.authorization(credentials) }
        }
        switch secret {
        case .success(let authorization): return await sender.send(batch.payload, authorization: authorization)
        // Not refused for good: the file may be mounted or written later.
        case .failure(let problem): return .failed(problem.description, retryAfter: nil)
        }
    }

    private func note(_ outcome: RemoteWriteSender.Outcome, samples: Int) {
        switch outcome {
        case .accepted:
            note(problem: "") { status in
                status.samplesSent += samples
                status.batchesSent += 1
            }
        case .rejected(let text):
            note(problem: "\(settings.url): \(text)") { $0.samplesRejected += samples }
        case .failed(let text, _):
            note(problem: "\(settings.url): \(text)") { $0.failedAttempts += 1 }
        }
    }

    /// Counts, and reports where trouble begins or ends; `problem` is empty where there is none.
    private func note(problem: String, _ count: (inout RemoteWriteStatus) -> Void) {
        let hasChanged = state.withLock { state in
            count(&state.status)
            defer { state.status.lastProblem = problem }
            return state.status.lastProblem.isEmpty != problem.isEmpty
        }
        guard hasChanged else { return }
        report(
            Event(
                time: clock.now(),
                kind: problem.isEmpty ? "remote_write_restored" : "remote_write_failing",
                subject: settings.id,
                message: problem.isEmpty
                    ? "the receiver '\(settings.id)' takes samples again"
                    : "samples wait for the receiver '\(settings.id)': \(problem)"
            )
        )
    }

    /// Doubles with each failure; spread by a quarter so that the sites of a fleet do not come back all at once.
    private func pause(failures: Int, asked: Duration?) -> Duration {
        let doubled = settings.firstRetryDelay * (1 << min(failures - 1, 20))
        let longest = settings.longestRetryDelay
        return min(longest, max(doubled, asked ?? .zero)) * Double.random(in: 0.75...1)
    }

    private func aside<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            worker.async { continuation.resume(returning: work()) }
        }
    }
}
