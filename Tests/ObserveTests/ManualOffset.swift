// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Wall time that passes only when a test says so.
final class ManualOffset: Sendable {
    private let offset = Mutex(Duration.zero)

    var value: Duration {
        get { offset.withLock { $0 } }
        set { offset.withLock { $0 = newValue } }
    }
}
