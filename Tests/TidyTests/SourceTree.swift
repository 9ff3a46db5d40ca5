// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestKit

/// The files of the working tree that the rules look at, sorted by path.
enum SourceTree {
    /// Swift of the product: `Sources` and `simulators`.
    static let product: [ScannedFile] = files(under: ["Sources", "simulators"], endings: ["swift"])

    /// Swift of the product that people wrote: without what a generator did.
    static let written: [ScannedFile] = product.filter { !$0.path.hasSuffix(".pb.swift") }

    /// All written Swift but the manifest, whose first line the package manager claims.
    static let swift: [ScannedFile] = written + files(under: ["Tests", "Benchmarks"], endings: ["swift"])

    /// C sources and headers.
    static let c: [ScannedFile] = files(under: ["Sources", "Benchmarks"], endings: ["c", "h"])

    /// Text other than Swift that people leave notes in.
    static let text: [ScannedFile] =
        c + files(under: ["devicemaps", "simulators", "packaging", "grafana", ".ci"], endings: ["sh", "yaml", "yml"])

    /// The paths under a folder, from the root of the repository, sorted.
    static func paths(under folder: String) -> [String] {
        guard let found = FileManager.default.enumerator(atPath: Repository.path(folder)) else { return [] }
        let names = found.compactMap { $0 as? String }.filter { !$0.split(separator: "/").contains(".build") }
        return names.sorted().map { "\(folder)/\($0)" }
    }

    /// The names of the folders directly under a folder, sorted.
    static func folders(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: Repository.path(folder))) ?? []
        return names.filter { name in
            var isFolder: ObjCBool = false
            let exists = unsafe FileManager.default.fileExists(
                atPath: Repository.path("\(folder)/\(name)"),
                isDirectory: &isFolder
            )
            return exists && isFolder.boolValue
        }.sorted()
    }

    private static func files(under folders: [String], endings: Set<String>) -> [ScannedFile] {
        folders.flatMap(paths).filter { path in
            path.split(separator: ".").last.map { endings.contains(String($0)) } ?? false
        }.compactMap { path in
            guard let text = try? String(contentsOfFile: Repository.path(path), encoding: .utf8) else { return nil }
            return ScannedFile(path: path, text: text)
        }
    }
}
