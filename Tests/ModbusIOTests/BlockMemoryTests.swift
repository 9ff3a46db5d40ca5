// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

@Suite struct BlockMemoryTests {
    static let minute: Int64 = 60_000_000_000

    private func memory(_ count: Int) throws -> BlockMemory {
        let map = registerMap(count)
        let plan = try ReadPlanner(limits: map.limits).plan(map, pollClass: .fast)
        return BlockMemory(plan: plan, retryNanoseconds: 10 * Self.minute)
    }

    /// Reads everything once from a device that refuses blocks with a bad address; tells what was asked.
    @discardableResult
    private func scan(_ memory: inout BlockMemory, bad: Set<Int>, at now: MonotonicTime, exception: UInt8 = 2)
        -> [ReadBlock]
    {
        var asked: [ReadBlock] = []
        var cursor = 0
        while let position = memory.next(from: cursor, at: now) {
            let block = memory.entries[position].block
            asked.append(block)
            let addresses = Int(block.address)..<block.range.end
            if bad.contains(where: { addresses.contains($0) }) {
                let refusal = memory.refused(position, exception: exception, at: now)
                cursor = refusal == .halved ? position : position + 1
            } else {
                memory.answered(position)
                cursor = position + 1
            }
        }
        return asked
    }

    private func resting(_ memory: BlockMemory) -> Set<Int> {
        Set(memory.entries.filter { $0.restsUntil != nil }.flatMap { Int($0.block.address)..<$0.block.range.end })
    }

    @Test(arguments: [[0], [99], [50], [3, 4], [0, 99], [10, 20, 30, 40], Array(0..<100)])
    func findsExactlyTheBadAddresses(_ bad: [Int]) throws {
        var memory = try memory(100)
        let now = MonotonicTime(nanoseconds: 0)
        scan(&memory, bad: Set(bad), at: now)
        #expect(resting(memory) == Set(bad))
        let again = scan(&memory, bad: Set(bad), at: now + Self.minute)
        #expect(Set(again.flatMap { Int($0.address)..<$0.range.end }) == Set(0..<100).subtracting(bad))
    }

    @Test func findsOneBadAddressWithFewRequests() throws {
        var memory = try memory(100)
        #expect(scan(&memory, bad: [63], at: MonotonicTime(nanoseconds: 0)).count <= 2 * 7 + 1)
    }

    @Test func triesABadAddressAgainRarely() throws {
        var memory = try memory(8)
        let start = MonotonicTime(nanoseconds: 0)
        scan(&memory, bad: [5], at: start)
        #expect(!scan(&memory, bad: [5], at: start + 9 * Self.minute).contains { $0.address == 5 })
        #expect(scan(&memory, bad: [5], at: start + 10 * Self.minute).contains { $0.address == 5 })
        #expect(!scan(&memory, bad: [5], at: start + 11 * Self.minute).contains { $0.address == 5 })
    }

    @Test func takesAnAddressBackOnceItCanBeRead() throws {
        var memory = try memory(8)
        let start = MonotonicTime(nanoseconds: 0)
        scan(&memory, bad: [5], at: start)
        scan(&memory, bad: [], at: start + 10 * Self.minute)
        #expect(resting(memory).isEmpty)
        memory.review(at: start + 20 * Self.minute)
        #expect(scan(&memory, bad: [], at: start + 20 * Self.minute).map(\.count) == [8], "as it was planned")
    }

    @Test func aBridgedHoleCostsNoPoint() throws {
        let points = [point("a", 0), point("b", 1), point("c", 8), point("d", 9)]
        let map = DeviceMap(name: "m", category: .valve, confirmation: .simulated, points: points)
        let plan = try ReadPlanner(limits: map.limits).plan(map, pollClass: .fast)
        #expect(plan.blocks.map(\.count) == [10])
        var memory = BlockMemory(plan: plan, retryNanoseconds: 10 * Self.minute)
        scan(&memory, bad: [4], at: MonotonicTime(nanoseconds: 0))
        #expect(resting(memory).isEmpty)
        #expect(memory.entries.map(\.block.range.address) == [0, 8])
        #expect(memory.entries.map(\.block.count) == [2, 2])
    }

    @Test func illegalFunctionCondemnsTheBlockWhole() throws {
        var memory = try memory(100)
        #expect(scan(&memory, bad: [0], at: MonotonicTime(nanoseconds: 0), exception: 1).count == 1)
        #expect(resting(memory).count == 100)
    }

    @Test func bitsOfOneRegisterAreNotHalved() throws {
        let points = (0..<16).map { point("b\($0)", 7, .bit($0)) }
        let map = DeviceMap(name: "m", category: .valve, confirmation: .simulated, points: points)
        let plan = try ReadPlanner(limits: map.limits).plan(map, pollClass: .fast)
        var memory = BlockMemory(plan: plan, retryNanoseconds: Self.minute)
        #expect(scan(&memory, bad: [7], at: MonotonicTime(nanoseconds: 0)).count == 1)
    }

    @Test func forgetsAllAfterAReconnect() throws {
        var memory = try memory(8)
        scan(&memory, bad: [1, 6], at: MonotonicTime(nanoseconds: 0))
        memory.reset()
        #expect(scan(&memory, bad: [], at: MonotonicTime(nanoseconds: 1)).map(\.count) == [8])
    }
}
