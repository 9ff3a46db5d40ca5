// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import KPI
import Plant
import Testing

/// Yearly and hourly energies with the figures they must give; the numbers are those of the vectors' list.
@Suite struct FormulaVectorTests {
    /// One meter with its use over the period: kilowatt hours, or cubic metres for water and fuels.
    struct Use {
        let place: MeterPlace
        let carrier: EnergyCarrier
        let amount: Double

        init(_ place: MeterPlace, _ amount: Double, _ carrier: EnergyCarrier = .electricity) {
            self.place = place
            self.carrier = carrier
            self.amount = amount
        }
    }

    struct Expectation {
        let name: KPIName
        let category: Int?
        /// The figure in the unit of the list; nil where there must be none.
        let value: Double?
        /// A part of the reason, where one must be given.
        let reason: String

        init(_ name: KPIName, _ value: Double?, category: Int? = nil, reason: String = "") {
            self.name = name
            self.category = category
            self.value = value
            self.reason = reason
        }
    }

    struct Vector: CustomTestStringConvertible {
        let number: String
        let uses: [Use]
        let expected: [Expectation]
        var hours = 8_760.0
        var settings = KPISettings()
        var factors = EnergyFactors()
        /// Kilowatt hours per step of each register; 0 for fine ones.
        var resolution = 0.0
        /// Megawatts.
        var rated = 5.0

        var testDescription: String { "TV\(number)" }
    }

    static let vectors: [Vector] = [
        Vector(
            number: "1",
            uses: [Use(.boundary, 10_512_000), Use(.upsOutput, 8_760_000)],
            expected: [.init(.pue, 1.2)]
        ),
        Vector(
            number: "2",
            uses: [
                Use(.boundary, 9_000_000), Use(.boundary, 12, .diesel), Use(.boundary, 20_000, .naturalGas),
                Use(.boundary, 500_000, .districtCooling), Use(.upsOutput, 7_200_000),
            ],
            expected: [.init(.pue, 1.3165)],
            factors: EnergyFactors(boughtCoolingShare: 0.30)
        ),
        Vector(
            number: "3",
            uses: [Use(.boundary, 1_100 + 250), Use(.upsOutput, 1_000 + 100)],
            expected: [.init(.pue, 1.227273)],
            hours: 2
        ),
        Vector(
            number: "4",
            uses: [Use(.boundary, 1_113.75), Use(.upsOutput, 912.5)],
            expected: [.init(.pue, 1.220548)],
            hours: 1
        ),
        Vector(
            number: "10",
            uses: [Use(.boundary, 150), Use(.upsOutput, 0)],
            expected: [.init(.pue, nil, reason: "IT energy is below 1 %")],
            hours: 1
        ),
        Vector(
            number: "10 day",
            uses: [Use(.boundary, 23 * 1_200 + 150), Use(.upsOutput, 23 * 1_000)],
            expected: [.init(.pue, 1.206522)],
            hours: 24
        ),
        Vector(
            number: "10 variant",
            uses: [Use(.boundary, 150), Use(.upsOutput, 0.4)],
            expected: [.init(.pue, nil, reason: "IT energy is below 1 %")],
            hours: 1
        ),
        Vector(
            number: "11",
            uses: [Use(.boundary, 1_300), Use(.upsOutput, 1_040), Use(.pduOutput, 1_010), Use(.itInput, 1_000)],
            expected: [
                .init(.pue, 1.25, category: 1), .init(.pue, 1.287129, category: 2), .init(.pue, 1.3, category: 3),
            ],
            hours: 1
        ),
        Vector(
            number: "12",
            uses: [Use(.waterInput, 18_250, .water), Use(.upsOutput, 8_760_000)],
            expected: [.init(.wue, 2.083333)]
        ),
        Vector(
            number: "14",
            uses: [Use(.boundary, 10_512_000), Use(.upsOutput, 8_760_000), Use(.heatHandOff, 3_153_600, .heat)],
            expected: [.init(.pue, 1.2), .init(.erf, 0.3), .init(.ere, 0.84)]
        ),
        Vector(
            number: "15 condenser of an outside heat pump",
            uses: [Use(.boundary, 1_000_000), Use(.upsOutput, 850_000), Use(.heatHandOff, 1_150_000, .heat)],
            expected: [
                .init(.pue, 1.176471), .init(.erf, nil, reason: "invalid: ERF of 1.150000 is above 1"),
                .init(.ere, nil, reason: "invalid: ERE of -0.176471 is below 0"),
            ]
        ),
        Vector(
            number: "15 evaporator of an outside heat pump",
            uses: [Use(.boundary, 1_000_000), Use(.upsOutput, 850_000), Use(.heatHandOff, 862_500, .heat)],
            expected: [.init(.pue, 1.176471), .init(.erf, 0.8625), .init(.ere, 0.161765)]
        ),
        Vector(
            number: "15 heat pump inside",
            uses: [
                Use(.boundary, 1_287_500), Use(.heatUpgrade, 287_500), Use(.upsOutput, 850_000),
                Use(.heatHandOff, 1_150_000, .heat),
            ],
            expected: [.init(.pue, 1.514706), .init(.erf, 0.893204), .init(.ere, 0.161765)]
        ),
        Vector(
            number: "17",
            uses: [Use(.boundary, 2_000_000), Use(.heatHandOff, 500_000, .heat), Use(.heatReturned, 60_000, .heat)],
            expected: [.init(.erf, 0.22)]
        ),
        Vector(
            number: "18",
            uses: [Use(.boundary, 1_220_000), Use(.upsOutput, 976_000)],
            expected: [.init(.pue, 1.25)],
            hours: 122 * 24
        ),
        Vector(
            number: "19 one hour",
            uses: [Use(.boundary, 500), Use(.upsOutput, 450)],
            expected: [.init(.cue, 500 * 0.400 / 450)],
            hours: 1,
            settings: KPISettings(carbonIntensityGramsPerKilowattHour: 400)
        ),
        Vector(
            number: "20",
            uses: [Use(.boundary, 10_512_000)],
            expected: [.init(.ref, 0.751522)],
            settings: KPISettings(renewableShare: 7_900.0 / 10_512)
        ),
        Vector(
            number: "20 guarantees of the own generation sold",
            uses: [Use(.boundary, 10_512_000)],
            expected: [.init(.ref, 0.732496)],
            settings: KPISettings(renewableShare: 7_700.0 / 10_512)
        ),
        Vector(
            number: "21",
            uses: [Use(.heatRemoved, 7_500_000, .heat), Use(.cooling, 1_000_000)],
            expected: [.init(.cer, 7.5)]
        ),
        Vector(
            number: "22",
            uses: [Use(.boundary, 1_200), Use(.boundary, 3_000), Use(.upsOutput, 1_000), Use(.upsOutput, 2_000)],
            expected: [.init(.pue, 1.4)],
            hours: 1
        ),
        Vector(
            number: "22 zones",
            uses: [Use(.boundary, 1_150), Use(.boundary, 1_800), Use(.upsOutput, 1_000), Use(.upsOutput, 1_000)],
            expected: [.init(.pue, 1.475)],
            hours: 1
        ),
        Vector(
            number: "27",
            uses: [Use(.boundary, 980), Use(.upsOutput, 1_000)],
            expected: [.init(.pue, nil, reason: "invalid: PUE of 0.980000 is below 1")],
            hours: 1
        ),
        Vector(
            number: "29",
            uses: [Use(.boundary, 21), Use(.upsOutput, 16)],
            expected: [.init(.pue, nil, reason: "window too short for the registers' resolution: 16 counts")],
            hours: 1 / 60.0,
            resolution: 1
        ),
        Vector(
            number: "30",
            uses: [Use(.boundary, 9_000_000), Use(.generator, 118_800), Use(.upsOutput, 7_500_000)],
            expected: [.init(.pue, 1.21584)]
        ),
    ]

    @Test(arguments: vectors) func givesTheListedFigure(_ vector: Vector) throws {
        let meters = vector.uses.enumerated().map { position, use in
            BenchMeter(
                device: "meter-\(position)",
                place: use.place,
                carrier: use.carrier,
                rated: use.carrier == .water ? 0.01 : vector.rated * 1e6
            )
        }
        let site = MeterBench.site(meters, settings: vector.settings)
        let indicators = Indicator.all(for: site, factors: vector.factors)
        for expected in vector.expected {
            let indicator = try #require(
                indicators.first {
                    $0.name == expected.name && (expected.category == nil || $0.category == expected.category)
                }
            )
            let figure = indicator.evaluate(
                indicator.meters.map { difference(vector.uses[$0], vector) },
                coveredSeconds: vector.hours * 3_600,
                completeness: 1
            )
            #expect(figure.reason.contains(expected.reason))
            guard let value = expected.value else {
                #expect(figure.value == nil)
                continue
            }
            let shown = try #require(figure.value) * onScreen(expected.name)
            #expect(abs(shown - value) < 1e-6, "\(expected.name) is \(shown)")
        }
    }

    private func difference(_ use: Use, _ vector: Vector) -> MeterDifference {
        let counts: Double =
            switch use.carrier {
            case .electricity, .heat, .districtCooling: use.amount * kilowattHour
            case .water: use.amount * 1e6
            case .naturalGas: use.amount * vector.factors.naturalGasJoulesPerCubicMeter
            case .diesel: use.amount * vector.factors.dieselJoulesPerCubicMeter
            }
        return MeterDifference(counts: Int64(counts.rounded()), resolution: vector.resolution * kilowattHour)
    }

    /// From base units to litres, or kilograms, per kilowatt hour.
    private func onScreen(_ name: KPIName) -> Double {
        switch name {
        case .wue: 1e3 * kilowattHour
        case .cue: 1e-3 * kilowattHour
        default: 1
        }
    }

    @Test func theFigureFallsWithoutMeasurementBelowNineTenths() throws {
        let site = MeterBench.site([
            BenchMeter(device: "main", place: .boundary), BenchMeter(device: "ups", place: .upsOutput),
        ])
        let pue = try #require(Indicator.all(for: site).first)
        let use = [1_200.0, 1_000].map { MeterDifference(counts: Int64($0 * kilowattHour), resolution: 0) }
        func figure(_ completeness: Double) -> IndicatorValue {
            pue.evaluate(use, coveredSeconds: 3_600, completeness: completeness)
        }
        // TV25: 34 690 of 35 040 quarter hours.
        #expect(abs(34_690 / 35_040.0 - 0.990011) < 1e-6)
        #expect(figure(34_690 / 35_040.0).reason.isEmpty)
        #expect(figure(0.949).value != nil)
        #expect(figure(0.949).reason == "indicative: 94.9 % of the window is covered")
        #expect(figure(0.90).value != nil)
        #expect(figure(0.899).value == nil)
        #expect(figure(0.899).reason == "only 89.9 % of the window is covered by all meters, 90 % is needed")
        #expect(figure(0.899).numerator == 1_200 * kilowattHour)
    }

    @Test func aMeterWithNegativeSignIsTakenOff() throws {
        let site = MeterBench.site([
            BenchMeter(device: "main", place: .boundary), BenchMeter(device: "ups", place: .upsOutput),
            BenchMeter(device: "cdu-pump", place: .upsOutput, sign: -1),
        ])
        let pue = try #require(Indicator.all(for: site).first)
        let figure = pue.evaluate(
            [1_200.0, 1_050, 50].map { MeterDifference(counts: Int64($0 * kilowattHour), resolution: kilowattHour) },
            coveredSeconds: 3_600,
            completeness: 1
        )
        #expect(figure.value == 1.2)
        #expect(figure.denominator == 1_000 * kilowattHour)
        // One count of 1200 above; two independent counts of 1000 below.
        let expected = ((1 / 1_200.0) * (1 / 1_200.0) + 2 / 1e6).squareRoot()
        #expect(abs(figure.uncertainty - expected) < 1e-12)
    }

    @Test func noWaterAndNoExportedHeatAreTrueZeros() throws {
        let site = MeterBench.site([
            BenchMeter(device: "main", place: .boundary), BenchMeter(device: "ups", place: .upsOutput),
            BenchMeter(device: "heat", place: .heatHandOff, carrier: .heat),
            BenchMeter(device: "water", place: .waterInput, carrier: .water, rated: 0.01),
        ])
        for name in [KPIName.wue, .erf] {
            let indicator = try #require(Indicator.all(for: site).first { $0.name == name })
            func figure(resolution: Double) -> IndicatorValue {
                indicator.evaluate(
                    indicator.meters.map { meter in
                        meter < 2
                            ? MeterDifference(counts: Int64(1_000 * kilowattHour), resolution: 1)
                            : MeterDifference(counts: 0, resolution: resolution)
                    },
                    coveredSeconds: 3_600,
                    completeness: 1
                )
            }
            #expect(figure(resolution: 1e3).value == 0)
            // Registers too coarse to tell nothing from little.
            #expect(figure(resolution: 1e9).value == nil)
        }
    }
}
