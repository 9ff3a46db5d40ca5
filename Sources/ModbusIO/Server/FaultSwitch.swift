// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Synchronization

/// What is wrong with the replies of one unit.
package struct UnitFaults: Hashable, Sendable {
    /// A fault with the share of requests it falls on, 0 to 1.
    package struct Reply: Hashable, Sendable {
        package let fault: ReplyFault
        /// 0 to 1.
        package let share: Double

        package init(_ fault: ReplyFault, share: Double = 1) {
            self.fault = fault
            self.share = share
        }
    }

    package var latency: LatencyProfile?
    /// All that fall on a request act on its reply, in this order.
    package var replies: [Reply]

    package init(latency: LatencyProfile? = nil, replies: [Reply] = []) {
        self.latency = latency
        self.replies = replies
    }

    var isEmpty: Bool { latency == nil && replies.isEmpty }
}

/// What is wrong with one served endpoint; switched from any thread while it is served.
package final class FaultSwitch: Sendable {
    private struct Contents {
        var units: [UInt8: UnitFaults] = [:]
        var connectionLimit: Int?
    }

    private let contents = Mutex(Contents())

    package init() {}

    /// Puts these faults in the place of all that were there; the next request meets them.
    package func set(_ units: [UInt8: UnitFaults], connectionLimit: Int? = nil) {
        contents.withLock { $0 = Contents(units: units.filter { !$0.value.isEmpty }, connectionLimit: connectionLimit) }
    }

    /// nil where the unit answers as it should.
    func faults(of unit: UInt8) -> UnitFaults? { contents.withLock { $0.units[unit] } }

    var connectionLimit: Int? { contents.withLock { $0.connectionLimit } }
}
