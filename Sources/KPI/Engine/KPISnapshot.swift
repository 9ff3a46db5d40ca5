// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// What the engine must remember over a restart.
package struct KPISnapshot: Hashable, Sendable, Codable {
    /// Plant time of the last step; nil before the first.
    package let time: Timestamp?
    /// One per meter, in site order.
    package let meters: [MeterSnapshot]
}

/// One meter's part of ``KPISnapshot``.
package struct MeterSnapshot: Hashable, Sendable, Codable {
    package let device: String
    package let place: MeterPlace
    /// The point the total is made from.
    package let point: String
    /// Joules, or millilitres for water.
    package let total: Int64
    /// Plant time of the sample that `total` belongs to; nil before the first.
    package let totalTime: Timestamp?
    /// Plant time of the newest reading looked at.
    package let seenTime: Timestamp
    /// A stored total that what follows may not fall below; nil where there is none.
    package let floor: StoredPoint?
    package let register: RegisterState?
    package let rate: RateState?
    package let fine: SlotSeries
    package let coarse: SlotSeries
}

/// A total at a moment.
package struct StoredPoint: Hashable, Sendable, Codable {
    /// Plant time of the sample the total belongs to.
    package let time: Timestamp
    /// Joules, or millilitres for water.
    package let total: Int64
}
