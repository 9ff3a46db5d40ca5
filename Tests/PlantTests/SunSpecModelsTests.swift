// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Testing

/// Where the points of a map stand on devices of different models.
@Suite struct SunSpecModelsTests {
    private static func point(
        _ name: String,
        _ address: UInt16,
        _ type: RegisterType = .signed(bits: 16),
        factor: UInt16? = nil,
        counter: CounterBehavior? = nil
    ) -> MapPoint {
        MapPoint(
            name: name,
            table: .holdingRegister,
            address: address,
            type: type,
            unit: SourceUnit("W", .watts),
            scaleFactorAddress: factor,
            counter: counter
        )
    }

    private static func vector(_ point: String, _ words: [UInt16]) -> GoldenVector {
        GoldenVector(point: point, words: words, value: 1)
    }

    /// Model 10 or 11 with integers, 20 with floating point, and one point that only model 30 has.
    static var map: DeviceMap {
        var map = DeviceMap(name: "m", category: .powerMeter, confirmation: .simulated, points: [])
        let total = CounterBehavior(rollover: 65_536, resolution: 1)
        map.take([
            SunSpecLayout(
                ids: [10, 11],
                length: 8,
                points: [
                    point("power", 2, factor: 3), point("energy", 4, .unsigned(bits: 16), counter: total),
                    point("late", 9),
                ],
                goldenVectors: [vector("power", [1])]
            ),
            SunSpecLayout(
                ids: [20],
                length: 4,
                points: [point("power", 2, .float(bits: 32)), point("energy", 4, .float(bits: 32))],
                goldenVectors: [vector("power", [0x3F80, 0])]
            ),
            SunSpecLayout(ids: [30], length: 1, points: [point("other", 2)]),
        ])
        return map
    }

    @Test func theMapItselfIsThatOfADeviceWithAllPointsAndNoModelTwice() {
        let map = Self.map
        #expect(map.sunSpec?.chain == SunSpecChain([(10, 8), (30, 1)]))
        #expect(map.points.map(\.name) == ["power", "energy", "late", "other"])
        #expect(map.points.map(\.address) == [40_004, 40_006, 40_011, 40_014])
        #expect(map.points[0].scaleFactorAddress == 40_005)
        #expect(map.goldenVectors.map(\.words) == [[1]])
    }

    @Test func theFirstModelInTheMapsOrderGivesAPointWhateverTheDevicesOrder() {
        let map = Self.map.placed(on: SunSpecChain(base: 0, [(99, 5), (20, 4), (11, 8)]))
        // 2 + 7 = 9, 9 + 6 = 15: the id of model 11.
        #expect(map.points[0].address == 17 && map.points[0].type == .signed(bits: 16))
        #expect(map.points.map(\.isReadable) == [true, true, true, false])
    }

    @Test func aDeviceWithoutTheFirstModelIsReadByTheNext() {
        let map = Self.map.placed(on: SunSpecChain(base: 50_000, [(20, 4)]))
        #expect(map.points.map(\.name) == ["power", "energy", "late", "other"])
        #expect(map.points[0].address == 50_004 && map.points[0].type == .float(bits: 32))
        #expect(map.points[0].scaleFactorAddress == nil)
        #expect(map.points.map(\.isReadable) == [true, true, false, false])
        #expect(map.goldenVectors.map(\.words) == [[0x3F80, 0]])
        // And back again: nothing of the first device is left.
        let again = map.placed(on: Self.map.sunSpec?.chain ?? SunSpecChain([]))
        #expect(again.points.map(\.address) == Self.map.points.map(\.address))
        #expect(again.points.map(\.isReadable) == [true, true, true, true])
    }

    @Test func aModelShorterThanPublishedHasThePointsThatFitIntoIt() {
        let map = Self.map.placed(on: SunSpecChain([(10, 7)]))
        #expect(map.points.map(\.isReadable) == [true, true, false, false])
        // A scale factor that lies behind the end takes its point with it; the next model then gives it.
        let shorter = Self.map.placed(on: SunSpecChain([(10, 1), (20, 4)]))
        #expect(shorter.points[0].type == .float(bits: 32))
    }

    @Test func ofTwoModelsOfOneIdTheFirstCounts() {
        let map = Self.map.placed(on: SunSpecChain([(10, 8), (10, 8)]))
        #expect(map.points[0].address == 40_004)
    }

    @Test func whatASiteSetsForAPointHoldsOnEveryDevice() {
        var map = Self.map
        map.points[1].scale = 200
        map.points[1].counter = CounterBehavior(rollover: 65_536 * 200, resolution: 200)
        map.points[0].validRange = 0...10
        map.points[0].pollClass = .fast
        for chain in [SunSpecChain([(20, 4)]), SunSpecChain([(11, 8)])] {
            let placed = map.placed(on: chain)
            #expect(placed.points[1].scale == 200)
            #expect(placed.points[0].validRange == 0...10 && placed.points[0].pollClass == .fast)
        }
        #expect(map.placed(on: SunSpecChain([(11, 8)])).points[1].counter?.rollover == 13_107_200.0)
        #expect(map.placed(on: SunSpecChain([(20, 4)])).points[1].counter == nil)
    }

    @Test func everyLayoutThatTheMapDoesWithoutIsAnAlternative() {
        let alternatives = Self.map.alternatives
        #expect(alternatives.map(\.name) == ["m:20"])
        #expect(alternatives[0].sunSpec?.chain == SunSpecChain([(30, 1), (20, 4)]))
        #expect(alternatives[0].points.map(\.isReadable) == [true, true, false, true])
    }

    @Test func aMapOfFixedAddressesStaysAsItIs() {
        let map = DeviceMap(
            name: "m",
            category: .powerMeter,
            confirmation: .simulated,
            points: [Self.point("power", 5)]
        )
        #expect(map.placed(on: SunSpecChain([(10, 8)])).points[0].address == 5)
        #expect(map.alternatives.isEmpty)
    }
}
