// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

@Suite struct ConnectionStateTests {
    static let second: Int64 = 1_000_000_000
    static let zero = MonotonicTime(nanoseconds: 0)

    private func connection(settle: Int64 = 0, seed: UInt64 = 1) -> ConnectionState {
        ConnectionState(
            start: Self.zero,
            backOff: BackOff(first: Self.second / 10, ceiling: 2 * Self.second),
            connectLimit: 3 * Self.second,
            settleTime: settle,
            seed: seed
        )
    }

    @Test func waitsDoubleUpToTheCeiling() {
        let backOff = BackOff(first: 100, ceiling: 2_000)
        #expect((1...7).map { backOff.wait(afterFailures: $0) } == [100, 200, 400, 800, 1_600, 2_000, 2_000])
        #expect(backOff.wait(afterFailures: .max) == 2_000)
    }

    @Test(arguments: 0..<20) func jitterKeepsBetweenHalfAndAllOfTheWait(_ seed: UInt64) throws {
        var connection = connection(seed: seed)
        var now = Self.zero
        for failures in 1...12 {
            connection.started(at: now)
            connection.lost(.connectionRefused, at: now)
            guard case .waiting(let until) = connection.phase else {
                Issue.record("not waiting")
                return
            }
            let full = BackOff(first: Self.second / 10, ceiling: 2 * Self.second).wait(afterFailures: failures)
            #expect((full / 2...full).contains(until - now))
            now = until
        }
    }

    @Test func theSameSeedGivesTheSameWaits() {
        func waits(_ seed: UInt64) -> [ConnectionState.Phase] {
            var connection = connection(seed: seed)
            return (0..<10).map { _ in
                connection.lost(.timeout, at: Self.zero)
                return connection.phase
            }
        }
        #expect(waits(5) == waits(5))
        #expect(waits(5) != waits(6))
    }

    @Test func neverGivesUp() {
        var connection = connection()
        for _ in 0..<100_000 { connection.lost(.timeout, at: Self.zero) }
        #expect(connection.failures == 100_000)
        guard case .waiting(let until) = connection.phase else {
            Issue.record("not waiting")
            return
        }
        #expect(until <= Self.zero + 2 * Self.second)
    }

    @Test func pausesAfterConnectingWhereTheMapSaysSo() {
        var connection = connection(settle: Self.second)
        connection.started(at: Self.zero)
        #expect(connection.phase == .connecting(until: Self.zero + 3 * Self.second))
        connection.connected(at: Self.zero)
        #expect(connection.phase == .settling(until: Self.zero + Self.second))
        connection.settled()
        #expect(connection.phase == .open)
    }

    @Test func linkTellsConnectingUpDegradedAndDownApart() {
        var connection = connection()
        #expect(connection.link == .connecting)
        connection.connected(at: Self.zero)
        #expect(connection.link == .connecting, "a connection is not yet an answer")
        connection.replied()
        #expect(connection.link == .up)
        connection.timedOut()
        #expect(connection.link == .degraded)
        connection.heard()
        #expect(connection.link == .up)
        connection.lost(.connectionLost, at: Self.zero)
        #expect(connection.link == .down && connection.cause == .connectionLost)
        connection.connected(at: Self.zero)
        #expect(connection.link == .down, "accepting is not answering")
        connection.replied()
        #expect(connection.link == .up && connection.cause == .none && connection.failures == 0)
    }
}

@Suite struct ScanGridTests {
    @Test func keepsToItsGridHoweverLateItIsAsked() {
        var grid = ScanGrid(start: MonotonicTime(nanoseconds: 1_000), interval: 100, phase: 0.25)
        #expect(grid.due.nanoseconds == 1_025)
        #expect(grid.advance(beyond: MonotonicTime(nanoseconds: 1_024)) == 0)
        #expect(grid.advance(beyond: MonotonicTime(nanoseconds: 1_025)) == 1)
        #expect(grid.due.nanoseconds == 1_125)
        #expect(grid.advance(beyond: MonotonicTime(nanoseconds: 1_399)) == 3)
        #expect(grid.due.nanoseconds == 1_425)
    }

    /// However many grids there are, no stretch of the interval holds far more than its share of them.
    @Test(arguments: [10, 100, 1_000]) func phasesSpreadEvenly(_ count: Int) {
        var tenths = Array(repeating: 0, count: 10)
        for position in 0..<count { tenths[Int(ScanGrid.phase(position, offset: 0.3) * 10)] += 1 }
        #expect(tenths.allSatisfy { abs($0 - count / 10) <= 2 }, "\(tenths)")
    }
}

@Suite struct DeadlineHeapTests {
    @Test(arguments: 0..<20) func alwaysKnowsTheEarliest(_ seed: UInt64) {
        var random = TestGenerator(seed: seed)
        var heap = DeadlineHeap(count: 37)
        var plain = Array(repeating: MonotonicTime.never, count: 37)
        for _ in 0..<2_000 {
            let key = Int.random(in: 0..<37, using: &random)
            let isNever = Int.random(in: 0..<10, using: &random) == 0
            let deadline = isNever ? .never : MonotonicTime(nanoseconds: Int64.random(in: 0..<50, using: &random))
            heap.update(key, to: deadline)
            plain[key] = deadline
            let expected = plain.indices.min { plain[$0] == plain[$1] ? $0 < $1 : plain[$0] < plain[$1] }
            #expect(heap.earliest?.key == expected)
            #expect(heap.earliest?.deadline == plain.min())
        }
    }

    @Test func hasNothingWithoutKeys() { #expect(DeadlineHeap(count: 0).earliest == nil) }
}
