// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant

/// The device maps a site uses, each read once.
final class MapLibrary {
    private let directories: [String]
    private let problems: ProblemCollector
    private var positions: [String: Int?] = [:]
    private lazy var names = SiteFiles.mapNames(in: directories)
    /// The maps in the order of their first use, variants with a device's own settings among them.
    private(set) var maps: [DeviceMap] = []
    /// The files of the maps that could be used and of the maps these extend, in the order of their first use.
    private(set) var files: [String] = []

    init(directories: [String], problems: ProblemCollector) {
        self.directories = directories
        self.problems = problems
    }

    /// The name of a map that can be read; its value is the map's position.
    var reference: Rule<Int> {
        Rule { [self] node, key, problems in
            guard let name = Rule<String>.text(upTo: 64).read(node, key, problems) else { return nil }
            guard names.contains(name) else {
                let hint = NearestName.hint(for: name, in: names, called: "the maps")
                let places = directories.isEmpty ? "no directory" : directories.joined(separator: ", ")
                problems.error(node.place, "there is no map '\(name.shortened)' in \(places); \(hint)")
                return nil
            }
            if let known = positions[name] { return known }
            let position = load(name)
            positions[name] = .some(position)
            if position == nil {
                problems.error(node.place, "the map '\(name)' cannot be used; correct the problems of its file")
            }
            return position
        }
    }

    /// Takes in a map that differs from a read one, and gives its position.
    func add(_ variant: DeviceMap) -> Int {
        maps.append(variant)
        return maps.count - 1
    }

    private func load(_ name: String) -> Int? {
        let paths = directories.map { $0.hasSuffix("/") ? $0 + name + ".yaml" : $0 + "/" + name + ".yaml" }
        guard let path = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) else { return nil }
        let own = ProblemCollector()
        let map = MapDecoder.load(path: path, problems: own)
        for problem in own.sorted() {
            let place = Place(file: problem.file, line: problem.line, column: problem.column)
            if problem.severity == .error {
                problems.error(place, problem.message)
            } else {
                problems.warning(place, problem.message)
            }
        }
        guard let map, !own.hasErrors else { return nil }
        maps.append(map)
        files += own.files.filter { !files.contains($0) }
        return maps.count - 1
    }
}
