// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import PlantSim

/// The file of a recording, read from its beginning to its end and, if asked, again; a piece of it is in memory.
struct RecordingFile: Sendable {
    /// Bytes a recording may have.
    static let largest = 1 << 30
    private static let piece = 1 << 18

    private let handle: FileHandle
    private var lines = RecordingLines()
    private(set) var rows: RecordingRows

    /// Opens a file and reads its first line.
    init(path: String, points: RecordingPoints) throws(InputTextError) {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: target),
            attributes[.type] as? FileAttributeType == .typeRegular,
            let handle = FileHandle(forReadingAtPath: path)
        else { throw InputTextError(line: nil, message: "there is no readable file here; check the path") }
        let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
        guard size <= Self.largest else {
            throw InputTextError(
                line: nil,
                message: "the file has \(size) bytes, more than \(Self.largest); split it, or leave columns out"
            )
        }
        self.handle = handle
        guard let first = try Self.line(&lines, handle) else {
            throw InputTextError(line: nil, message: "the file is empty; its first line names the columns")
        }
        rows = try RecordingRows(header: first, points: points)
    }

    /// Reads the next line; nil at the end of the file.
    mutating func next(into samples: inout [RecordedSample]) throws(InputTextError) -> Timestamp? {
        guard let line = try Self.line(&lines, handle) else { return nil }
        return try rows.read(line, into: &samples)
    }

    /// Goes back to the line behind the first.
    mutating func rewind() throws(InputTextError) {
        do { try handle.seek(toOffset: 0) } catch { throw Self.unreadable(error) }
        lines = RecordingLines()
        rows.begin()
        _ = try Self.line(&lines, handle)
    }

    /// Reads all lines once, and goes back.
    mutating func survey(pointCount: Int) throws(InputTextError) -> RecordingSurvey {
        var survey = RecordingSurvey(pointCount: pointCount)
        var samples: [RecordedSample] = []
        while let time = try next(into: &samples) {
            survey.take(time, samples)
            samples.removeAll(keepingCapacity: true)
        }
        try rewind()
        return survey
    }

    private static func line(
        _ lines: inout RecordingLines,
        _ handle: FileHandle
    ) throws(InputTextError) -> RecordingLines.Line? {
        while true {
            if let line = try lines.next() { return line }
            if lines.isAtEnd { return nil }
            do { lines.append(Array(try handle.read(upToCount: piece) ?? Data())) } catch { throw unreadable(error) }
        }
    }

    private static func unreadable(_ error: any Error) -> InputTextError {
        InputTextError(line: nil, message: "cannot be read: \(error.localizedDescription)")
    }
}
