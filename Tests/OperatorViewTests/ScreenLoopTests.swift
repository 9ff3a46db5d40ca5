// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import OperatorView
import Plant
import Synchronization
import Testing

/// The loop between terminal, keys and reports, on a terminal in memory.
@Suite struct ScreenLoopTests {
    private func run(_ terminal: MemoryTerminal, _ inbox: ReportInbox) throws -> ScreenEnd {
        let time = Mutex(Duration.zero)
        return try ScreenLoop.run(on: terminal, source: "http://agent", glyphs: .unicode, inbox: inbox) {
            time.withLock {
                $0 += .milliseconds(10)
                return $0
            }
        }
    }

    @Test func operatorQuits() throws {
        let inbox = ReportInbox()
        inbox.put(.report(Reports.calm))
        let terminal = MemoryTerminal([.key(.character("2")), .nothing, .key(.character("q"))])
        #expect(try run(terminal, inbox) == .quit)
        #expect(terminal.screens.count == 2)
        #expect(terminal.screens[0].text.contains("KEY FIGURES"))
        #expect(terminal.screens[1].text.contains("[2 racks 12]"))
    }

    @Test func signalEndsTheLoop() throws {
        #expect(try run(MemoryTerminal([.nothing, .signal(15), .key(.up)]), ReportInbox()) == .signal(15))
    }

    @Test func lostTerminalIsAnError() {
        #expect(throws: TerminalProblem.self) { try run(MemoryTerminal([.nothing]), ReportInbox()) }
    }

    @Test func resizeDrawsAtTheNewSize() throws {
        let terminal = MemoryTerminal([.resized, .nothing, .key(.character("q"))])
        #expect(try run(terminal, ReportInbox()) == .quit)
        #expect(terminal.screens.map(\.width) == [80, 100])
        #expect(terminal.screens.map(\.height) == [24, 30])
    }

    @Test func reportsAndFaultsReachTheScreen() throws {
        let inbox = ReportInbox()
        let terminal = MemoryTerminal([.nothing, .nothing, .nothing, .key(.character("q"))]) { asked in
            if asked == 0 { inbox.put(.report(Reports.calm)) }
            if asked == 1 { inbox.put(.fault("no answer")) }
        }
        #expect(try run(terminal, inbox) == .quit)
        let headers = terminal.screens.map { $0.text(row: 1) }
        #expect(headers.count == 3)
        #expect(headers[0] == "waiting for the agent")
        #expect(headers[1].hasPrefix("live"))
        #expect(headers[2].hasPrefix("AGENT NOT ANSWERING: no answer, showing 06:00:00"))
    }

    @Test func keysThatCameTogetherAreDrawnOnce() throws {
        let inbox = ReportInbox()
        inbox.put(.report(Reports.manyRacks(30)))
        let keys = [TerminalInput.key(.character("2"))] + Array(repeating: .key(.down), count: 5)
        let terminal = MemoryTerminal(keys + [.nothing, .key(.character("q"))])
        #expect(try run(terminal, inbox) == .quit)
        #expect(terminal.screens.count == 2)
    }

    @Test func inboxKeepsTheNewestOnly() {
        let inbox = ReportInbox()
        #expect(inbox.take() == nil)
        inbox.put(.fault("first"))
        inbox.put(.report(Reports.calm))
        guard case .report = inbox.take() else {
            Issue.record("the newest message is a report")
            return
        }
        #expect(inbox.take() == nil)
    }

    @Test(.timeLimit(.minutes(1)))
    func followingAsksUntilItIsCancelled() async {
        struct Silence: Error, CustomStringConvertible { let description = "nobody there" }
        let inbox = ReportInbox()
        let asked = Mutex(0)
        let (done, signal) = AsyncStream<Void>.makeStream()
        let task = Task {
            await inbox.follow(every: .milliseconds(1)) {
                let count = asked.withLock {
                    $0 += 1
                    return $0
                }
                if count == 3 { signal.finish() }
                if count > 1 { throw Silence() }
                return Reports.calm
            }
        }
        for await _ in done {}
        task.cancel()
        await task.value
        #expect(asked.withLock { $0 } >= 3)
        guard case .fault(let text) = inbox.take() else {
            Issue.record("the newest message is a fault")
            return
        }
        #expect(text == "nobody there")
    }
}
