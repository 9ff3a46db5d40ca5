// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant

/// One waiting batch as a file: `SEQUENCE-SAMPLES-OLDEST.batch`.
///
/// All that is asked of the queue stands in the names, so opening a long queue reads a directory and no file.
struct QueueFile: Hashable, Sendable {
    /// Counts batches since the queue was begun; the order of sending.
    let sequence: UInt64
    /// Samples in the batch.
    let samples: Int
    /// Plant time of the oldest sample.
    let oldest: Timestamp
    /// The size of the file, in bytes.
    let bytes: Int64

    static let ending = ".batch"

    var name: String {
        let digits = String(sequence)
        let padded = String(repeating: "0", count: max(0, 20 - digits.count)) + digits
        return "\(padded)-\(samples)-\(oldest.milliseconds)\(Self.ending)"
    }

    init(sequence: UInt64, samples: Int, oldest: Timestamp, bytes: Int64) {
        self.sequence = sequence
        self.samples = samples
        self.oldest = oldest
        self.bytes = bytes
    }

    /// Reads a name; nil where the file is none of the queue's.
    init?(name: String, bytes: Int64) {
        guard name.hasSuffix(Self.ending) else { return nil }
        let parts = name.dropLast(Self.ending.count).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let sequence = UInt64(parts[0]), let samples = Int(parts[1]), samples >= 0,
            let oldest = Int64(parts[2])
        else { return nil }
        self.init(sequence: sequence, samples: samples, oldest: Timestamp(milliseconds: oldest), bytes: bytes)
        guard self.name == name else { return nil }
    }

    // MARK: - Content

    /// The file's first bytes: format 1 of a remote-write batch.
    private static let magic: [UInt8] = Array("TRW1".utf8)
    static let headerBytes = 8

    /// What stands in the file: mark, CRC-32 of the payload with the low byte first, payload.
    static func content(_ payload: [UInt8]) -> [UInt8] {
        let sum = Checksum.crc32(payload)
        return magic + (0..<4).map { UInt8(truncatingIfNeeded: sum >> ($0 * 8)) } + payload
    }

    /// The payload; nil where a single bit is not as it was written.
    static func payload(of content: [UInt8]) -> [UInt8]? {
        guard content.count > headerBytes, content.starts(with: magic) else { return nil }
        let payload = Array(content.dropFirst(headerBytes))
        let sum = (0..<4).reduce(UInt32(0)) { $0 | UInt32(content[4 + $1]) << UInt32($1 * 8) }
        return Checksum.crc32(payload) == sum ? payload : nil
    }
}

/// The checksum of queue files.
enum Checksum {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1 }
    }

    /// CRC-32 as ISO-HDLC, zip and PNG compute it (RFC 1952, section 8).
    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { sum, byte in table[Int((sum ^ UInt32(byte)) & 0xff)] ^ (sum >> 8) }
    }
}

/// File operations that survive a loss of power.
enum DurableFile {
    /// Writes a file so that after a crash there is all of it or none: write aside, flush, rename, flush the name.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let aside = path + partialEnding
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: aside))
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: aside))
            defer { try? handle.close() }
            try handle.synchronize()
        } catch {
            try? FileManager.default.removeItem(atPath: aside)
            throw error
        }
        try rename(aside, to: path)
    }

    static let partialEnding = ".partial"

    static func rename(_ source: String, to target: String) throws {
        guard unsafe Foundation.rename(source, target) == 0 else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: target])
        }
        let descriptor = unsafe open((target as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        fsync(descriptor)
    }
}
