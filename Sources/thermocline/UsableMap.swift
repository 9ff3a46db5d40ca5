// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Plant
import SiteFiles

/// The map of a name, or of a path that ends in `.yaml`.
///
/// Its warnings, such as of missing golden vectors, are for those who write maps; who looks at a device only wants to
/// know what makes the map unusable.
///
/// - Parameters:
///   - name: The map's name, or a path of a map file.
///   - directories: Where maps are looked for by name.
///   - verb: The verb of the command line that wants it, for messages.
///   - isForItsAuthor: Whether warnings are printed too.
/// - Returns: The map, read and free of errors.
/// - Throws: ``ExitStatus/input`` where there is no such map or it cannot be used; why has been printed.
func usableMap(
    _ name: String,
    in directories: [String],
    verb: String,
    isForItsAuthor: Bool = false
) throws -> DeviceMap {
    guard let path = name.hasSuffix(".yaml") ? name : mapPath(name, in: directories) else {
        printError(
            "\(verb): no map '\(name)' in \(directories.joined(separator: ", ")); "
                + "'thermocline maps list' shows what there is"
        )
        throw ExitStatus.input
    }
    let loaded = SiteFiles.loadMap(path: path)
    if isForItsAuthor || loaded.value == nil {
        for problem in loaded.problems { printError(problem.description) }
    }
    guard let map = loaded.value else { throw ExitStatus.input }
    return map
}
