// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import TestKit
import Testing

/// Which word or byte order is named when values make no sense.
@Suite struct OrderFindingsTests {
    private static func map(_ points: [MapPoint]) -> DeviceMap {
        DeviceMap(name: "meter", category: .powerMeter, confirmation: .simulated, points: points)
    }

    private static func point(
        _ name: String,
        _ type: RegisterType,
        _ unit: String,
        scale: Double = 1,
        words: WordOrder = .highFirst,
        bytes: ByteOrder = .highFirst,
        sentinels: [Sentinel] = [],
        validRange: ClosedRange<Double>? = nil
    ) -> MapPoint {
        MapPoint(
            name: name,
            table: .holdingRegister,
            address: 0,
            type: type,
            wordOrder: words,
            byteOrder: bytes,
            unit: SourceUnit.named(unit) ?? SourceUnit(unit, .count),
            scale: scale,
            sentinels: sentinels,
            validRange: validRange
        )
    }

    /// What is found when the points hold these words.
    private static func findings(_ points: [(MapPoint, [UInt16])]) -> OrderFindings {
        let look = DeviceLook(
            points: points.map { point, words in
                var seen = ProbedPoint(name: point.name, unit: point.unit, cause: .none)
                seen.words = words
                let decoded = RegisterCodec(point).decode(words)
                (seen.value, seen.cause) = (decoded.value, decoded.cause)
                return seen
            },
            identity: nil,
            requests: 1
        )
        return OrderFindings(look, map: map(points.map(\.0)))
    }

    private static let float = RegisterType.float(bits: 32)

    /// 50.0 Hz as a single, 0x4248_0000, in every order a device may send it while the map says the standard's.
    @Test(
        arguments: [
            ([0x4248, 0x0000], nil, nil),
            ([0x0000, 0x4248], WordOrder.lowFirst, nil),
            ([0x4842, 0x0000], nil, ByteOrder.lowFirst),
            ([0x0000, 0x4842], WordOrder.lowFirst, ByteOrder.lowFirst),
        ] as [([UInt16], WordOrder?, ByteOrder?)]
    )
    func namesTheOrderOfAFrequency(_ sent: ([UInt16], WordOrder?, ByteOrder?)) {
        let findings = Self.findings([(Self.point("frequency", Self.float, "Hz"), sent.0)])
        guard sent.1 != nil || sent.2 != nil else {
            #expect(findings.hints.isEmpty && findings.unexplained.isEmpty)
            return
        }
        #expect(findings.hints.count == 1)
        #expect(findings.hints.first?.wordOrder == sent.1 && findings.hints.first?.byteOrder == sent.2)
        #expect(findings.hints.first?.points == ["frequency"] && findings.hints.first?.exampleValue == 50)
    }

    @Test func saysTheOrderToWriteWhereTheMapHasTheUnusualOne() {
        let point = Self.point("frequency", Self.float, "Hz", words: .lowFirst, bytes: .lowFirst)
        let hint = Self.findings([(point, [0x4248, 0x0000])]).hints.first
        #expect(hint?.wordOrder == .highFirst && hint?.byteOrder == .highFirst)
    }

    @Test func judgesEachWayOfCodingByItself() {
        let low: [UInt16] = [0x0900, 0x0000]  // 2304 tenths of a volt, low word first
        let findings = Self.findings([
            (Self.point("frequency", Self.float, "Hz"), [0x4248, 0x0000]),
            (Self.point("voltage_l1", .signed(bits: 32), "V", scale: 0.1), low),
            (Self.point("voltage_l2", .signed(bits: 32), "V", scale: 0.1), low),
        ])
        #expect(findings.hints.count == 1)
        #expect(findings.hints.first?.wordOrder == .lowFirst && findings.hints.first?.byteOrder == nil)
        #expect(findings.hints.first?.points == ["voltage_l1", "voltage_l2"])
        #expect(abs((findings.hints.first?.exampleValue ?? 0) - 230.4) < 1e-9)
    }

    @Test func namesTheByteOrderOfSingleRegistersByTheMapsRange() {
        let range = -40.0...60.0
        let temperature = Self.point("outdoor", .signed(bits: 16), "degC", scale: 0.1, validRange: range)
        let hint = Self.findings([(temperature, [0xB400])]).hints.first
        #expect(hint?.byteOrder == .lowFirst && hint?.wordOrder == nil && hint?.exampleValue == 18)
    }

    @Test func aNotAvailablePatternSpeaksForTheOrderItAppearsIn() {
        let sentinel = [Sentinel(bits: 0x8000_0000)]
        let range = -40.0...60.0
        func point(_ name: String) -> MapPoint {
            Self.point(name, .signed(bits: 32), "degC", scale: 0.1, sentinels: sentinel, validRange: range)
        }
        // In the map's order 3276.8 degrees; the other way round the device says that it has no value.
        let swapped = Self.findings([(point("supply"), [0x0000, 0x8000])])
        #expect(swapped.hints.first?.wordOrder == .lowFirst && swapped.hints.first?.exampleValue.isNaN == true)
        // In the map's order the device says that it has no value: nothing to object to.
        let right = Self.findings([(point("supply"), [0x8000, 0x0000])])
        #expect(right.hints.isEmpty && right.unexplained.isEmpty)
    }

    @Test func oneBadSensorAmongGoodOnesIsNotTakenForAnOrder() {
        let range = -40.0...60.0
        func point(_ name: String) -> MapPoint {
            Self.point(name, .signed(bits: 16), "degC", scale: 0.1, validRange: range)
        }
        // 0x2010 is 821.6 degrees and, its bytes changed about, 409.6; 0x00C8 is 20 degrees.
        let findings = Self.findings([
            (point("a"), [0x00C8]), (point("broken"), [0x2010]), (point("b"), [0x00D2]), (point("c"), [0x00BE]),
        ])
        #expect(findings.hints.isEmpty)
        #expect(findings.unexplained == ["broken"])
    }

    @Test func zerosTextsAndSwitchesSayNothing() {
        let findings = Self.findings([
            (Self.point("frequency", Self.float, "Hz"), [0, 0]),
            (Self.point("name", .string(registers: 2), "count"), [0x4142, 0x4344]),
            (Self.point("alarm", .bit(3), "boolean"), [0xFFFF]),
        ])
        #expect(findings.hints.isEmpty && findings.unexplained.isEmpty)
    }
}
