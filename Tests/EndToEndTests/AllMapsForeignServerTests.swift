// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModbusIO
import Plant
import TestKit
import Testing

/// Every map read from a server nobody here wrote, which serves the golden words as they stand in the files.
///
/// The maps are read a second time by a reader in another language, so this also compares what the two made of
/// families, repetition and defaults.
@Suite(.serialized)
struct AllMapsForeignServerTests {
    /// What the other side says it serves of one map.
    private struct ServedMap: Decodable {
        let map: String
        let port: UInt16
        /// Unit id 1 serves the first group of vectors, 2 the next, and so on.
        let rounds: [[Vector]]
    }

    private struct Vector: Decodable {
        let point: String
        let words: [UInt16]
        /// In the point's unit; missing for text and where the words mean no value.
        let value: Double?
        let text: String?
    }

    @Test(.timeLimit(.minutes(2)))
    func goldenWordsOfEveryMapReadAsTheirValues() throws {
        let script = Repository.path("Tests/EndToEndTests/oracles/serve_golden_words.py")
        let server = try RunningProgram(executable: Python.executable, [script, AllMaps.directory], input: "")
        try #require(server.waitForLine(within: 60) { $0 == "ready" } != nil, "\(server.output)")
        let decoder = JSONDecoder()
        let served = try server.output.split(separator: "\n").filter { $0.hasPrefix("{") }
            .map { try decoder.decode(ServedMap.self, from: Data($0.utf8)) }
        #expect(served.map(\.map) == AllMaps.loaded.map(\.name))
        var count = 0
        for entry in served {
            let map = try #require(AllMaps.loaded.first { $0.name == entry.map })
            #expect(Self.keys(of: map) == entry.rounds.joined().map(Self.key).sorted(), "\(map.name)")
            for (index, round) in entry.rounds.enumerated() {
                try Self.read(round, of: map.withoutPauses, port: entry.port, unit: UInt8(index + 1))
                count += round.count
            }
        }
        #expect(count > 1_000)
    }

    private static func read(_ round: [Vector], of map: DeviceMap, port: UInt16, unit: UInt8) throws {
        var chosen = map.only(Set(round.map(\.point)))
        // A round may show a setting and a value that another setting is for.
        for position in chosen.points.indices { chosen.points[position].validWhile = nil }
        let look = try DeviceProbe(host: "127.0.0.1", port: port, unit: unit, map: chosen).run()
        for vector in round {
            let seen = try #require(look.points.first { $0.name == vector.point }, "\(map.name) \(vector.point)")
            let point = try #require(map.point(named: vector.point))
            let name = "\(map.name) \(vector.point) \(vector.words)"
            #expect(seen.words == vector.words, "\(name): \(seen.words) \(seen.cause)")
            if let text = vector.text {
                #expect(seen.text == text, "\(name)")
            } else if let value = vector.value {
                let expected = point.unit.toBase(value)
                #expect(seen.quality == .good && point.agrees(seen.value, expected), "\(name): \(seen.value)")
            } else {
                #expect(seen.quality == .bad && seen.value.isNaN, "\(name): \(seen.value)")
            }
        }
    }

    /// The map's own vectors of points that can be read, to compare the two readers.
    private static func keys(of map: DeviceMap) -> [String] {
        map.goldenVectors.filter { map.point(named: $0.point)?.isReadable == true }
            .map { key(Vector(point: $0.point, words: $0.words, value: $0.value, text: $0.text)) }.sorted()
    }

    private static func key(_ vector: Vector) -> String {
        "\(vector.point) \(vector.words) \(vector.value.map { "\($0)" } ?? vector.text ?? "none")"
    }
}
