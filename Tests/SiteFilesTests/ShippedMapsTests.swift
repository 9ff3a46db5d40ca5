// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import SiteFiles
import TestKit
import Testing

/// The maps in `devicemaps/`, against the code and against a decoder that shares none of it.
struct ShippedMapsTests {
    static let directory = Repository.path("devicemaps")
    static let names = SiteFiles.mapNames(in: [directory])

    static func map(_ name: String) throws -> DeviceMap {
        try #require(SiteFiles.loadMap(path: "\(directory)/\(name).yaml").value, "map \(name) does not load")
    }

    @Test func theProductsTheReadmeNamesAreThere() {
        let wanted = [
            "belimo_energy_valve_ev200", "carlo_gavazzi_em24_ethernet", "danfoss_vlt_fc102_fc302",
            "delta_rdf040_orv3_rpu", "janitza_umg604", "ocp_orv3_psu", "schneider_iem3000", "trane_rthd_pic",
            "vaisala_wxt530", "vertiv_liebert_cw_ds_pex",
        ]
        #expect(Set(wanted).subtracting(Self.names).isEmpty)
    }

    /// `sunspec_meter` and `sunspec_weather` are one way of describing products, so they count once.
    @Test func theReadmeSaysHowManyMapsThereAre() throws {
        let maps = try Self.names.map(Self.map)
        let simulated = maps.count { $0.confirmation == .simulated }
        let templates = maps.count { $0.confirmation == .template }
        let sunSpec = maps.count { $0.sunSpec != nil }
        let products = maps.count - simulated - templates - sunSpec + 1
        let readme = try String(contentsOfFile: Repository.path("README.md"), encoding: .utf8)
        let words =
            "\(products) real products from public facts (SunSpec counted once), \(simulated) simulated devices, "
            + "\(templates) templates"
        #expect(readme.contains(words), "\(words)")
    }

    /// The worked example of `devicemaps/README.md`, which newcomers begin with.
    @Test func theWorkedExampleIsRight() throws {
        let text = try String(contentsOfFile: "\(Self.directory)/README.md", encoding: .utf8)
        let example = try #require(
            text.components(separatedBy: "```yaml\n").dropFirst().first?.split(separator: "```\n").first
        )
        let bench = try Workbench(["acme_hx7.yaml": String(example)])
        let result = SiteFiles.lintMap(path: bench.directory.path("acme_hx7.yaml"))
        #expect(result.loaded.problems.map(\.description) == [] && result.loaded.value?.points.count == 7)
    }

    @Test(arguments: names)
    func loadsWithoutProblems(name: String) {
        let loaded = SiteFiles.loadMap(path: "\(Self.directory)/\(name).yaml")
        #expect(loaded.problems.map(\.description) == [])
        #expect(loaded.value?.name == name)
    }

    @Test(arguments: names)
    func saysWhereItsFactsComeFrom(name: String) throws {
        let map = try Self.map(name)
        #expect(!map.sources.isEmpty)
        #expect(!map.vendor.isEmpty && !map.model.isEmpty)
    }

    @Test(arguments: names)
    func goldenVectorsDecodeToTheirValues(name: String) throws {
        let map = try Self.map(name)
        for vector in map.goldenVectors {
            let point = try #require(map.point(named: vector.point))
            let codec = RegisterCodec(point)
            if let text = vector.text {
                #expect(codec.decodeText(vector.words) == text, "\(vector.point)")
                continue
            }
            let decoded = codec.decode(vector.words, scaleFactorWord: vector.scaleFactorWord)
            guard let value = vector.value else {
                #expect(!decoded.isGood, "\(vector.point) \(vector.words)")
                continue
            }
            #expect(decoded.cause == .none, "\(vector.point) \(vector.words)")
            let expected = point.unit.toBase(value)
            #expect(abs(decoded.value - expected) <= max(abs(expected) * 1e-6, 1e-9), "\(vector.point)")
        }
    }

    /// Two points that differ in nothing but name and address need one vector between them.
    @Test(arguments: names)
    func everyCodingOfTheMapHasAGoldenVector(name: String) throws {
        let map = try Self.map(name)
        func coding(_ point: MapPoint) -> String {
            "\(point.table) \(point.type) \(point.wordOrder) \(point.byteOrder) \(point.unit.spelling) \(point.scale) "
                + "\(point.offset) \(point.sentinels) \(point.powerFactor?.rawValue ?? "")"
        }
        let proven = Set(map.goldenVectors.compactMap { map.point(named: $0.point).map(coding) })
        let open = map.points.filter { !proven.contains(coding($0)) }.map(\.name)
        #expect(open == [])
    }

    @Test(arguments: names)
    func whatCanBeWrittenStaysInsideItsRegister(name: String) throws {
        for point in try Self.map(name).points {
            guard let range = point.write?.range, let holds = RegisterCodec(point).representableRange else { continue }
            let slack = (holds.upperBound - holds.lowerBound) * 1e-9
            #expect(range.lowerBound >= holds.lowerBound - slack, "\(point.name)")
            #expect(range.upperBound <= holds.upperBound + slack, "\(point.name)")
        }
    }

    @Test func unsignedTotalsRollOverAndFloatsDoNot() throws {
        let meter = try Self.map("janitza_umg604")
        #expect(meter.point(named: "active_energy_import")?.counter == CounterBehavior(rollover: nil, resolution: nil))
        let signed = try Self.map("carlo_gavazzi_em24_ethernet").point(named: "active_energy_import")?.counter
        #expect(signed?.rollover == nil)
        #expect(signed?.resolution == 360_000)
    }

    /// Reads every golden vector with a decoder written in another language from the format's description alone.
    @Test(.timeLimit(.minutes(1))) func anIndependentDecoderAgreesOnEveryGoldenVector() throws {
        var cases: [[String: Any]] = []
        for name in Self.names {
            let map = try Self.map(name)
            for vector in map.goldenVectors {
                let point = try #require(map.point(named: vector.point))
                cases.append(Self.oracleCase(map: name, point: point, vector: vector))
            }
        }
        try #require(cases.count > 90)
        let input = try JSONSerialization.data(withJSONObject: cases, options: [.sortedKeys])
        let result = try runProcess(
            Python.executable,
            [Repository.path("Tests/oracles/decode.py")],
            input: String(decoding: input, as: UTF8.self)
        )
        #expect(result.output == "\(cases.count) vectors agree\n", "\(result.output)\(result.errors)")
        #expect(result.status == 0)
    }

    @Test(.timeLimit(.minutes(1))) func theIndependentDecoderNoticesAWrongValue() throws {
        let map = try Self.map("schneider_iem3000")
        let point = try #require(map.point(named: "active_power"))
        let wrong = GoldenVector(point: "active_power", words: [0x4144, 0xCCCD], value: 12.4)
        let input = try JSONSerialization.data(
            withJSONObject: [Self.oracleCase(map: map.name, point: point, vector: wrong)]
        )
        let result = try runProcess(
            Python.executable,
            [Repository.path("Tests/oracles/decode.py")],
            input: String(decoding: input, as: UTF8.self)
        )
        #expect(result.status == 1)
        #expect(result.output.contains("schneider_iem3000 active_power"))
    }

    private static func oracleCase(map: String, point: MapPoint, vector: GoldenVector) -> [String: Any] {
        var entry: [String: Any] = [
            "map": map, "point": point.name, "words": vector.words.map(Int.init), "type": point.type.spelling,
            "order": point.wordOrder.rawValue, "byte_order": point.byteOrder.rawValue, "scale": point.scale,
            "offset": point.offset, "sentinels": point.sentinels.map { String($0.bits) },
        ]
        if let value = vector.value { entry["value"] = value }
        if let text = vector.text { entry["text"] = text }
        if let range = point.validRange {
            entry["valid"] = [point.unit.fromBase(range.lowerBound), point.unit.fromBase(range.upperBound)]
        }
        if let word = vector.scaleFactorWord {
            entry[point.scaleCodes == nil ? "scale_factor_word" : "coded_by_word"] = Int(word)
        }
        if let codes = point.scaleCodes {
            let (low, high) = (codes.shift, codes.shift + codes.width - 1)
            entry["code_type"] = codes.width == 16 ? "uint16" : low == high ? "bit:\(low)" : "bits:\(low)..\(high)"
            entry["unit"] = point.unit.spelling
            entry["codes"] = Dictionary(
                uniqueKeysWithValues: codes.cases.map { each in
                    (
                        "\(each.code)",
                        ["unit": each.unit.spelling, "scale": each.scale, "offset": each.offset] as [String: Any]
                    )
                }
            )
        }
        if let coding = point.powerFactor { entry["power_factor"] = coding.rawValue }
        if case .combined(let parts) = point.type {
            entry["parts"] = parts.map { [$0.offset, $0.type.spelling, $0.factor] as [Any] }
        }
        return entry
    }
}
