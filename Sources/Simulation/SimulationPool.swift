// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Runs simulations on threads of their own, as many at a time as there are processors.
///
/// Runs share nothing but the site's description, so each gives the result that it would give alone.
package enum SimulationPool {
    private struct State: Sendable {
        var waiting: [(position: Int, run: SimulationRun)]
        var progress: [Double]
        var results: [SimulationResult?]
    }

    /// What the threads share.
    private final class Board: Sendable {
        private let state: Mutex<State>

        init(_ runs: [SimulationRun]) {
            state = Mutex(
                State(
                    waiting: runs.enumerated().map { ($0.offset, $0.element) }.reversed(),
                    progress: Array(repeating: 0, count: runs.count),
                    results: Array(repeating: nil, count: runs.count)
                )
            )
        }

        func next() -> (position: Int, run: SimulationRun)? { state.withLock { $0.waiting.popLast() } }

        func note(_ share: Double, of position: Int) { state.withLock { $0.progress[position] = share } }

        func finish(_ result: SimulationResult?, of position: Int) {
            state.withLock {
                $0.results[position] = result
                $0.progress[position] = 1
            }
        }

        var progress: [Double] { state.withLock { $0.progress } }

        var results: [SimulationResult] { state.withLock { $0.results.compactMap(\.self) } }
    }

    /// Runs all to their end; `progress` is told the share of all work that is done, a few times a second.
    ///
    /// - Returns: One result per run, in their order.
    package static func run(
        _ runs: [SimulationRun],
        processors: Int = ProcessInfo.processInfo.activeProcessorCount,
        progress: (Double) -> Void = { _ in }
    ) -> [SimulationResult] {
        let board = Board(runs)
        let group = DispatchGroup()
        for number in 0..<min(runs.count, max(1, processors)) {
            group.enter()
            let thread = Thread {
                while let (position, run) = board.next() {
                    var run = run
                    let result = run.run { share in
                        board.note(share, of: position)
                        return true
                    }
                    board.finish(result, of: position)
                }
                group.leave()
            }
            thread.name = "simulation-\(number)"
            thread.stackSize = 8 << 20
            thread.start()
        }
        while group.wait(timeout: .now() + .milliseconds(200)) == .timedOut { show(board.progress, progress) }
        show(board.progress, progress)
        return board.results
    }

    private static func show(_ shares: [Double], _ progress: (Double) -> Void) {
        progress(shares.reduce(0, +) / Double(max(shares.count, 1)))
    }
}
