// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import Testing

@Suite("Points and readings")
struct ReadingTests {
    @Test("a point is one device, one slash, one name")
    func pointParsing() {
        #expect(PointID("cdu-1/supply_temperature") == PointID(device: "cdu-1", point: "supply_temperature"))
        #expect(PointID("cdu-1/supply_temperature")?.description == "cdu-1/supply_temperature")
        for text in ["", "/", "cdu-1", "cdu-1/", "/supply", "a/b/c", "a//b"] { #expect(PointID(text) == nil) }
    }

    @Test("points travel as text in JSON, and text that is none is refused")
    func pointCoding() throws {
        let points = [PointID(device: "cdu-1", point: "supply_temperature")]
        let data = try JSONEncoder().encode(points)
        #expect(try JSONDecoder().decode([PointID].self, from: data) == points)
        #expect(String(decoding: data, as: UTF8.self) == #"["cdu-1\/supply_temperature"]"#)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([PointID].self, from: Data(#"["cdu-1"]"#.utf8))
        }
    }

    @Test("points sort by device, then name")
    func pointOrder() {
        let sorted = ["a/b", "a/c", "a-1/a", "b/a"].compactMap { PointID($0) }
        #expect(sorted.count == 4)
        #expect(sorted.reversed().sorted() == sorted)
    }

    private let noon = Timestamp(milliseconds: 1_772_366_400_000)

    @Test(
        "a good or uncertain reading older than the limit turns stale and keeps its value",
        arguments: [
            (Quality.good, 6_000, Quality.good), (.good, 6_001, .stale), (.uncertain, 6_000, .uncertain),
            (.uncertain, 6_001, .stale), (.good, -1_000, .good),
        ] as [(Quality, Int64, Quality)]
    )
    func aged(quality: Quality, ageMilliseconds: Int64, expected: Quality) {
        let reading = Reading(value: 21.5, quality: quality, cause: .none, sourceTime: noon)
        let aged = reading.aged(at: noon + .milliseconds(ageMilliseconds), limit: .seconds(6))
        #expect(aged.quality == expected)
        #expect(aged.cause == (expected == .stale ? .tooOld : .none))
        #expect(aged.value == 21.5)
        #expect(aged.sourceTime == noon)
    }

    @Test("a bad or stale reading keeps its cause however old it is")
    func agedBad() {
        let bad = Reading.bad(.timeout, at: noon)
        let later = bad.aged(at: noon + .seconds(3_600), limit: .seconds(6))
        #expect(later.quality == .bad)
        #expect(later.cause == .timeout)
        let stale = Reading(value: 1, quality: .stale, cause: .connectionLost, sourceTime: noon)
        #expect(stale.aged(at: noon + .seconds(3_600), limit: .seconds(6)) == stale)
        #expect(Reading.notYetRead.aged(at: noon, limit: .seconds(6)).cause == .notYetRead)
    }

    @Test("only a finite good or uncertain value is usable")
    func usableValue() {
        #expect(Reading(value: 3, sourceTime: noon).usableValue == 3)
        #expect(Reading(value: 3, quality: .uncertain, sourceTime: noon).usableValue == 3)
        #expect(Reading(value: 3, quality: .stale, sourceTime: noon).usableValue == nil)
        #expect(Reading(value: .nan, sourceTime: noon).usableValue == nil)
        #expect(Reading.bad(.timeout, at: noon).usableValue == nil)
    }

    @Test("an image answers for a point the site does not have")
    func imageSubscript() {
        let image = ProcessImage(time: noon, readings: [Reading(value: 3, sourceTime: noon)])
        #expect(image[PointIndex(0)].value == 3)
        let missing = image[nil as PointIndex?]
        #expect(missing.quality == .bad)
        #expect(missing.cause == .notAvailable)
    }

    /// The numbers are on disk: a cause may be appended here, never renumbered.
    @Test("causes keep their stored numbers")
    func storedCauses() {
        let stored: [QualityCause] = [
            .none, .notYetRead, .connectionRefused, .connectionLost, .timeout, .exceptionReply, .illegalAddress,
            .gatewayTargetFailed, .deviceBusy, .malformedReply, .notAvailable, .sensorAbsent, .outOfRange,
            .notANumber, .scaleFactorInvalid, .allZeroBlock, .tooOld, .identityMismatch, .interpolated,
            .sensorsDisagree, .flatLine, .inputsNotGood, .knownBadRange, .hostUnknown, .counterInDoubt,
            .identityUnconfirmed, .sunSpecMarkerMissing, .sunSpecModelsUnknown, .movedTooFast,
        ]
        for (number, cause) in stored.enumerated() { #expect(cause.rawValue == UInt8(number)) }
        #expect(QualityCause.allCases.allSatisfy { ($0 == .none) == $0.words.isEmpty })
        #expect([Quality.good, .uncertain, .stale, .bad].map(\.rawValue) == [0, 1, 2, 3])
    }
}
