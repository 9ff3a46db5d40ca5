// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import SiteFiles
import TestKit
import Testing

/// The codec of every point of every map, both ways, and a second one in another language.
struct AllMapsCodecTests {
    /// `Tests/oracles/decode.py` decodes and encodes every vector, from maps that `read_maps.py` read by itself.
    @Test(.timeLimit(.minutes(1)))
    func aSecondReaderAndCodecAgreeOnEveryGoldenVector() throws {
        let cases = try runProcess(
            Python.executable,
            [Repository.path("Tests/oracles/read_maps.py"), AllMaps.directory]
        )
        try #require(cases.status == 0, "\(cases.errors)")
        let decoder = Repository.path("Tests/oracles/decode.py")
        let result = try runProcess(Python.executable, [decoder], input: cases.output)
        let count = AllMaps.loaded.reduce(0) { $0 + $1.goldenVectors.count }
        #expect(result.output == "\(count) vectors agree\n", "\(result.output)\(result.errors)")
        #expect(result.status == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func theSecondCodecNoticesAWrongWordTypeScaleAndPlaceOfBits() throws {
        let good = """
            {"map": "m", "point": "p", "words": [4660], "type": "bits:4..7", "order": "high_first", \
            "byte_order": "high_first", "scale": 1, "offset": 0, "sentinels": [], "value": 3}
            """
        func run(_ text: String) throws -> ChildResult {
            try runProcess(Python.executable, [Repository.path("Tests/oracles/decode.py")], input: "[\(text)]")
        }
        #expect(try run(good).output == "1 vectors agree\n")
        let changes = [
            ("4660", "4676"), ("bits:4..7", "bits:5..7"), ("bits:4..7", "uint16"), ("\"scale\": 1", "\"scale\": 2"),
        ]
        for (part, change) in changes {
            let result = try run(good.replacing(part, with: change))
            #expect(result.status == 1 && result.output.hasPrefix("m p "), "\(change): \(result.output)")
        }
    }

    /// Every golden value becomes words that read as it, and are the vector's own where it stands exactly on a step.
    @Test func everyGoldenValueIsEncodedWithinOneStep() throws {
        for map in AllMaps.loaded {
            for vector in map.goldenVectors {
                let point = try #require(map.point(named: vector.point))
                let codec = RegisterCodec(point)
                let name = "\(map.name) \(vector.point) \(vector.words)"
                if let text = vector.text {
                    #expect(try codec.decodeText(codec.encodeText(text)) == text, "\(name)")
                    continue
                }
                guard let value = vector.value.map(point.unit.toBase) else { continue }
                let factor = vector.scaleFactorWord
                let words = try codec.encode(value, current: vector.words, scaleFactorWord: factor)
                let again = codec.decode(words, scaleFactorWord: factor)
                let step = codec.resolution(near: value, scaleFactorWord: factor)
                let isNear = again.isGood && abs(again.value - value) <= step * (0.5 + 1e-6)
                #expect(isNear, "\(name): \(again.value), not \(value)")
                let read = codec.decode(vector.words, scaleFactorWord: factor)
                let isOnStep = !point.isFloat && point.powerFactor == nil && abs(read.value - value) <= step * 1e-6
                #expect(words == vector.words || !isOnStep, "\(name)")
            }
        }
    }

    /// Values all over what a point may show, within one step of its scale.
    @Test func everyPointComesBackWithinOneStepAllOverItsRange() {
        for map in AllMaps.loaded {
            for point in map.points where !point.isText {
                let codec = RegisterCodec(point)
                let factor: UInt16? = point.scaleFactorAddress == nil ? nil : 0
                let holds = codec.representableRange ?? 0...0
                let range = point.validRange.map { holds.clamped(to: $0) } ?? holds
                let span = range.upperBound - range.lowerBound
                guard span.isFinite else { continue }
                for part in [0, 0.001, 0.31, 0.5, 0.77, 0.999, 1] {
                    let value = range.lowerBound + span * part
                    // What reads as a sentinel is refused, as it must be.
                    let current = Array(repeating: UInt16(0), count: codec.registerCount)
                    guard let words = try? codec.encode(value, current: current, scaleFactorWord: factor) else {
                        continue
                    }
                    let again = codec.decode(words, scaleFactorWord: factor)
                    let step = codec.resolution(near: value, scaleFactorWord: factor)
                    let isPast = !again.isGood && (part == 0 || part == 1) && again.cause == .outOfRange
                    let isNear = abs(again.value - value) <= max(step, abs(value) * 1e-12)
                    #expect(isPast || isNear, "\(map.name) \(point.name): \(value) came back as \(again)")
                }
            }
        }
    }
}
