// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import CModbus
import Foundation
import Synchronization

/// Looks host names up on threads of its own, because the system's resolver may block for many seconds.
///
/// At most four look-ups run at once; more wait in line. A thread ends when the line is empty.
final class Resolver: Sendable {
    typealias Delivery = @Sendable (cmodbus_address?) -> Void

    private struct Line {
        var waiting: [(host: String, port: UInt16, deliver: Delivery)] = []
        var threads = 0
    }

    private static let threadLimit = 4
    private let line = Mutex(Line())

    /// The address a host given in digits stands for, without waiting; nil for a name.
    static func numeric(_ host: String, _ port: UInt16) -> cmodbus_address? {
        var address = cmodbus_address()
        return unsafe cmodbus_numeric_address(host, port, &address) == 0 ? address : nil
    }

    /// Has a name looked up and its address, or nil, delivered on another thread.
    func resolve(_ host: String, _ port: UInt16, deliver: @escaping Delivery) {
        let needsThread = line.withLock { line in
            line.waiting.append((host, port, deliver))
            guard line.threads < Self.threadLimit else { return false }
            line.threads += 1
            return true
        }
        guard needsThread else { return }
        let thread = Thread { self.work() }
        thread.name = "modbus-resolver"
        thread.start()
    }

    private func work() {
        while true {
            let next = line.withLock { line in
                if line.waiting.isEmpty {
                    line.threads -= 1
                    return nil as (host: String, port: UInt16, deliver: Delivery)?
                }
                return line.waiting.removeFirst()
            }
            guard let next else { return }
            var address = cmodbus_address()
            let isKnown = unsafe cmodbus_resolve(next.host, next.port, &address) == 0
            next.deliver(isKnown ? address : nil)
        }
    }
}
