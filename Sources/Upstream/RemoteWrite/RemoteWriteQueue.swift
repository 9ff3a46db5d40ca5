// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Plant
import Synchronization

/// Batches that wait for the receiver, oldest first, as files in a directory; bounded in bytes.
///
/// What has been appended survives kill -9 and loss of power. When the budget is used up the oldest batches go, no
/// more of them than needed, and are counted. Every operation may block in the file system: call it from a thread
/// that may.
package final class RemoteWriteQueue: Sendable {
    /// How full the queue is, and what it lost since it was opened.
    package struct Depth: Hashable, Sendable {
        package fileprivate(set) var batches = 0
        package fileprivate(set) var samples = 0
        /// The size of the waiting files, in bytes.
        package fileprivate(set) var bytes: Int64 = 0
        /// Plant time of the oldest waiting sample; nil where nothing waits.
        package fileprivate(set) var oldest: Timestamp?
        /// Samples given up because the budget was used up.
        package fileprivate(set) var samplesOverBudget = 0
        /// Samples in files that were damaged and set aside.
        package fileprivate(set) var samplesDamaged = 0

        /// A queue in which nothing waits and which lost nothing.
        package static let empty = Depth()
    }

    /// A waiting batch, read.
    package struct Batch: Sendable {
        let file: QueueFile
        /// The compressed request.
        package let payload: [UInt8]
        package var samples: Int { file.samples }
    }

    private struct State {
        var files: [QueueFile] = []
        var nextSequence: UInt64 = 1
        var depth = Depth()

        mutating func takeFirst() {
            let file = files.removeFirst()
            depth.batches -= 1
            depth.samples -= file.samples
            depth.bytes -= file.bytes
            depth.oldest = files.first?.oldest
        }
    }

    private let directory: String
    private let byteBudget: Int64
    /// Held while files are written; whoever only asks for the depth must not wait for that.
    private let state: Mutex<State>
    private let published: Mutex<Depth>

    /// Damaged files are kept for whoever wants to look, the newest of them only.
    static let keptDamagedFiles = 4
    private static let damagedEnding = ".damaged"

    /// Opens the queue in a directory, with all that waits there.
    ///
    /// - Throws: ``RemoteWriteProblem`` where the directory cannot be made or read.
    package init(directory: String, byteBudget: Int64) throws(RemoteWriteProblem) {
        self.directory = directory
        self.byteBudget = byteBudget
        let names: [String]
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            names = try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            throw RemoteWriteProblem(
                "the queue cannot be opened: \(error.localizedDescription)",
                at: directory,
                remedy: "give a directory the agent may write to"
            )
        }
        var files: [QueueFile] = []
        for name in names {
            let path = directory + "/" + name
            // What was being written when the agent was killed was never acknowledged.
            if name.hasSuffix(DurableFile.partialEnding) { try? FileManager.default.removeItem(atPath: path) }
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            let bytes = (attributes?[.size] as? NSNumber)?.int64Value ?? 0
            if let file = QueueFile(name: name, bytes: bytes) { files.append(file) }
        }
        files.sort { $0.sequence < $1.sequence }
        var initial = State()
        initial.files = files
        initial.nextSequence = (files.last?.sequence ?? 0) + 1
        for file in files { initial.depth.add(file) }
        initial.depth.oldest = files.first?.oldest
        state = Mutex(initial)
        published = Mutex(initial.depth)
        change { shrink(&$0, toFit: 0) }
    }

    /// How full it is; never waits for the file system.
    package var depth: Depth { published.withLock { $0 } }

    private func change<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        state.withLock { state in
            let result = body(&state)
            let depth = state.depth
            published.withLock { $0 = depth }
            return result
        }
    }

    /// Keeps a batch; on return it survives a crash.
    ///
    /// - Throws: ``RemoteWriteProblem`` where it cannot be written, or is larger than the whole budget.
    package func append(_ payload: [UInt8], samples: Int, oldest: Timestamp) throws(RemoteWriteProblem) {
        let content = QueueFile.content(payload)
        let problem = change { state -> RemoteWriteProblem? in
            let file = QueueFile(
                sequence: state.nextSequence,
                samples: samples,
                oldest: oldest,
                bytes: Int64(content.count)
            )
            guard file.bytes <= byteBudget else {
                state.depth.samplesOverBudget += samples
                return nil
            }
            shrink(&state, toFit: file.bytes)
            do {
                try DurableFile.write(content, to: path(file))
            } catch {
                return RemoteWriteProblem(
                    "a batch cannot be written: \(error.localizedDescription)",
                    at: directory,
                    remedy: "free space on the disk or lower the queue's byte budget"
                )
            }
            state.nextSequence += 1
            state.files.append(file)
            state.depth.add(file)
            state.depth.oldest = state.files.first?.oldest
            return nil
        }
        if let problem { throw problem }
    }

    /// The oldest batch; nil where nothing waits.
    ///
    /// Damaged files on the way to it are set aside.
    package func oldest() -> Batch? {
        while let file = state.withLock({ $0.files.first }) {
            let content = FileManager.default.contents(atPath: path(file)).map { [UInt8]($0) } ?? []
            if let payload = QueueFile.payload(of: content) { return Batch(file: file, payload: payload) }
            change { state in
                // The budget may have taken the file away while it was read; that is counted already.
                guard let first = state.files.first, first == file else { return }
                state.takeFirst()
                state.depth.samplesDamaged += file.samples
                setAside(file)
            }
        }
        return nil
    }

    /// Takes a batch out that needs no more sending; nothing happens where the budget took it before.
    package func remove(_ batch: Batch) {
        change { state in
            guard let first = state.files.first, first == batch.file else { return }
            state.takeFirst()
            try? FileManager.default.removeItem(atPath: path(first))
        }
    }

    private func shrink(_ state: inout State, toFit bytes: Int64) {
        while let first = state.files.first, state.depth.bytes + bytes > byteBudget {
            state.takeFirst()
            state.depth.samplesOverBudget += first.samples
            try? FileManager.default.removeItem(atPath: path(first))
        }
    }

    private func setAside(_ file: QueueFile) {
        try? DurableFile.rename(path(file), to: path(file) + Self.damagedEnding)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        for name in names.filter({ $0.hasSuffix(Self.damagedEnding) }).sorted().dropLast(Self.keptDamagedFiles) {
            try? FileManager.default.removeItem(atPath: directory + "/" + name)
        }
    }

    private func path(_ file: QueueFile) -> String { directory + "/" + file.name }
}

extension RemoteWriteQueue.Depth {
    fileprivate mutating func add(_ file: QueueFile) {
        batches += 1
        samples += file.samples
        bytes += file.bytes
    }
}
