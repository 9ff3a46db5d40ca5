// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Simulation
import Synchronization

/// Runs simulations on threads of their own, as many at a time as there are processors.
enum SimulatePool {
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
    static func run(_ runs: [SimulationRun], progress: (Double) -> Void) -> [SimulationResult] {
        let board = Board(runs)
        let group = DispatchGroup()
        for number in 0..<min(runs.count, ProcessInfo.processInfo.activeProcessorCount) {
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

/// A progress bar on standard error, where that is a terminal.
enum SimulateProgress {
    private static let width = 40

    /// Draws the bar over the one before; the end of the work clears the line.
    static func show(_ share: Double) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        let full = Int((share * Double(width)).rounded(.down))
        let bar = String(repeating: "#", count: full) + String(repeating: ".", count: width - full)
        let text = share >= 1 ? "\r\u{1B}[K" : "\r[\(bar)] \(Int(share * 100)) %"
        FileHandle.standardError.write(Data(text.utf8))
    }
}
