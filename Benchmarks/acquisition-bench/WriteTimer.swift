// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModbusIO
import Plant

/// Gives commands at an even pace, each to another device, and notes how long each takes until it is confirmed.
struct WriteTimer {
    private let poller: ModbusPoller
    private let site: SiteDescription
    private let clock = WallClock()
    private var given: [PointID: Int64] = [:]
    /// From handing a command over to taking its confirmation, in nanoseconds.
    private(set) var confirmed: [Int64] = []
    /// Outcomes other than a confirmation, as the poller words them.
    private(set) var failures: [String] = []

    init(_ poller: ModbusPoller, _ site: SiteDescription) {
        self.poller = poller
        self.site = site
    }

    /// Spreads so many commands over so many seconds and waits for the last outcome, at most ten seconds.
    mutating func run(_ writes: Int, seconds: Int) {
        let start = nanoseconds(CLOCK_MONOTONIC)
        let pace = Int64(seconds) * 1_000_000_000 / Int64(max(1, writes))
        for number in 0..<writes {
            let due = start + Int64(number) * pace
            while nanoseconds(CLOCK_MONOTONIC) < due {
                sleep(until: min(due, nanoseconds(CLOCK_MONOTONIC) + 500_000))
                collect()
            }
            give(number)
        }
        let limit = nanoseconds(CLOCK_MONOTONIC) + 10_000_000_000
        while confirmed.count + failures.count < writes, nanoseconds(CLOCK_MONOTONIC) < limit {
            sleep(until: nanoseconds(CLOCK_MONOTONIC) + 500_000)
            collect()
        }
    }

    private mutating func give(_ number: Int) {
        let device = site.devices[number % site.devices.count].id
        guard let point = PointID("\(device)/setpoint") else { return }
        given[point] = nanoseconds(CLOCK_MONOTONIC)
        poller.submit([
            Command(
                point: point,
                value: Double(1 + number % 50_000),
                origin: "bench",
                reason: Reason(code: "bench", text: "measured"),
                expires: clock.now() + .seconds(60),
                authority: Authority(role: .active, epoch: 1)
            )
        ])
    }

    private mutating func collect() {
        let now = nanoseconds(CLOCK_MONOTONIC)
        for outcome in poller.takeOutcomes() {
            if outcome.result == .confirmed, let start = given[outcome.point] {
                confirmed.append(now - start)
            } else {
                failures.append("\(outcome.result.rawValue): \(outcome.detail)")
            }
        }
    }
}
