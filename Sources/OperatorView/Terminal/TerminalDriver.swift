// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// What a terminal gives when it is asked for input.
package enum TerminalInput: Hashable, Sendable {
    case key(ScreenKey)
    /// The size changed.
    case resized
    /// Nothing came within the time, or a key without a meaning here.
    case nothing
    /// A signal asked for the end.
    case signal(Int32)
}

/// A terminal that shows screens and gives keys: ncurses in the product, memory in tests.
///
/// Used by one thread only.
package protocol TerminalDriver: AnyObject {
    var size: ScreenSize { get }
    func draw(_ screen: ScreenBuffer)
    /// Waits for input.
    ///
    /// - Parameter milliseconds: How long to wait at most.
    /// - Returns: What came first.
    /// - Throws: ``TerminalProblem`` where the terminal is gone.
    func nextInput(within milliseconds: Int32) throws(TerminalProblem) -> TerminalInput
}

/// Why there is no terminal to draw on: what went wrong, and what to do.
package struct TerminalProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let what: String
    package let remedy: String

    package init(_ what: String, remedy: String) {
        self.what = what
        self.remedy = remedy
    }

    package var description: String { "\(what); \(remedy)" }
}
