// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import ModbusIO
import Plant
import Synchronization

/// Looks at a device again and again until Ctrl-C, which is the ordinary way out.
struct ProbeWatch {
    let place: ProbePlace
    let probe: DeviceProbe
    let map: DeviceMap
    /// Wall time from the begin of one look to that of the next.
    let interval: Duration
    let isJSON: Bool

    /// Runs until the process is ended.
    ///
    /// - Throws: ``ExitStatus/world`` where nothing answers the first look; later ones are tried again.
    func run() throws -> Never {
        let paper = WatchPaper(isJSON: isJSON)
        let session = ProbeSession(probe)
        var due = ContinuousClock.now
        var isFirst = true
        while true {
            do throws(ModbusProblem) {
                let look = try session.look()
                paper.show(page(look))
            } catch {
                if isFirst {
                    printError("probe: \(error)")
                    throw ExitStatus.world
                }
                paper.show(problem: "\(error)")
            }
            isFirst = false
            // A look that took longer than the interval skips the ones it has covered.
            let now = ContinuousClock.now
            repeat { due += interval } while due <= now
            let rest = (due - now).components
            Thread.sleep(forTimeInterval: Double(rest.seconds) + Double(rest.attoseconds) / 1e18)
        }
    }

    private func page(_ look: DeviceLook) -> String {
        let map = look.placed(map)
        let findings = OrderFindings(look, map: map)
        if isJSON {
            let report = ProbeReport(look, findings: findings, place: place, map: map)
            return ((try? report.text(isPretty: false)) ?? "{}") + "\n"
        }
        let time = ISO8601DateFormatter().string(from: Date())
        return time + "  " + ProbeText.render(look, findings: findings, place: place, map: map)
    }
}

/// Held while a block is written, so that Ctrl-C ends between two blocks and not inside one.
private final class BlockLock: Sendable {
    private let mutex = Mutex(())

    func whole(_ write: () -> Void) { mutex.withLock { (_: inout Void) in write() } }
}

/// Where a watch writes: a terminal is painted over, anything else is appended to.
private final class WatchPaper {
    private let isScreen: Bool
    private let isJSON: Bool
    private let writing = BlockLock()
    private let interrupt: any DispatchSourceSignal

    init(isJSON: Bool) {
        self.isJSON = isJSON
        isScreen = !isJSON && isatty(1) != 0 && ProcessInfo.processInfo.environment["TERM"] ?? "dumb" != "dumb"
        signal(SIGINT, SIG_IGN)
        interrupt = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        let writing = writing
        interrupt.setEventHandler { writing.whole { exit(0) } }
        interrupt.resume()
    }

    func show(_ page: String) {
        writing.whole { put(isScreen ? screen(page) : isJSON ? page : page + "\n") }
    }

    func show(problem: String) {
        let time = ISO8601DateFormatter().string(from: Date())
        writing.whole {
            if isScreen {
                put(screen("\(time)  \(problem)\ntrying again, Ctrl-C ends\n"))
            } else {
                printError("\(time)  probe: \(problem)")
            }
        }
    }

    private func put(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

    /// The page over what was there before, cut to the terminal.
    private func screen(_ page: String) -> String {
        var size = winsize()
        let isKnown = unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0 && size.ws_row > 1 && size.ws_col > 0
        let (rows, columns) = isKnown ? (Int(size.ws_row) - 1, Int(size.ws_col)) : (23, 80)
        var lines = page.split(separator: "\n", omittingEmptySubsequences: false).map { String($0.prefix(columns)) }
        if lines.last == "" { lines.removeLast() }
        if lines.count > rows {
            let hidden = lines.count - rows + 1
            lines = Array(lines.prefix(rows - 1)) + ["\(hidden) more lines; a taller terminal shows them"]
        }
        return "\u{1B}[H" + lines.map { $0 + "\u{1B}[K\n" }.joined() + "\u{1B}[J"
    }
}
