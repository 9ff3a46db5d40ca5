// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// A command for one endpoint of a worker.
struct WriteMail: Sendable {
    /// Position among the worker's endpoints.
    let endpoint: Int
    let order: WriteOrder
}

/// Writes in a worker's loop.
extension PollLoop {
    /// How long writes that wait may hold up a stop, in nanoseconds: two seconds.
    private static var drainLimit: Int64 { 2_000_000_000 }

    /// Hands commands to their sessions and lets them leave.
    mutating func accept(_ mail: [WriteMail]) {
        guard !mail.isEmpty else { return }
        let now = MonotonicTime.now()
        var endpoints: [Int] = []
        for letter in mail {
            slots[letter.endpoint].session.submit(letter.order, at: now)
            if endpoints.last != letter.endpoint { endpoints.append(letter.endpoint) }
        }
        for endpoint in endpoints { serve(endpoint, at: now) }
    }

    /// Lets writes out that were handed over before the stop, so that devices go home; the rest ends unanswered.
    mutating func drain() {
        let end = MonotonicTime.now() + Self.drainLimit
        let mail = inbox.close()
        for endpoint in slots.indices { slots[endpoint].session.beginDrain() }
        accept(mail)
        for endpoint in slots.indices where slots[endpoint].session.hasWrites { serve(endpoint, at: .now()) }
        while slots.contains(where: { $0.session.hasWrites }), MonotonicTime.now() < end {
            _ = takeTurn(until: end)
        }
        for endpoint in slots.indices where slots[endpoint].session.hasWrites {
            slots[endpoint].session.endWrites("polling stopped", at: .now())
            publish(endpoint)
        }
    }
}
