// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation

/// SIGTERM and SIGINT as something to wait for.
final class StopSignal {
    private let arrived = DispatchSemaphore(value: 0)
    private var sources: [any DispatchSourceSignal] = []

    init() {
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGTERM, SIGINT] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            let arrived = arrived
            source.setEventHandler { arrived.signal() }
            source.resume()
            sources.append(source)
        }
    }

    /// Waits until a signal arrives or the wall time is up.
    ///
    /// - Returns: whether a signal has arrived.
    func arrives(within duration: Duration) -> Bool {
        let parts = duration.components
        let nanoseconds = Int(parts.seconds) * 1_000_000_000 + Int(parts.attoseconds / 1_000_000_000)
        return arrived.wait(timeout: .now() + .nanoseconds(max(0, nanoseconds))) == .success
    }
}
