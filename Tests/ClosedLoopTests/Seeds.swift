// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The seeds that a property of a closed loop is tried with: 1 to THERMOCLINE_SEEDS, five where that is not set.
enum Seeds {
    static let all: [UInt64] = Array(1...UInt64(count))

    private static let count: Int = {
        let text = ProcessInfo.processInfo.environment["THERMOCLINE_SEEDS"]
        return min(100_000, max(1, text.flatMap { Int($0) } ?? 5))
    }()
}
