// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// The YorkCalc correlation of a counterflow tower's approach, for comparison with ``TowerFill``.
///
/// `approach = Σ_k L^k Σ_j R^j (a + b W + c W²)` with wet bulb `W` in °C, range `R` in kelvins and `L` the share of
/// water flow over the share of air flow: EnergyPlus Engineering Reference, "Variable Speed Cooling Towers",
/// YorkCalc; coefficients as in the Modelica Buildings Library, `CoolingTowers.Correlations.yorkCalc`. Valid for wet
/// bulbs of -34.4...26.7 °C, ranges of 1.1...22.2 K, water shares of 0.75...1.25, `L` up to 8 and approaches of
/// 1.1...40 K; inputs outside are moved to the nearest valid one.
///
/// It is a curve fitted to one maker's towers: it knows neither air pressure nor dry bulb and gives no evaporation, so
/// the plant uses Merkel's theory.
package enum YorkTower {
    /// The wet bulbs of the fit, in degrees Celsius.
    package static let validWetBulbs = -34.4...26.7
    /// The ranges of the fit, in kelvins.
    package static let validRanges = 1.1...22.2
    private static let validWaterShares = 0.75...1.25
    private static let largestRatio = 8.0
    private static let validApproaches = 1.1...40.0

    /// By power of `L`, then of `R`, then of `W`.
    private static let coefficients: [[[Double]]] = [
        [
            [-0.359741205, -0.055053608, 0.0023850432],
            [0.173926877, -0.0248473764, 0.00048430224],
            [-0.005589849456, 0.0005770079712, -0.00001342427256],
        ],
        [
            [2.84765801111111, -0.121765149, 0.0014599242],
            [1.680428651, -0.0166920786, -0.0007190532],
            [-0.025485194448, 0.0000487491696, 0.00002719234152],
        ],
        [
            [-0.0653766255555556, -0.002278167, 0.0002500254],
            [-0.0910565458, 0.00318176316, 0.000038621772],
            [-0.0034285382352, 0.00000856589904, -0.000001516821552],
        ],
    ]

    /// Leaving water minus wet bulb.
    ///
    /// - Parameters:
    ///   - wetBulb: Of the entering air.
    ///   - range: Entering minus leaving water.
    ///   - waterShare: Water flow over rated water flow.
    ///   - airShare: Air flow over rated air flow, above 0.
    /// - Returns: The approach, 1.1...40 K.
    package static func approach(
        wetBulb: Temperature,
        range: TemperatureDifference,
        waterShare: Double = 1,
        airShare: Double = 1
    ) -> TemperatureDifference {
        let w = clamped(wetBulb.celsius, validWetBulbs)
        let r = clamped(range.kelvins, validRanges)
        let water = clamped(waterShare, validWaterShares)
        let l = min(water / max(airShare, 1e-6), largestRatio)
        var sum = 0.0
        for ofRatio in coefficients.reversed() {
            var ofRanges = 0.0
            for c in ofRatio.reversed() { ofRanges = ofRanges * r + c[0] + w * (c[1] + w * c[2]) }
            sum = sum * l + ofRanges
        }
        return TemperatureDifference(kelvins: clamped(sum, validApproaches))
    }

    /// Leaving water for water that enters warm: the range that fits its own approach.
    ///
    /// Found by bisection on the range, which falls as the approach grows.
    package static func leaving(
        entering: Temperature,
        wetBulb: Temperature,
        waterShare: Double = 1,
        airShare: Double = 1
    ) -> Temperature {
        let span = (entering - wetBulb).kelvins
        guard span > 0 else { return entering }
        var low = 0.0
        var high = span
        for _ in 0..<60 {
            let middle = (low + high) / 2
            let needed = approach(
                wetBulb: wetBulb,
                range: TemperatureDifference(kelvins: middle),
                waterShare: waterShare,
                airShare: airShare
            ).kelvins
            if middle + needed < span { low = middle } else { high = middle }
        }
        return Temperature(celsius: entering.celsius - low)
    }

    private static func clamped(_ value: Double, _ range: ClosedRange<Double>) -> Double {
        min(max(value, range.lowerBound), range.upperBound)
    }
}
