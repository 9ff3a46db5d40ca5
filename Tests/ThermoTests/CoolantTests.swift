// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Thermo

/// Coolant properties against CoolProp 8.0.0 at 300 kPa and heat meters against enthalpy differences.
@Suite struct CoolantTests {
    // Temperature °C; density kg/m³, specific heat kJ/kgK, product MJ/m³K: IAPWS-95.
    static let water: [[Double]] = [
        [10, 999.80, 4.1944, 4.1936], [15, 999.20, 4.1878, 4.1844], [20, 998.30, 4.1834, 4.1763],
        [25, 997.14, 4.1807, 4.1688], [30, 995.74, 4.1793, 4.1615], [35, 994.12, 4.1787, 4.1542],
        [40, 992.30, 4.1789, 4.1468], [45, 990.30, 4.1797, 4.1391], [50, 988.12, 4.1809, 4.1312],
        [55, 985.78, 4.1825, 4.1230], [60, 983.28, 4.1845, 4.1146],
        // District-heat temperatures; the first row is the cold end of the range.
        [5, 1_000.064, 4.20418, 4.20445], [70, 977.852, 4.18963, 4.09684], [80, 971.879, 4.19632, 4.07832],
        [90, 965.401, 4.20476, 4.05928], [95, 961.980, 4.20972, 4.04967],
    ]

    // The same for INCOMP::APG[0.25], with the dynamic viscosity in mPa s.
    static let propyleneGlycol25: [[Double]] = [
        [10, 1_027.81, 3.8882, 3.9963, 3.556], [15, 1_025.90, 3.9005, 4.0016, 2.942],
        [20, 1_023.87, 3.9129, 4.0063, 2.466], [25, 1_021.71, 3.9252, 4.0104, 2.093],
        [30, 1_019.43, 3.9376, 4.0140, 1.797], [35, 1_017.01, 3.9499, 4.0171, 1.560],
        [40, 1_014.47, 3.9622, 4.0196, 1.368], [45, 1_011.81, 3.9746, 4.0215, 1.210],
        [50, 1_009.01, 3.9869, 4.0228, 1.081], [55, 1_006.09, 3.9993, 4.0236, 0.972],
        [60, 1_003.05, 4.0116, 4.0238, 0.881], [-5, 1_032.765, 3.85117, 3.97735, 6.842],
        [90, 982.097, 4.08566, 4.01252, 0.542],
    ]

    @Test(arguments: water)
    func waterAgreesWithIAPWS95(_ row: [Double]) { expectProperties(of: .water, row, relative: 1.2e-4) }

    @Test(arguments: propyleneGlycol25)
    func glycolAgreesWithItsTable(_ row: [Double]) {
        expectProperties(of: .propyleneGlycol25, row, relative: 3e-5)
        let viscosity = Coolant.propyleneGlycol25.dynamicViscosityPascalSeconds(at: Temperature(celsius: row[0]))
        expectClose(viscosity * 1_000, row[4], 0.0007)
    }

    @Test(arguments: [(5.0, 1.51789), (20, 1.00154), (40, 0.65275), (60, 0.46608), (80, 0.35410), (95, 0.29714)])
    func waterViscosityAgreesWithIAPWS(celsius: Double, millipascalSeconds: Double) {
        let viscosity = Coolant.water.dynamicViscosityPascalSeconds(at: Temperature(celsius: celsius))
        expectClose(viscosity * 1_000, millipascalSeconds, 0.0025 * millipascalSeconds)
    }

    // 36 m³/h of water from 60 to 40 °C at 0.6 MPa; the enthalpy difference is CoolProp's.
    @Test(arguments: [(40.0, 829.768118), (60, 822.225515)])
    func heatMeterFollowsTheEnthalpyDifferenceWhereverItsFlowSensorSits(sensor: Double, kilowatts: Double) {
        let heat = Coolant.water.heat(
            of: VolumeFlow(cubicMetersPerSecond: 36 / 3_600),
            from: Temperature(celsius: 40),
            to: Temperature(celsius: 60),
            meteredAt: Temperature(celsius: sensor)
        )
        expectClose(heat.kilowatts, kilowatts, 0.0003 * kilowatts)
    }

    @Test func rackHeatOnGlycolAgreesWithAWorkedExample() {
        // 180 L/min from 30.0 to 39.2 °C with 4.016869 MJ/m³K, the product at the mean temperature.
        let flow = VolumeFlow(litersPerMinute: 180)
        let rise = Temperature(celsius: 39.2) - Temperature(celsius: 30)
        let capacity = Coolant.propyleneGlycol25.volumetricHeatCapacity(at: Temperature(celsius: 34.6))
        expectClose(capacity.joulesPerCubicMeterKelvin, 4_016_869, 40)
        expectClose((flow * capacity * rise).kilowatts, 110.865584, 0.002)
    }

    @Test func heatChangesSignWithTheDirectionOfTheFlow() {
        let flow = VolumeFlow(litersPerSecond: 10)
        let cold = Temperature(celsius: 20)
        let warm = Temperature(celsius: 30)
        for coolant in Coolant.allCases {
            let gained = coolant.heat(of: flow, from: cold, to: warm, meteredAt: cold)
            #expect(gained > .zero)
            #expect(coolant.heat(of: flow, from: warm, to: cold, meteredAt: cold) == -gained)
            #expect(coolant.heat(of: flow, from: cold, to: cold, meteredAt: cold) == .zero)
        }
    }

    @Test func propertiesBeyondTheFitStayAtItsEnd() {
        for coolant in Coolant.allCases {
            let range = coolant.validTemperatures
            let above = range.upperBound + TemperatureDifference(kelvins: 400)
            let below = range.lowerBound - TemperatureDifference(kelvins: 400)
            #expect(coolant.density(at: above) == coolant.density(at: range.upperBound))
            #expect(coolant.specificHeat(at: below) == coolant.specificHeat(at: range.lowerBound))
        }
    }

    @Test func missingTemperatureGivesNoPlausibleHeat() {
        let flow = VolumeFlow(litersPerSecond: 1)
        let known = Temperature(celsius: 30)
        let missing = Temperature(celsius: .nan)
        #expect(!Coolant.water.heat(of: flow, from: missing, to: known, meteredAt: known).isFinite)
        #expect(!Coolant.water.heat(of: flow, from: known, to: known, meteredAt: missing).isFinite)
        #expect(Coolant.propyleneGlycol25.dynamicViscosityPascalSeconds(at: missing).isNaN)
    }

    private func expectProperties(of coolant: Coolant, _ row: [Double], relative: Double) {
        let temperature = Temperature(celsius: row[0])
        expectClose(coolant.density(at: temperature).kilogramsPerCubicMeter, row[1], relative * row[1])
        expectClose(coolant.specificHeat(at: temperature).joulesPerKilogramKelvin / 1_000, row[2], relative * row[2])
        let capacity = coolant.volumetricHeatCapacity(at: temperature).joulesPerCubicMeterKelvin / 1e6
        expectClose(capacity, row[3], relative * row[3])
    }
}
