// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// Ratings that a chosen model does not look at.
extension SiteDecoder {
    /// The rated point of the YorkCalc correlation, in degrees Celsius and kelvins, to a tenth.
    private static let yorkPoint = (wetBulb: 25.6, approach: 3.9)
    /// What is stated within this of it agrees.
    private static let agreement = 0.15

    /// A correlation brings its own rated point: who states another would believe in a tower that is not there.
    func warnOfUnusedRating(_ tower: CoolingTowerDescription, _ fields: Fields) {
        guard tower.model == .yorkCalc else { return }
        let stated = [
            ("rated_wet_bulb", tower.ratedWetBulb.celsius, Self.yorkPoint.wetBulb, "degC"),
            ("rated_approach", tower.ratedApproach.kelvins, Self.yorkPoint.approach, "K"),
        ]
        for (key, value, own, unit) in stated where fields.has(key) && abs(value - own) > Self.agreement {
            problems.warning(
                fields.place(of: key),
                "'\(key)' is \(NumberText.short(value)) \(unit), but the model 'york_calc' has an approach of "
                    + "\(NumberText.short(Self.yorkPoint.approach)) K at "
                    + "\(NumberText.short(Self.yorkPoint.wetBulb)) degC wet bulb whatever is stated; "
                    + "remove the key, or take the model 'merkel'"
            )
        }
    }
}
