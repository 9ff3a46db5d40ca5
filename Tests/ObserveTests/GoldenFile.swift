// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit
import Testing

/// Compares text with the file of that name under golden/; writes the file where THERMOCLINE_RECORD is set.
func expectGolden(_ bytes: [UInt8], _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let url = URL(fileURLWithPath: Repository.path("Tests/ObserveTests/golden/\(name)"))
    let text = String(decoding: bytes, as: UTF8.self)
    if ProcessInfo.processInfo.environment["THERMOCLINE_RECORD"] != nil {
        try text.write(to: url, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOf: url, encoding: .utf8)
    let actualLines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let expectedLines = expected.split(separator: "\n", omittingEmptySubsequences: false)
    for (number, pair) in zip(expectedLines, actualLines).enumerated() where pair.0 != pair.1 {
        Issue.record(
            "\(name):\(number + 1): is '\(pair.1)', was '\(pair.0)'; re-record with THERMOCLINE_RECORD=1 if meant",
            sourceLocation: sourceLocation
        )
        return
    }
    #expect(actualLines.count == expectedLines.count, "\(name) has another length", sourceLocation: sourceLocation)
}
