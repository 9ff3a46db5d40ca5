// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import CModbus
import Synchronization

/// What other threads have to tell a worker.
final class Inbox: Sendable {
    struct Resolution: Sendable {
        let endpoint: Int
        let address: cmodbus_address?
    }

    private struct Contents {
        var resolutions: [Resolution] = []
        var orders: [WriteMail] = []
        var isStopping = false
        var isClosed = false
    }

    /// What has come in.
    struct Mail: Sendable {
        let resolutions: [Resolution]
        let orders: [WriteMail]
    }

    let bell: Bell
    private let contents = Mutex(Contents())

    init() throws(ModbusProblem) { bell = try Bell() }

    func stop() {
        contents.withLock { $0.isStopping = true }
        bell.ring()
    }

    func deliver(_ resolution: Resolution) {
        contents.withLock { $0.resolutions.append(resolution) }
        bell.ring()
    }

    /// Hands writes over; false where nobody takes them any more.
    func post(_ orders: [WriteMail]) -> Bool {
        let isOpen = contents.withLock { contents in
            if !contents.isClosed { contents.orders += orders }
            return !contents.isClosed
        }
        if isOpen { bell.ring() }
        return isOpen
    }

    /// Takes the writes that nobody has taken and lets no more in.
    func close() -> [WriteMail] {
        contents.withLock { contents in
            defer { contents.orders = [] }
            contents.isClosed = true
            return contents.orders
        }
    }

    /// Takes what has come in; nil once the worker is to stop.
    func take() -> Mail? {
        bell.silence()
        return contents.withLock { contents in
            guard !contents.isStopping else { return nil }
            defer {
                contents.resolutions = []
                contents.orders = []
            }
            return Mail(resolutions: contents.resolutions, orders: contents.orders)
        }
    }
}
