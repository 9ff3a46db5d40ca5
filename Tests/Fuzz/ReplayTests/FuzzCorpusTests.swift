// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import FuzzProperties
import TestKit
import Testing

/// The inputs that a fuzzer kept, and every finding it ever had, tried again in every run of the tests.
@Suite("Fuzz corpus")
struct FuzzCorpusTests {
    @Test("what the fuzzer tried still holds", arguments: FuzzProperty.allCases)
    func corpusHolds(_ property: FuzzProperty) throws {
        let folder = Repository.path("Tests/Fuzz/corpus/\(property.rawValue)")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(!files.isEmpty, "\(folder) is empty")
        for file in files {
            let bytes = try #require(FileManager.default.contents(atPath: "\(folder)/\(file)"))
            #expect(property.violation([UInt8](bytes)) == nil, "\(property.rawValue)/\(file)")
        }
    }

    /// Inputs that nobody chose: a change that breaks a property often shows without a fuzzer.
    @Test("random bytes break nothing", arguments: [FuzzProperty.frame, .codec])
    func randomBytes(_ property: FuzzProperty) {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        for _ in 0..<500 {
            let bytes = (0..<64).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 33)
            }
            #expect(property.violation(bytes) == nil, "\(bytes)")
        }
    }
}
