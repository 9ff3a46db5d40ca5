// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Plant

/// The full-screen view of one agent on the terminal of standard input and output.
package enum OperatorScreen {
    /// Wall time between an answer of the agent and the next question.
    private static let interval = Duration.seconds(1)
    /// Stack of the screen's thread, in bytes.
    private static let stackBytes = 4 << 20

    /// Whether the full-screen view can be shown: input and output are a terminal that can place a cursor.
    package static var isPossible: Bool {
        let type = ProcessInfo.processInfo.environment["TERM"] ?? ""
        return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && !type.isEmpty && type != "dumb"
    }

    /// Shows the view until the operator or a signal ends it; the terminal is then as it was before.
    ///
    /// ncurses blocks and wants one thread, so the view has a thread of its own; questions to the agent run as a task.
    ///
    /// - Parameters:
    ///   - source: The agent, as the header names it.
    ///   - fetch: Asks the agent once, with a time limit of its own.
    /// - Returns: Who ended the view.
    /// - Throws: ``TerminalProblem`` where the terminal cannot be used or is gone.
    package static func run(
        source: String,
        fetch: @escaping @Sendable () async throws -> StatusReport
    ) async throws -> ScreenEnd {
        let inbox = ReportInbox()
        let following = Task { await inbox.follow(every: interval, fetch: fetch) }
        defer { following.cancel() }
        return try await withCheckedThrowingContinuation { continuation in
            let thread = Thread { continuation.resume(with: Result { try show(source: source, inbox: inbox) }) }
            thread.name = "screen"
            thread.stackSize = stackBytes
            thread.start()
        }
    }

    private static func show(source: String, inbox: ReportInbox) throws(TerminalProblem) -> ScreenEnd {
        let environment = ProcessInfo.processInfo.environment
        let glyphs = Glyphs.fitting(codeset: CursesTerminal.codeset, terminal: environment["TERM"] ?? "")
        let start = ContinuousClock.now
        let terminal = try CursesTerminal(isColored: isColored(noColor: environment["NO_COLOR"]))
        defer { terminal.close() }
        return try ScreenLoop.run(on: terminal, source: source, glyphs: glyphs, inbox: inbox) {
            ContinuousClock.now - start
        }
    }

    /// Whether colour may be used: not where `NO_COLOR` is set to anything (no-color.org).
    package static func isColored(noColor: String?) -> Bool { (noColor ?? "").isEmpty }
}
