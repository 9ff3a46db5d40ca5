// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import SiteFiles
import TestKit
import Testing

/// The JSON Schema for editors says of maps what the code says.
struct MapSchemaTests {
    static let path = Repository.path("devicemaps/device-map.schema.json")

    /// Every JSON object of the schema, with the names on the way to it.
    static func objects() throws -> [(path: [String], object: [String: Any])] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        var found: [(path: [String], object: [String: Any])] = []
        func walk(_ value: Any, _ path: [String]) {
            if let object = value as? [String: Any] {
                found.append((path, object))
                for key in object.keys.sorted() { if let value = object[key] { walk(value, path + [key]) } }
            } else if let list = value as? [Any] {
                for (position, value) in list.enumerated() { walk(value, path + [String(position)]) }
            }
        }
        walk(root, [])
        return found
    }

    /// The keys that the sources ask a mapping for.
    static func keysOfTheDecoder() throws -> Set<String> {
        let folder = Repository.path("Sources/SiteFiles/Maps")
        var keys: Set<String> = ["repeat", "from", "to"]
        let call = /fields\.(?:required|optional)\(\s*"(\w+)"/
        for file in try FileManager.default.subpathsOfDirectory(atPath: folder) where file.hasSuffix(".swift") {
            let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
            for match in text.matches(of: call) { keys.insert(String(match.1)) }
        }
        // Taken out before the rest is decoded.
        return keys.union(["extends", "omit"])
    }

    @Test func schemaAndDecoderKnowTheSameKeys() throws {
        let inSchema = Set(
            try Self.objects().filter { $0.path.last == "properties" && !$0.path.contains("else") }
                .flatMap(\.object.keys)
        )
        let inDecoder = try Self.keysOfTheDecoder()
        #expect(inSchema.subtracting(inDecoder) == [], "in the schema only")
        #expect(inDecoder.subtracting(inSchema) == [], "in the decoder only")
    }

    @Test func everyKeyIsDescribedForWhoeverHoversOverIt() throws {
        for entry in try Self.objects() where entry.path.last == "properties" && entry.path.count <= 4 {
            for (key, value) in entry.object {
                guard let object = value as? [String: Any] else { continue }
                let isShared =
                    object["$ref"] != nil || ["table", "from", "to", "address", "type", "point"].contains(key)
                #expect(object["description"] != nil || isShared, "\(entry.path.joined(separator: "/"))/\(key)")
            }
        }
    }

    @Test(arguments: [
        ("category", DeviceCategory.allCases.map(\.rawValue)), ("confirmation", Confirmation.allCases.map(\.rawValue)),
        ("table", RegisterTable.allCases.map(\.rawValue)), ("order", WordOrder.allCases.map(\.rawValue)),
        ("byte_order", ByteOrder.allCases.map(\.rawValue)), ("poll", PollClass.allCases.map(\.rawValue)),
        ("function", WriteFunction.allCases.map(\.rawValue)), ("unit", SourceUnit.all.map(\.spelling)),
    ])
    func theWordsOfAKeyAreThoseOfTheCode(key: String, words: [String]) throws {
        let lists = try Self.objects().filter { $0.path.suffix(2) == ["properties", key] }
            .compactMap { $0.object["enum"] as? [String] }
        #expect(!lists.isEmpty)
        for list in lists { #expect(list == words) }
    }

    @Test(.timeLimit(.minutes(1))) func everyShippedMapKeepsToTheSchema() throws {
        let maps = ShippedMapsTests.names.map { Repository.path("devicemaps/\($0).yaml") }
        let result = try Self.validate(maps + [GoodFilesTests.golden("every_key.yaml")])
        #expect(result.output == "" && result.errors == "")
        #expect(result.status == 0)
    }

    static let slips = [
        ("address: 10", "adress: 10"), ("unit: kW", "unit: kilowatt"), ("type: uint16", "type: uint17"),
        ("confirmation: one_good_source", "confirmation: hearsay"), ("address: 10", "address: 70000"),
        ("vendor: Acme\n", ""), ("words: [1]", "words: [65536]"),
    ]

    @Test(.timeLimit(.minutes(1))) func theSchemaRefusesSlips() throws {
        let text =
            BrokenMapsTests.head
            + "points: {active_power: {address: 10}}\ngolden: [{point: active_power, words: [1], value: 1}]\n"
        var files = ["right.yaml": text]
        for (position, slip) in Self.slips.enumerated() {
            try #require(text.contains(slip.0))
            files["slip\(position).yaml"] = text.replacing(slip.0, with: slip.1)
        }
        let bench = try Workbench(files)
        let refused = try Self.validate(files.keys.sorted().map { bench.directory.path($0) })
        #expect(refused.status == 1 && refused.errors == "")
        for (position, slip) in Self.slips.enumerated() {
            #expect(refused.output.contains("/slip\(position).yaml: "), "\(slip.1)")
        }
        #expect(!refused.output.contains("right.yaml"), "\(refused.output)")
    }

    private static func validate(_ maps: [String]) throws -> (status: Int32, output: String, errors: String) {
        let result = try runProcess(
            Python.executable,
            [Repository.path("Tests/oracles/validate_maps.py"), path] + maps
        )
        return (result.status, result.output, result.errors)
    }
}
