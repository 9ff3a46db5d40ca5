// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Agent
import Plant
import Testing

@Suite("Records on their way to the store")
struct RecordQueueTests {
    private func record(_ sequence: Int) -> CycleRecord {
        CycleRecord(
            sequence: sequence,
            image: ProcessImage(time: Timestamp(milliseconds: Int64(sequence) * 1_000), readings: []),
            wallTime: Timestamp(milliseconds: 0)
        )
    }

    @Test func `records come out in order and the queue ends when closed`() async {
        let queue = RecordQueue(capacity: 10)
        for sequence in 1...3 { queue.enqueue(record(sequence)) }
        queue.close()
        queue.enqueue(record(4))
        var seen: [Int] = []
        while let next = await queue.next() { seen.append(next.sequence) }
        #expect(seen == [1, 2, 3])
        #expect(queue.dropped == 0)
    }

    @Test func `a full queue drops the oldest and counts it`() async {
        let queue = RecordQueue(capacity: 2)
        for sequence in 1...5 { queue.enqueue(record(sequence)) }
        queue.close()
        var seen: [Int] = []
        while let next = await queue.next() { seen.append(next.sequence) }
        #expect(seen == [4, 5])
        #expect(queue.dropped == 3)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a waiting consumer gets the next record`() async {
        let queue = RecordQueue()
        async let next = queue.next()
        queue.enqueue(record(7))
        #expect(await next?.sequence == 7)
        async let end = queue.next()
        queue.close()
        #expect(await end == nil)
    }
}

@Suite("Requests on their way into a cycle")
struct RequestInboxTests {
    private let request = OperatorRequest(action: .acknowledge(alarm: "x"), reason: "test")

    @Test(.timeLimit(.minutes(1)))
    func `a request is answered by the cycle that takes it`() async {
        let inbox = RequestInbox()
        async let reply = inbox.submit(request)
        var taken = inbox.take()
        while taken.requests.isEmpty {
            await Task.yield()
            taken = inbox.take()
        }
        taken.answer([OperatorReply(accepted: true, message: "done")])
        #expect(await reply == OperatorReply(accepted: true, message: "done"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `a closed inbox refuses`() async {
        let inbox = RequestInbox()
        inbox.close()
        #expect(await inbox.submit(request).accepted == false)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a cancelled request is withdrawn`() async {
        let inbox = RequestInbox()
        let task = Task { await inbox.submit(request) }
        task.cancel()
        #expect(await task.value.accepted == false)
        #expect(inbox.take().requests.isEmpty)
    }
}

@Suite("Plant clocks")
struct PlantClockTests {
    @Test func `a scaled clock runs from its anchor at its scale`() {
        let wall = Timestamp.wallNow - .seconds(10)
        let start = Timestamp(milliseconds: 1_772_344_800_000)
        let clock = ScaledPlantClock(anchor: ClockAnchor(wall: wall, plant: start), timeScale: 60)
        let elapsed = (clock.now() - start).inSeconds
        #expect(elapsed >= 600 && elapsed < 1_200)
        #expect(clock.wallDuration(ofPlant: .seconds(60)) == .seconds(1))
    }
}
