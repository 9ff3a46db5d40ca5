// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// One thread that runs an actor's work in order, so that waiting for the disk never holds up anybody else.
///
/// Swift's shared pool has as many threads as the machine has cores; a handful of calls that block in fsync would
/// stop the whole process. The thread ends when ``stop()`` is called and what was enqueued before has run.
final class StoreThread: SerialExecutor {
    private enum Work {
        case job(UnownedJob)
        case stop
    }

    private struct Queue {
        var work: [Work] = []
        var thread: pthread_t?
    }

    private let queue = Mutex(Queue())
    private let wakeUp = DispatchSemaphore(value: 0)

    init(name: String) {
        let thread = Thread { [self] in run() }
        thread.name = name
        thread.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.withLock { $0.work.append(.job(job)) }
        wakeUp.signal()
    }

    /// Lets the thread end; nothing may be enqueued after it.
    func stop() {
        queue.withLock { $0.work.append(.stop) }
        wakeUp.signal()
    }

    func checkIsolated() {
        precondition(
            queue.withLock { queue in queue.thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false },
            "the store's state was touched outside its thread"
        )
    }

    private func run() {
        queue.withLock { $0.thread = pthread_self() }
        while true {
            wakeUp.wait()
            switch queue.withLock({ $0.work.removeFirst() }) {
            case .job(let job): unsafe job.runSynchronously(on: asUnownedSerialExecutor())
            case .stop: return
            }
        }
    }
}
