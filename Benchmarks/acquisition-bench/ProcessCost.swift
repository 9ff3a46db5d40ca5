// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant

/// What the process has used so far.
struct ProcessCost {
    let userSeconds: Double
    let systemSeconds: Double
    /// Of the calling thread, user and system together.
    let threadSeconds: Double

    /// What is used up to now.
    static func now() -> ProcessCost {
        var usage = rusage()
        unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
        return ProcessCost(
            userSeconds: Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6,
            systemSeconds: Double(usage.ru_stime.tv_sec) + Double(usage.ru_stime.tv_usec) / 1e6,
            threadSeconds: Double(nanoseconds(CLOCK_THREAD_CPUTIME_ID)) / 1e9
        )
    }

    /// Resident memory in KiB, now and at its highest; 0 where the system does not tell.
    static func residentMemory() -> (now: Int, peak: Int) {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        func field(_ name: String) -> Int {
            let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
            return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
        }
        return (field("VmRSS:"), field("VmHWM:"))
    }
}

/// A clock's reading in nanoseconds.
func nanoseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// Sleeps until a moment of the monotonic clock.
func sleep(until moment: Int64) {
    var time = timespec(tv_sec: Int(moment / 1_000_000_000), tv_nsec: Int(moment % 1_000_000_000))
    while unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
}

/// Plant time that is wall time.
struct WallClock: PlantClock {
    func now() -> Timestamp { Timestamp(milliseconds: nanoseconds(CLOCK_REALTIME) / 1_000_000) }

    func wallDuration(ofPlant duration: Duration) -> Duration { duration }
}
