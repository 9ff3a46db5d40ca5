// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import SiteFiles

/// Reads bytes as a device map and asks that a map which is accepted holds nothing that the poller cannot use.
enum MapProperty {
    /// Longer inputs only repeat what shorter ones show, more slowly.
    private static let longest = 8_192

    private static let path: String = {
        let memory = "/dev/shm"
        let folder = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
        return "\(folder)/thermocline_fuzz\(ProcessInfo.processInfo.processIdentifier).yaml"
    }()

    static func check(_ bytes: [UInt8]) throws(Violation) {
        guard bytes.count <= longest else { return }
        guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
            throw Violation(text: "\(path) cannot be written")
        }
        defer { try? FileManager.default.removeItem(atPath: path) }
        let loaded = SiteFiles.loadMap(path: path)
        for problem in loaded.problems {
            try Violation.unless(problem.line >= 1 && problem.column >= 1, "a problem nowhere: \(problem)")
        }
        guard let map = loaded.value else {
            try Violation.unless(!loaded.problems.isEmpty, "refused without a word")
            return
        }
        try Violation.unless(!map.points.isEmpty, "a map without points")
        var names: Set<String> = []
        for point in map.points {
            try Violation.unless(names.insert(point.name).inserted, "two points named \(point.name)")
            if let problem = RegisterCodec.problem(in: point) { throw Violation(text: problem.description) }
            let count = max(1, point.type.registerCount)
            try Violation.unless(Int(point.address) + count <= 65_536, "\(point.name) ends beyond 65536")
            for word: UInt16 in [0, 0x7FFF, 0xFFFF] {
                _ = RegisterCodec(point).decode(Array(repeating: word, count: count), scaleFactorWord: word)
            }
        }
    }
}
