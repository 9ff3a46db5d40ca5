// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Plant
import SiteFiles

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check site files; problems as file:line:column: message."
    )

    @Argument(help: "The site files.")
    var sites: [String]

    @OptionGroup var maps: MapOptions

    @Flag(help: "Print endpoints, devices and meters as a tree.")
    var tree = false

    func run() throws {
        var isGood = true
        for path in sites {
            let loaded = SiteFiles.loadSite(path: path, mapDirectories: maps.resolved(beside: path))
            for problem in loaded.problems { print(problem.description) }
            guard let site = loaded.value else {
                isGood = false
                continue
            }
            print(
                "\(path): \(site.endpoints.count) endpoints, \(site.devices.count) devices, \(site.points.count) points"
            )
            if tree { printTree(of: site) }
        }
        if !isGood { throw ExitStatus.input }
    }

    private func printTree(of site: SiteDescription) {
        for (position, endpoint) in site.endpoints.enumerated() {
            print("\(endpoint.id)  \(endpoint.host):\(endpoint.port)")
            for device in site.devices where device.endpoint == position {
                print("  \(device.unit)  \(device.id)  \(site.maps[device.map].name)  serves \(device.equipment)")
            }
        }
        for place in MeterPlace.allCases {
            let meters = site.meters.filter { $0.place == place }
            if meters.isEmpty { continue }
            print("\(place.rawValue): \(meters.map { ($0.sign < 0 ? "-" : "") + $0.device }.joined(separator: " "))")
        }
    }
}
