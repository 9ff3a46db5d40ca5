// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Plant

/// How a file of text is read as a whole: a regular one, of a limited size, in UTF-8.
struct TextFile {
    /// Why there is no text.
    struct Fault: Error {
        /// The line, counted from 1; nil where the file as a whole is concerned.
        var line: Int?
        /// The column in Unicode scalars, counted from 1.
        var column = 1
        /// What is wrong and what to do.
        let message: String
    }

    /// What it should be, for a sentence.
    let kind: String
    /// Bytes it may have.
    let largest: Int
    /// What to do with a larger one.
    let remedy: String

    static let yaml = TextFile(
        kind: "YAML file",
        largest: Limits.fileBytes,
        remedy: "use 'repeat' or split it with 'include'"
    )
    static let list = TextFile(kind: "list of registers", largest: Limits.fileBytes, remedy: "split it")
    static let input = TextFile(kind: "text file", largest: Limits.inputBytes, remedy: "give fewer or shorter rows")

    func read(_ path: String) throws(Fault) -> String {
        let attributes: [FileAttributeKey: Any]
        do {
            // Follows a symbolic link, as reading does.
            let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            attributes = try FileManager.default.attributesOfItem(atPath: target)
        } catch {
            throw Fault(message: "there is no readable file here; check the path and its permissions")
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw Fault(message: "this is not a regular file; give the path of a \(kind)")
        }
        let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
        guard size <= largest else {
            throw Fault(
                message: "the file has \(size) bytes, more than the \(largest) that a \(kind) may have; \(remedy)"
            )
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Fault(message: "the file cannot be read; check its permissions")
        }
        guard let text = String(validating: data, as: UTF8.self) else { throw Self.badByte(in: data) }
        return text
    }

    /// The place of the first byte that is no text.
    private static func badByte(in data: Data) -> Fault {
        var line = 1
        var column = 1
        for scalar in String(decoding: data, as: UTF8.self).unicodeScalars {
            if scalar == "\u{FFFD}" { break }
            if scalar == "\n" {
                line += 1
                column = 1
            } else {
                column += 1
            }
        }
        return Fault(line: line, column: column, message: "the file is not UTF-8 text here; save it as UTF-8")
    }
}

extension String {
    /// Without the byte order mark that some programs write first.
    var withoutByteOrderMark: String { hasPrefix("\u{FEFF}") ? String(dropFirst()) : self }
}

extension SiteFiles {
    /// The text of a weather file, a load trace or another input that is not YAML, without byte order mark.
    ///
    /// - Throws: ``InputTextError`` where there is no regular file in UTF-8 of at most 128 MiB.
    package static func inputText(of path: String) throws(InputTextError) -> String {
        do throws(TextFile.Fault) {
            return try TextFile.input.read(path).withoutByteOrderMark
        } catch {
            throw InputTextError(line: error.line, message: error.message)
        }
    }
}
