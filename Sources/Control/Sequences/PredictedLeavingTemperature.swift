// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// How cold the economizer exchanger would make the facility water.
///
/// `PLR_HX = min(1, V / V_design)`, `PA_HX = DA_HX PLR_HX`, `PA_CT = m (DT_WB - T_WB) + DA_CT`,
/// `PHXLWT = T_WB + PA_HX + PA_CT`.
///
/// - Source: ASHRAE Guideline 36-2021, 5.20.3.1.
package struct PredictedLeavingTemperature: Hashable, Sendable {
    /// Exchanger approach at design flow.
    package var exchangerApproach: TemperatureDifference
    /// Tower approach at the design wet bulb.
    package var towerApproach: TemperatureDifference
    /// Wet bulb at which the tower has its design approach.
    package var designWetBulb: Temperature
    /// Facility water flow through the exchanger at design; zero makes every flow the design flow.
    package var designFlow: VolumeFlow

    package init(
        exchangerApproach: TemperatureDifference,
        towerApproach: TemperatureDifference,
        designWetBulb: Temperature,
        designFlow: VolumeFlow
    ) {
        self.exchangerApproach = exchangerApproach
        self.towerApproach = towerApproach
        self.designWetBulb = designWetBulb
        self.designFlow = designFlow
    }

    /// The predicted temperature.
    ///
    /// - Parameters:
    ///   - wetBulb: Outdoor wet bulb.
    ///   - flow: Facility water flow; nil where it is not known, which counts as design flow, the warmer answer.
    ///   - tuning: The learnt m, kelvins of tower approach per kelvin of wet bulb, -0.2...0.5.
    /// - Returns: The facility water temperature behind the exchanger.
    package func temperature(wetBulb: Temperature, flow: VolumeFlow?, tuning: Double) -> Temperature {
        var share = 1.0
        if let flow, designFlow > .zero { share = min(1, max(0, flow / designFlow)) }
        return wetBulb + exchangerApproach * share + (designWetBulb - wetBulb) * tuning + towerApproach
    }
}
