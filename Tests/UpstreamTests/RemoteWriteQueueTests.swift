// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import TestKit
import Testing
import Upstream

@Suite("Remote write: the queue on disk")
struct RemoteWriteQueueTests {
    let directory: TemporaryDirectory
    let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path("queue")
    }

    /// A batch of a hundred bytes, told apart by its number.
    static func payload(_ number: Int) -> [UInt8] { Array(repeating: UInt8(truncatingIfNeeded: number), count: 100) }

    static func time(_ number: Int) -> Timestamp { RemoteWriteSite.start + .seconds(number) }

    static let fileBytes: Int64 = 108

    func open(budget: Int64 = 1 << 20) throws -> RemoteWriteQueue {
        try RemoteWriteQueue(directory: path, byteBudget: budget)
    }

    func fill(_ queue: RemoteWriteQueue, _ numbers: ClosedRange<Int>) throws {
        for number in numbers { try queue.append(Self.payload(number), samples: number, oldest: Self.time(number)) }
    }

    func drain(_ queue: RemoteWriteQueue) -> [Int] {
        var numbers: [Int] = []
        while let batch = queue.oldest() {
            #expect(batch.payload == Self.payload(batch.samples))
            numbers.append(batch.samples)
            queue.remove(batch)
        }
        return numbers
    }

    func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }

    @Test func `batches leave in the order they came, and their files with them`() throws {
        let queue = try open()
        try fill(queue, 1...12)
        #expect(queue.depth.batches == 12)
        #expect(queue.depth.samples == 78)
        #expect(queue.depth.bytes == 12 * Self.fileBytes)
        #expect(queue.depth.oldest == Self.time(1))
        #expect(drain(queue) == Array(1...12))
        #expect(queue.depth == RemoteWriteQueue.Depth.empty)
        #expect(try files() == [])
    }

    @Test func `a batch stays the oldest until it is removed`() throws {
        let queue = try open()
        try fill(queue, 1...2)
        #expect(queue.oldest()?.samples == 1)
        #expect(queue.oldest()?.samples == 1)
    }

    @Test func `what waits is there after a restart, in its order, and new batches come behind it`() throws {
        try fill(open(), 1...11)
        let reopened = try open()
        #expect(reopened.depth.samples == 66)
        #expect(reopened.depth.oldest == Self.time(1))
        try fill(reopened, 12...13)
        #expect(try drain(open()) == Array(1...13))
    }

    @Test func `a full queue gives up its oldest batches, no more than needed, and counts them`() throws {
        let queue = try open(budget: 5 * Self.fileBytes)
        try fill(queue, 1...7)
        #expect(queue.depth.batches == 5)
        #expect(queue.depth.bytes <= 5 * Self.fileBytes)
        #expect(queue.depth.samplesOverBudget == 1 + 2)
        #expect(try files().count == 5)
        #expect(drain(queue) == Array(3...7))
    }

    @Test func `a budget made smaller holds from the next start`() throws {
        try fill(open(), 1...5)
        let queue = try open(budget: 2 * Self.fileBytes)
        #expect(queue.depth.samplesOverBudget == 6)
        #expect(drain(queue) == [4, 5])
    }

    @Test func `a batch larger than the budget is counted, and drives nothing else out`() throws {
        let queue = try open(budget: 2 * Self.fileBytes)
        try fill(queue, 1...2)
        try queue.append(Array(repeating: 0, count: 500), samples: 9, oldest: Self.time(3))
        #expect(queue.depth.samplesOverBudget == 9)
        #expect(drain(queue) == [1, 2])
    }

    @Test func `a batch given up while it is sent is not removed twice`() throws {
        let queue = try open(budget: 2 * Self.fileBytes)
        try fill(queue, 1...2)
        let sending = try #require(queue.oldest())
        try fill(queue, 3...3)
        queue.remove(sending)
        #expect(drain(queue) == [2, 3])
    }

    @Test(
        "a damaged file is set aside, counted, and does not stop those behind it",
        arguments: ["flipped bit", "cut short", "empty", "other mark", "gone"]
    )
    func damaged(kind: String) throws {
        try fill(open(), 1...3)
        let name = try #require(files().first { $0.contains("-2-") })
        var bytes = [UInt8](try #require(FileManager.default.contents(atPath: path + "/" + name)))
        switch kind {
        case "flipped bit": bytes[60] ^= 4
        case "cut short": bytes.removeLast(40)
        case "empty": bytes = []
        case "other mark": bytes[0] = 0
        default: break
        }
        try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
        if kind == "gone" { try FileManager.default.removeItem(atPath: path + "/" + name) }
        let queue = try open()
        let present = kind == "gone" ? [1, 3] : [1, 2, 3]
        #expect(queue.depth.batches == present.count)
        #expect(drain(queue) == [1, 3])
        #expect(queue.depth.samplesDamaged == (kind == "gone" ? 0 : 2))
        #expect(try files() == (kind == "gone" ? [] : [name + ".damaged"]))
        #expect(try drain(open()) == [], "a file set aside is not taken up again")
    }

    @Test func `only the newest damaged files are kept`() throws {
        try fill(open(), 1...9)
        for name in try files() { try Data().write(to: URL(fileURLWithPath: path + "/" + name)) }
        let queue = try open()
        #expect(drain(queue) == [])
        #expect(queue.depth.samplesDamaged == 45)
        #expect(try files().count == 4)
        #expect(try files().allSatisfy { $0.hasSuffix(".damaged") })
    }

    @Test func `what was being written at a crash is cleared away, what is not the queue's is left alone`() throws {
        try fill(open(), 1...1)
        let stray = ["00000000000000000002-2-5.batch.partial", "readme.txt", "2-2-5.batch", "x-1-2.batch"]
        for name in stray { try Data([1]).write(to: URL(fileURLWithPath: path + "/" + name)) }
        let queue = try open()
        #expect(queue.depth.batches == 1)
        #expect(drain(queue) == [1])
        #expect(try files() == ["2-2-5.batch", "readme.txt", "x-1-2.batch"])
    }

    @Test func `a directory that cannot be made is a problem that names it`() throws {
        let file = directory.path("file")
        try Data().write(to: URL(fileURLWithPath: file))
        let problem = #expect(throws: RemoteWriteProblem.self) {
            try RemoteWriteQueue(directory: file + "/queue", byteBudget: 1 << 20)
        }
        #expect(problem?.place == file + "/queue")
    }

    @Test func `a batch that cannot be written is a problem, and the queue goes on`() throws {
        let queue = try open()
        try fill(queue, 1...1)
        try FileManager.default.removeItem(atPath: path)
        #expect(throws: RemoteWriteProblem.self) { try fill(queue, 2...2) }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try fill(queue, 3...3)
        #expect(drain(queue) == [3])
        #expect(queue.depth.samplesDamaged == 1)
    }
}
