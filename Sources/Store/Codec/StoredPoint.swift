// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// One series of the store: a point's readings, a meter's totals, or what was wished and decided for a point.
package struct StoredPoint: Hashable, Sendable {
    /// What the samples of a series are.
    package enum Kind: String, CaseIterable, Sendable {
        /// The point's value as it stood in the process image.
        case reading
        /// The meter's unwrapped total, exact.
        case total
        /// What a loop wished for the point, before arbitration.
        case wish
        /// What arbitration made of the wish.
        case decided
    }

    /// The device's identifier in the site file.
    package let device: String
    /// The canonical point name; for totals ``energyTotal`` or ``waterTotal``.
    package let point: String
    package let kind: Kind
    package let unit: PointUnit
    /// Where the meter stands; nil for all but totals.
    package let place: MeterPlace?

    package init(device: String, point: String, kind: Kind, unit: PointUnit, place: MeterPlace? = nil) {
        self.device = device
        self.point = point
        self.kind = kind
        self.unit = unit
        self.place = place
    }

    /// The point name under which a meter's total in joules is stored and exported.
    package static let energyTotal = "energy_total"
    /// The point name under which a meter's total of water is stored, and exported in cubic metres.
    package static let waterTotal = "water_total"

    /// The series of one meter's totals.
    ///
    /// A device that stands at several places of the meter tree has one series for each; from the second on, the
    /// place is part of the name.
    static func total(device: String, place: MeterPlace, isFirstOfDevice: Bool) -> StoredPoint {
        let base = place == .waterInput ? waterTotal : energyTotal
        return StoredPoint(
            device: device,
            point: isFirstOfDevice ? base : "\(base)_\(place.rawValue)",
            kind: .total,
            unit: place == .waterInput ? .cubicMeters : .joules,
            place: place
        )
    }

    /// `device/point`, what a ``PointGlob`` is held against.
    package var name: String { "\(device)/\(point)" }

    /// The store's own code for "this series has no sample in this cycle", beside the raw values of `Quality`.
    static let absent: UInt16 = 4
}
