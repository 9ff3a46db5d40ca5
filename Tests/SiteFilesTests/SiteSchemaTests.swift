// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import TestKit
import Testing
import Thermo

/// The JSON Schema for editors says of site files what the code says.
struct SiteSchemaTests {
    static let path = Repository.path("docs/site.schema.json")

    private static func objects() throws -> [(path: [String], object: [String: Any])] {
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
    private static func keysOfTheDecoder() throws -> Set<String> {
        let folder = Repository.path("Sources/SiteFiles/Sites")
        // Read before or beside the fields: by the tree, by groups, by 'repeat', and the poll classes of 'intervals'.
        var keys: Set<String> = ["include", "groups", "repeat", "from", "to"]
        keys.formUnion(PollClass.allCases.map(\.rawValue))
        let call = /fields\.(?:required|optional)\(\s*"(\w+)"/
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) where file.hasSuffix(".swift") {
            if file == "CommissioningFile.swift" { continue }
            let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
            for match in text.matches(of: call) { keys.insert(String(match.1)) }
        }
        return keys
    }

    @Test func schemaAndDecoderKnowTheSameKeys() throws {
        let inSchema = Set(try Self.objects().filter { $0.path.last == "properties" }.flatMap(\.object.keys))
        let inDecoder = try Self.keysOfTheDecoder()
        #expect(inSchema.subtracting(inDecoder) == [], "in the schema only")
        #expect(inDecoder.subtracting(inSchema) == [], "in the decoder only")
    }

    @Test func everyKeyIsDescribedForWhoeverHoversOverIt() throws {
        for entry in try Self.objects() where entry.path.last == "properties" {
            for (key, value) in entry.object where key != "repeat" {
                let text = (value as? [String: Any])?["description"] as? String ?? ""
                #expect(text.hasSuffix("."), "\(entry.path.joined(separator: "/"))/\(key)")
            }
        }
    }

    /// The page that explains the format names every key of it, and every word that a value may be.
    @Test func theDocumentationNamesEveryKey() throws {
        let page = try String(contentsOfFile: Repository.path("docs/site-format.md"), encoding: .utf8)
        let words =
            MeterPlace.allCases.map(\.rawValue) + EnergyCarrier.allCases.map(\.rawValue)
            + LoopKind.allCases.map(\.rawValue) + Coolant.allCases.map(\.rawValue) + PollClass.allCases.map(\.rawValue)
            + CoolingTowerModel.allCases.map(\.rawValue) + SensorRealism.allCases.map(\.rawValue)
        let missing = try Self.keysOfTheDecoder().union(words).filter { !page.contains("`\($0)`") }
        #expect(missing.sorted() == [])
    }

    @Test(arguments: [
        ("place", MeterPlace.allCases.map(\.rawValue)), ("carrier", EnergyCarrier.allCases.map(\.rawValue)),
        ("kind", LoopKind.allCases.map(\.rawValue)), ("coolant", Coolant.allCases.map(\.rawValue)),
        ("poll", PollClass.allCases.map(\.rawValue)), ("model", CoolingTowerModel.allCases.map(\.rawValue)),
        ("sensors", SensorRealism.allCases.map(\.rawValue)),
    ])
    func theWordsOfAKeyAreThoseOfTheCode(key: String, words: [String]) throws {
        let lists = try Self.objects().filter { $0.path.suffix(2) == ["properties", key] }
            .compactMap { $0.object["enum"] as? [String] }
        #expect(!lists.isEmpty)
        for list in lists { #expect(list == words) }
    }

    @Test func theUnitsOfAQuantityAreThoseOfTheCode() throws {
        let patterns = try Self.objects().filter { $0.path.count == 2 && $0.path[0] == "$defs" }
        var checked = 0
        for (base, spellings) in Dictionary(grouping: SourceUnit.all, by: \.base) {
            guard let pattern = patterns.first(where: { $0.path[1] == base.caseName })?.object["pattern"] as? String
            else { continue }
            checked += 1
            let units = spellings.map(\.spelling).joined(separator: "|")
            #expect(pattern == "^[-+]?[0-9.]+ ?(" + units + ")$|\\{")
        }
        #expect(checked == 7)
    }

    @Test(.timeLimit(.minutes(1))) func theShippedSitesKeepToTheSchema() throws {
        let names = ["slice", "hall-10mw", "hundred-racks", "bounds", "two-loops"]
        let sites = names.map { Repository.path("simulators/sites/\($0).yaml") }
        let result = try Self.validate(sites + [GoodFilesTests.golden("hall.yaml")])
        #expect(result.output == "" && result.errors == "")
        #expect(result.status == 0)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("place: boundary", "place: border"), ("rated: 12 MW", "rated: 12"), ("port: 15020", "prot: 15020"),
            ("jurisdiction: SE", "jurisdiction: Sweden"), ("category: 1", "category: 4"), ("id: slice", "name: slice"),
            ("budget: 2 GB", "budget: 2"), ("power: 132 kW", "power: 132 kWh"),
        ]
    )
    func theSchemaRefusesSlips(right: String, slip: String) throws {
        let text = try String(contentsOfFile: Repository.path("simulators/sites/slice.yaml"), encoding: .utf8)
        try #require(text.contains(right))
        let bench = try Workbench(["wrong.yaml": text.replacing(right, with: slip)])
        let refused = try Self.validate([bench.directory.path("wrong.yaml")])
        #expect(refused.status == 1 && refused.output.contains("wrong.yaml"), "\(refused.output)\(refused.errors)")
    }

    /// Keys that exclude each other: the first of each pair stands alone and passes, the second is refused.
    static let exclusive = [
        (
            "plant: {electrical: {loss_share: 5 %}}",
            "plant: {electrical: {loss_share: 5 %, vintage: legacy}}"
        ),
        (
            "plant: {electrical: {transformer_rating: 1 MW, ups_rating: 1 MW, distribution_rating: 1 MW}}",
            "plant: {electrical: {loss_share: 5 %, ups_rating: 1 MW}}"
        ),
        (
            "plant: {dry_coolers: [{id: c, rated_heat: 1 MW}]}",
            "plant: {dry_coolers: [{id: c, rated_heat: 1 MW}], cooling_towers: []}"
        ),
        (
            "remote_write: [{id: r, url: 'https://r.example/', bearer_token_file: t}]",
            "remote_write: [{id: r, url: 'https://r.example/', bearer_token_file: t, basic_auth: {user: u, "
                + "password_file: p}}]"
        ),
        (
            "simulation: {start: '2026-03-01T06:00:00Z', events: [{after: 1 min, district_permit: true}]}",
            "simulation: {start: '2026-03-01T06:00:00Z', events: [{after: 1 min, district_permit: true, load_step: "
                + "{to: 60 %, over: 1 min}}]}"
        ),
        (
            "simulation: {start: '2026-03-01T06:00:00Z', district_permit: {below: 7 degC}}",
            "simulation: {start: '2026-03-01T06:00:00Z', events: [{after: 1 min}]}"
        ),
    ]

    @Test(.timeLimit(.minutes(1))) func theSchemaRefusesWhatExcludesEachOther() throws {
        var files: [String: String] = [:]
        for (number, pair) in Self.exclusive.enumerated() {
            files["right-\(number).yaml"] = BrokenSitesTests.head + pair.0 + "\n"
            files["wrong-\(number).yaml"] = BrokenSitesTests.head + pair.1 + "\n"
            #expect(try Workbench.siteProblems(BrokenSitesTests.head + pair.1 + "\n").isEmpty == false, "\(pair.1)")
        }
        let bench = try Workbench(files)
        let result = try Self.validate(files.keys.sorted().map { bench.directory.path($0) })
        for (number, pair) in Self.exclusive.enumerated() {
            #expect(!result.output.contains("right-\(number).yaml"), "\(pair.0)\n\(result.output)")
            #expect(result.output.contains("wrong-\(number).yaml"), "\(pair.1)")
        }
    }

    private static func validate(_ sites: [String]) throws -> (status: Int32, output: String, errors: String) {
        let arguments = [Repository.path("Tests/oracles/validate_maps.py"), path] + sites
        let result = try runProcess(Python.executable, arguments)
        return (result.status, result.output, result.errors)
    }
}

extension PointUnit {
    fileprivate var caseName: String { "\(self)" }
}
