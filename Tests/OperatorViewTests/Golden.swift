// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit
import Testing

/// Expects a text equal to `golden/NAME.txt`, or writes that file where `THERMOCLINE_RECORD` is set.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let path = Repository.path("Tests/OperatorViewTests/golden/\(name).txt")
    if ProcessInfo.processInfo.environment["THERMOCLINE_RECORD"] != nil {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text == expected, "golden/\(name).txt differs; see it rendered:\n\(text)", sourceLocation: sourceLocation)
}
