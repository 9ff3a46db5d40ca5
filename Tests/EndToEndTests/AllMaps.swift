// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModbusIO
import Plant
import SiteFiles
import TestKit

/// Every map in `devicemaps/`, simulated products and templates too, each read once.
enum AllMaps {
    static let directory = Repository.path("devicemaps")

    /// The maps in the order of their names; those that do not load are missed by ``names``.
    ///
    /// Behind a map of models stands the same for devices with those models that it can do without.
    static let loaded: [DeviceMap] = names.compactMap { SiteFiles.loadMap(path: "\(directory)/\($0).yaml").value }
        .flatMap { [$0] + $0.alternatives }

    static let names = SiteFiles.mapNames(in: [directory])
}

extension DeviceMap {
    /// The map without the pauses a real device needs.
    var withoutPauses: DeviceMap {
        var map = self
        map.limits.pauseAfterConnect = .zero
        map.limits.pauseBetweenRequests = .zero
        map.limits.responseTimeout = .seconds(20)
        return map
    }

    /// The map with only these points, in the map's order.
    func only(_ names: Set<String>) -> DeviceMap {
        var map = self
        map.points = points.filter { names.contains($0.name) }
        return map
    }

    /// The points that can be read back at their own address.
    var readablePoints: [MapPoint] { points.filter(\.isReadable) }
}

extension MapPoint {
    var isText: Bool { type.isText }

    var isFloat: Bool { if case .float = type { true } else { false } }

    /// Whether a value of the device is the expected one, both in the base unit: within what a 32-bit float holds, or
    /// a thousandth of the register's step.
    func agrees(_ found: Double, _ expected: Double) -> Bool {
        let step = abs(scale * unit.factor)
        return abs(found - expected) <= max(abs(expected) * 1e-6, step * 1e-3, 1e-12)
    }
}
