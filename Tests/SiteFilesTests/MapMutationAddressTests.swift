// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import SiteFiles
import TestKit
import Testing

/// Addresses that are off by one, the mistake every engineer has made.
///
/// Where the vendor's document prints numbers, `vendor_notation` and `numbering` are the second transcription, and the
/// map does not load. Where it prints none, or letters, `Golden/map_addresses.txt` is.
struct MapMutationAddressTests {
    /// Moves every address of the map's points, but nothing else, by one.
    static func shifted(_ text: String) throws -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.hasPrefix("points:") })
        let key = /(?<before>(?:^|[\s{])address: *)(?<value>"[^"]*"|0x[0-9A-Fa-f]+|[0-9]+)/
        return lines.enumerated().map { index, line in
            let isTop = line.first.map { !$0.isWhitespace && $0 != "#" } ?? false
            let isPoint = index > start && !isTop && !line.drop(while: \.isWhitespace).hasPrefix("#")
            guard isPoint else { return String(line) }
            return String(line).replacing(key) { match in
                let value = String(match.value)
                if value.hasPrefix("\"") { return match.before + value.replacing("}", with: "+1}") }
                let isHexadecimal = value.hasPrefix("0x")
                let number = isHexadecimal ? Int(value.dropFirst(2), radix: 16) : Int(value)
                return match.before + String((number ?? 0) + 1)
            }
        }
        .joined(separator: "\n")
    }

    /// How many entries of the map's own file state a number that their address can be held against.
    static func printedNumbers(in text: String) -> Int {
        text.matches(of: /vendor_notation: *(?:"(?:0x[0-9A-Fa-f]+|[0-9]+|\{[^}]*\})"|[0-9]+[,}\s])/).count
    }

    /// All maps beside one another, so that families are found.
    private static func library() throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        for name in SiteFiles.mapNames(in: [MapMutationTests.directory]) {
            let file = "\(name).yaml"
            try FileManager.default.copyItem(
                atPath: "\(MapMutationTests.directory)/\(file)",
                toPath: directory.path(file)
            )
        }
        return directory
    }

    @Test(.timeLimit(.minutes(1)))
    func everyAddressWithAPrintedNumberIsHeldAgainstIt() throws {
        let directory = try Self.library()
        var noticed = 0
        for map in MapMutationTests.files {
            let path = directory.path("\(map.name).yaml")
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let expected = Self.printedNumbers(in: text)
            guard expected > 0 else { continue }
            try Self.shifted(text).write(toFile: path, atomically: true, encoding: .utf8)
            let problems = SiteFiles.loadMap(path: path).problems.filter { problem in
                problem.message.contains("'vendor_notation' is") && problem.file.hasSuffix("/\(map.name).yaml")
            }
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(problems.count == expected, "\(map.name): \(problems.count) of \(expected) are noticed")
            noticed += problems.count
        }
        #expect(noticed > 1_000)
    }

    /// The points that no printed number guards, with their addresses, as somebody looked at them last.
    @Test func theOtherAddressesAreThoseOnRecord() throws {
        var lines: [String] = []
        for map in MapMutationTests.maps {
            for point in map.points where !Self.isHeldAgainstANumber(point) {
                lines.append("\(map.name) \(point.name) \(point.table.rawValue) \(point.address)")
            }
        }
        let text = lines.joined(separator: "\n") + "\n"
        let path = Repository.path("Tests/SiteFilesTests/Golden/map_addresses.txt")
        if ProcessInfo.processInfo.environment["THERMOCLINE_RECORD"] == "1" {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let recorded = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(Set(lines).subtracting(recorded).sorted() == [], "not on record")
        #expect(Set(recorded).subtracting(lines).sorted() == [], "on record, but not in the maps")
    }

    /// The maps in which no printed number guards any address, and why.
    static let withoutPrintedNumbers = [
        "carlo_gavazzi_em24_ethernet": "its sources are programs, which name addresses on the wire and nothing else",
        "huawei_ups2000": "its document prints a register relative to the UPS, with the UPS beside it",
        "sunspec_meter": "the published models name their points, and give sizes from which the addresses follow",
        "sunspec_weather": "the published models name their points, and give sizes from which the addresses follow",
    ]

    @Test func mapsWithoutAPrintedNumberAreTheseAndNoOthers() {
        let bare = MapMutationTests.files.filter { map in !map.points.contains(where: Self.isHeldAgainstANumber) }
        #expect(Set(bare.map(\.name)) == Set(Self.withoutPrintedNumbers.keys))
    }

    /// Whether loading compares the point's address with a number in the vendor's document.
    static func isHeldAgainstANumber(_ point: MapPoint) -> Bool {
        if case .combined(let parts) = point.type { return point.source.matches(of: /[0-9]+/).count >= parts.count }
        guard point.source.hasPrefix("register ") else { return false }
        let printed = point.source.dropFirst("register ".count).prefix { $0 != ";" }
        return printed.hasPrefix("0x") ? Int(printed.dropFirst(2), radix: 16) != nil : Int(printed) != nil
    }
}
