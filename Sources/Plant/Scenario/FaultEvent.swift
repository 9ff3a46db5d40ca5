// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// One fault on some devices for some time.
package struct FaultEvent: Hashable, Sendable {
    /// Plant time between the start, or the command that asks for it, and the fault.
    package let after: Duration
    /// Plant time until it is over; nil where it stays.
    package let lasts: Duration?
    package let selector: FaultSelector
    package let fault: DeviceFault
    /// Where it was asked for, `file:line:column`.
    package let origin: String

    package init(after: Duration, lasts: Duration?, selector: FaultSelector, fault: DeviceFault, origin: String) {
        self.after = after
        self.lasts = lasts
        self.selector = selector
        self.fault = fault
        self.origin = origin
    }
}

/// Which devices and points a fault is on: all that fit every part.
package struct FaultSelector: Hashable, Sendable {
    /// Over device ids.
    package let devices: PointGlob
    /// Over endpoint ids.
    package let endpoints: PointGlob
    /// Unit ids; nil for all.
    package let units: Set<UInt8>?
    /// Over point names; counts where the fault is on points.
    package let points: PointGlob

    package init(
        devices: PointGlob = .all,
        endpoints: PointGlob = .all,
        units: Set<UInt8>? = nil,
        points: PointGlob = .all
    ) {
        self.devices = devices
        self.endpoints = endpoints
        self.units = units
        self.points = points
    }

    /// The positions of the devices of a site that it selects, in the site's order.
    package func devices(of site: SiteDescription) -> [Int] {
        site.devices.indices.filter { position in
            let device = site.devices[position]
            return devices.matches(device.id) && endpoints.matches(site.endpoints[device.endpoint].id)
                && (units?.contains(device.unit) ?? true)
        }
    }

    /// The positions of the points of a map that it selects, in the map's order.
    package func points(of map: DeviceMap) -> [Int] {
        map.points.indices.filter { points.matches(map.points[$0].name) }
    }
}
