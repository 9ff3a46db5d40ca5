// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// All readings of a site, frozen at one moment.
///
/// Taken once per cycle; everything between freeze and arbitration sees this and nothing newer, so nobody sees
/// half of an update.
package struct ProcessImage: Sendable {
    /// Plant time of the freeze.
    package let time: Timestamp
    /// One reading per point, in the order of ``SiteDescription/points``.
    package let readings: [Reading]

    package init(time: Timestamp, readings: [Reading]) {
        self.time = time
        self.readings = readings
    }

    package subscript(_ index: PointIndex) -> Reading { readings[index.position] }

    /// The reading at an index that may be missing: a point the site does not have reads as bad.
    package subscript(_ index: PointIndex?) -> Reading {
        guard let index else { return .bad(.notAvailable, at: time) }
        return readings[index.position]
    }
}
