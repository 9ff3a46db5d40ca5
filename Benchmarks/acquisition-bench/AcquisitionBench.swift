// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModbusIO
import Plant

/// Polls the load server's endpoints as the agent would, taking all readings once a cycle, and says what it cost.
///
/// Prints one `key value` pair a line; Benchmarks/acquisition/run.py makes figures of them.
@main
enum AcquisitionBench {
    static func main() throws {
        guard let options = BenchOptions(Array(CommandLine.arguments.dropFirst()), portsIn: ports) else {
            FileHandle.standardError.write(Data((BenchOptions.usage + "\n").utf8))
            exit(2)
        }
        let site = BenchSite.make(options)
        let clock = WallClock()
        let poller = try ModbusPoller(site: site, clock: clock, workers: options.workers)
        try poller.start()
        takeReadings(poller, clock, seconds: options.settleSeconds)

        let requestsBefore = requests(poller)
        let before = ProcessCost.now()
        let start = nanoseconds(CLOCK_MONOTONIC)
        if options.writes > 0 {
            var timer = WriteTimer(poller, site)
            timer.run(options.writes, seconds: options.measuredSeconds)
            report("write_failures", timer.failures.count)
            for failure in Set(timer.failures).sorted().prefix(5) { report("write_failure", failure) }
            for time in timer.confirmed { report("write_nanoseconds", time) }
        } else {
            takeReadings(poller, clock, seconds: options.measuredSeconds)
        }
        let end = nanoseconds(CLOCK_MONOTONIC)
        let after = ProcessCost.now()
        let memory = ProcessCost.residentMemory()

        report("transactions", requests(poller) - requestsBefore)
        report("user_seconds", after.userSeconds - before.userSeconds)
        report("system_seconds", after.systemSeconds - before.systemSeconds)
        report("freeze_seconds", after.threadSeconds - before.threadSeconds)
        report("window_start", start)
        report("window_end", end)
        report("resident_kib", memory.now)
        report("peak_kib", memory.peak)
        let audit = BenchSite.audit(poller.readings(at: clock.now()), of: site)
        report("points", site.points.count)
        report("good", audit.good)
        report("right", audit.right)
        let statuses = poller.deviceStatuses()
        report("overruns", statuses.reduce(0) { $0 + $1.overruns })
        report("timeouts", statuses.reduce(0) { $0 + $1.timeouts })
        poller.stop()
    }

    /// Takes every reading once a second, as a cycle's freeze does.
    private static func takeReadings(_ poller: ModbusPoller, _ clock: WallClock, seconds: Int) {
        let start = nanoseconds(CLOCK_MONOTONIC)
        for second in 1...max(1, seconds) {
            sleep(until: start + Int64(second) * 1_000_000_000)
            _ = poller.readings(at: clock.now())
        }
    }

    private static func requests(_ poller: ModbusPoller) -> Int {
        poller.deviceStatuses().reduce(0) { $0 + $1.requests }
    }

    /// The numbers in a file.
    private static func ports(_ path: String) -> [UInt16]? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return text.split { $0.isWhitespace }.compactMap { UInt16($0) }
    }

    private static func report(_ key: String, _ value: some CustomStringConvertible) { print(key, value) }
}
