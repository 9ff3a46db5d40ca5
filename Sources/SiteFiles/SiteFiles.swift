// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Plant

/// Reads site files and device maps; nothing in a file makes it throw or stop at the first problem.
package enum SiteFiles {
    /// Reads one device map; its name is the file's name without extension.
    package static func loadMap(path: String) -> Loaded<DeviceMap> {
        let problems = ProblemCollector()
        let map = MapDecoder.load(path: path, problems: problems)
        return Loaded(value: map, problems: problems.sorted())
    }

    /// Reads a site file, the files it includes, and every device map it names.
    ///
    /// - Parameters:
    ///   - path: The site file.
    ///   - mapDirectories: Where `<map name>.yaml` is looked for; the first directory that has it wins.
    ///   - judge: Asked about a site without errors: what those who would run it say against it.
    /// - Returns: The site with its maps, and the problems of all these files.
    package static func loadSite(
        path: String,
        mapDirectories: [String],
        judge: (SiteDescription) -> [SiteObjection] = { _ in [] }
    ) -> Loaded<SiteDescription> {
        let problems = ProblemCollector()
        guard let tree = SiteTree.load(path: path, problems: problems) else {
            return Loaded(value: nil, problems: problems.sorted())
        }
        let library = MapLibrary(directories: mapDirectories, problems: problems)
        let decoder = SiteDecoder(library: library, problems: problems)
        let site = decoder.decode(tree)
        if let site { decoder.take(judge(site)) }
        let files = problems.files + library.files.filter { !problems.files.contains($0) }
        return Loaded(value: site, problems: problems.sorted(), files: files)
    }

    /// The names of the maps in some directories, each once, sorted.
    package static func mapNames(in directories: [String]) -> [String] {
        var names: Set<String> = []
        for directory in directories {
            let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
            for file in files where file.hasSuffix(".yaml") { names.insert(String(file.dropLast(5))) }
        }
        return names.sorted()
    }
}
