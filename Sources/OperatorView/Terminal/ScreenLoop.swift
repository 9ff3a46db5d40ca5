// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// How the view ended.
package enum ScreenEnd: Hashable, Sendable {
    /// The operator pressed the key for it.
    case quit
    /// A signal asked for it.
    case signal(Int32)
}

/// Brings keys and reports to a model and the model to a terminal, until the operator has had enough.
package enum ScreenLoop {
    /// The longest wait for a key: reports and the clock are looked at this often.
    private static let waitMilliseconds: Int32 = 100
    /// Keys taken before the screen is drawn again.
    private static let maximumBurst = 64

    /// Runs on the calling thread.
    ///
    /// - Parameters:
    ///   - driver: The terminal.
    ///   - source: The agent, as the header names it.
    ///   - glyphs: The characters the terminal has.
    ///   - inbox: Where reports come in.
    ///   - elapsed: The time since the view was started, on a clock that never steps.
    /// - Returns: Who ended the view.
    /// - Throws: ``TerminalProblem`` where the terminal is gone.
    package static func run(
        on driver: some TerminalDriver,
        source: String,
        glyphs: Glyphs,
        inbox: ReportInbox,
        elapsed: () -> Duration
    ) throws(TerminalProblem) -> ScreenEnd {
        var model = ScreenModel(source: source, glyphs: glyphs, size: driver.size)
        var drawn: ScreenBuffer?
        var drawnSecond: Int64 = -1
        var isChanged = true
        while true {
            switch inbox.take() {
            case .report(let report):
                model.handle(.report(report), at: elapsed())
                isChanged = true
            case .fault(let text):
                model.handle(.fault(text), at: elapsed())
                isChanged = true
            case nil: model.handle(.tick, at: elapsed())
            }
            let second = elapsed().components.seconds
            if isChanged || second != drawnSecond {
                let screen = ScreenLayout.render(model, width: model.size.width, height: model.size.height)
                if screen != drawn { driver.draw(screen) }
                (drawn, drawnSecond, isChanged) = (screen, second, false)
            }
            // Keys that are already there are taken together, so that a held key does not lag behind.
            var wait = waitMilliseconds
            for _ in 0..<maximumBurst {
                switch try driver.nextInput(within: wait) {
                case .key(let key): model.handle(.key(key), at: elapsed())
                case .resized:
                    model.handle(.resized(driver.size), at: elapsed())
                    drawn = nil
                case .signal(let number): return .signal(number)
                case .nothing: wait = -1
                }
                if model.isFinished { return .quit }
                if wait < 0 { break }
                isChanged = true
                wait = 0
            }
        }
    }
}
