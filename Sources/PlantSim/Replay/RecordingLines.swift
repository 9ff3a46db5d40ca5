// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// Cuts the bytes of a recording, which come in pieces, into lines; never holds more than a piece and a line.
package struct RecordingLines: Sendable {
    /// One line without its end.
    package struct Line {
        /// Counted from 1.
        package let number: Int
        package let bytes: ArraySlice<UInt8>
    }

    /// Bytes a line may have: some thousand columns.
    package static let longestLine = 1 << 20

    private var buffer: [UInt8] = []
    /// Where the next line begins.
    private var start = 0
    /// Up to where no end of a line was found.
    private var scanned = 0
    private var number = 0
    private var isComplete = false

    package init() {}

    /// Takes the next bytes of the file; with none of them, the file has ended.
    package mutating func append(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else {
            isComplete = true
            return
        }
        buffer.removeSubrange(..<start)
        scanned -= start
        start = 0
        buffer += bytes
    }

    /// Whether the last line has been given.
    package var isAtEnd: Bool { isComplete && start >= buffer.count }

    /// The next line that is not empty; nil where more bytes are needed, or none are left.
    package mutating func next() throws(InputTextError) -> Line? {
        while true {
            let end = buffer[scanned...].firstIndex(of: UInt8(ascii: "\n"))
            guard let end = end ?? (isComplete && start < buffer.count ? buffer.count : nil) else {
                scanned = buffer.count
                try check(buffer.count - start)
                return nil
            }
            let from = start
            number += 1
            start = min(end + 1, buffer.count)
            scanned = start
            try check(end - from, line: number)
            var bytes = buffer[from..<end]
            if number == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
            if bytes.last == UInt8(ascii: "\r") { bytes = bytes.dropLast() }
            if !bytes.isEmpty { return Line(number: number, bytes: bytes) }
        }
    }

    private func check(_ length: Int, line: Int? = nil) throws(InputTextError) {
        guard length > Self.longestLine else { return }
        throw InputTextError(
            line: line ?? number + 1,
            message: "the line is longer than \(Self.longestLine) bytes; give a file of lines, with fewer columns"
        )
    }
}
