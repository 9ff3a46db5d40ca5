// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Plant
import SiteFiles

/// What a product must be able to do to be listed.
enum MapCapability: String, CaseIterable, ExpressibleByArgument {
    /// It counts electrical energy or heat.
    case energyTotal = "energy_total"
    /// It drops a written value by itself when nobody refreshes it.
    case lease
    /// It tells what product it is.
    case identity
    /// It takes commands.
    case write

    func holds(for map: DeviceMap) -> Bool {
        switch self {
        case .energyTotal: map.points.contains { $0.counter != nil && $0.baseUnit == .joules }
        case .lease: map.points.contains { $0.write?.lease != nil }
        case .identity: map.identity != nil
        case .write: map.points.contains { $0.write != nil }
        }
    }

    /// What a map can do, in the order of the declaration.
    static func of(_ map: DeviceMap) -> [String] { allCases.filter { $0.holds(for: map) }.map(\.rawValue) }
}

struct MapsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the maps there are."
    )

    @Option(help: "Only this category: power_meter, chiller, ...; may be given several times.")
    var category: [String] = []

    @Option(help: "Only vendors whose name contains this text, in any case.")
    var vendor: String?

    @Option(help: "Only products that have this; may be given several times, all must hold.")
    var capability: [MapCapability] = []

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var maps: MapOptions

    func validate() throws {
        for word in category where DeviceCategory(rawValue: word) == nil {
            let words = DeviceCategory.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("there is no category '\(word)'; the categories are: \(words)")
        }
    }

    func run() throws {
        let directories = maps.resolved()
        var entries: [MapJSON.Entry] = []
        var isWhole = true
        for name in SiteFiles.mapNames(in: directories) {
            guard let path = mapPath(name, in: directories) else { continue }
            guard let map = SiteFiles.loadMap(path: path).value else {
                printError("\(name): has problems; see 'thermocline maps lint'")
                isWhole = false
                continue
            }
            guard isWanted(map) else { continue }
            entries.append(MapJSON.Entry(map))
            if !json {
                let category = map.category.rawValue.padded(to: 30)
                let confirmation = map.confirmation.rawValue.padded(to: 20)
                print("\(map.name.padded(to: 34)) \(category) \(confirmation) \(map.title)")
            }
        }
        if json { try print(MapJSON.text(entries)) }
        if !isWhole { throw ExitStatus.input }
    }

    private func isWanted(_ map: DeviceMap) -> Bool {
        if !category.isEmpty, !category.contains(map.category.rawValue) { return false }
        if let vendor, !map.vendor.lowercased().contains(vendor.lowercased()) { return false }
        return capability.allSatisfy { $0.holds(for: map) }
    }
}
