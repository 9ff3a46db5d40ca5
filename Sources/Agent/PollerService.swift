// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModbusIO
import ServiceLifecycle

/// Starts the poller and stops it last of all that reads.
struct PollerService: Service {
    let poller: ModbusPoller

    func run() async throws {
        try poller.start()
        try? await gracefulShutdown()
        // Joining threads blocks, which the shared pool must not.
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                poller.stop()
                continuation.resume()
            }
        }
    }
}
