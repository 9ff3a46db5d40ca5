// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Everything one endpoint's session needs to know, worked out before polling starts.
package struct EndpointPlan: Sendable {
    /// Position in ``SiteDescription/endpoints``.
    package let endpoint: Int
    package let devices: [DevicePlan]
    /// Pause between connecting and the first request, in nanoseconds.
    package let settleTime: Int64
    /// Pause between a reply and the next request, in nanoseconds.
    package let requestPause: Int64

    package init(endpoint: Int, devices: [DevicePlan], settleTime: Int64 = 0, requestPause: Int64 = 0) {
        self.endpoint = endpoint
        self.devices = devices
        self.settleTime = settleTime
        self.requestPause = requestPause
    }

    /// The shortest interval of all groups, in nanoseconds.
    package var fastestInterval: Int64 { devices.map(\.fastestInterval).min() ?? 1_000_000_000 }

    /// How long a connection attempt may take, in nanoseconds: a lost first packet is sent again after 1 s.
    package var connectLimit: Int64 { 3_000_000_000 }

    /// Attempts grow rarer up to one an interval, but neither above one a second nor below one in ten seconds.
    ///
    /// With ``connectLimit`` no more than the longer of two intervals and 5 s lies between two attempts.
    package var backOff: BackOff { BackOff(ceiling: min(max(fastestInterval, 1_000_000_000), 10_000_000_000)) }
}

/// One device behind an endpoint.
package struct DevicePlan: Sendable {
    /// Position in ``SiteDescription/devices``.
    package let device: Int
    /// The Modbus unit id, 0...255.
    package let unit: UInt8
    /// How long a reply may take at most, in nanoseconds.
    package let responseTimeout: Int64
    /// The shortest time-out that the device's own history may lead to, in nanoseconds.
    package let timeoutFloor: Int64
    /// One group per poll class that has points, the fastest class first.
    package let groups: [GroupPlan]
    /// How it says which product it is; nil where it cannot.
    package let identity: IdentityReader?
    /// What is to be found before its points are read, after each connect; nil for a map of fixed addresses.
    package let search: ModelSearch?

    /// Plans a device; without a floor its time-out is always the same.
    package init(
        device: Int,
        unit: UInt8,
        responseTimeout: Int64,
        timeoutFloor: Int64 = .max,
        groups: [GroupPlan],
        identity: IdentityReader? = nil,
        search: ModelSearch? = nil
    ) {
        self.device = device
        self.search = search
        self.unit = unit
        self.responseTimeout = responseTimeout
        self.timeoutFloor = min(timeoutFloor, responseTimeout)
        self.groups = groups
        self.identity = identity
    }

    /// The shortest interval of the device's groups, in nanoseconds.
    package var fastestInterval: Int64 { groups.map(\.interval).min() ?? 1_000_000_000 }
}

/// The points of one device that are read at one interval.
package struct GroupPlan: Sendable {
    /// Wall time between two scans, in nanoseconds.
    package let interval: Int64
    /// Where in the interval its scans lie, 0 to below 1.
    package let phase: Double
    package let reads: ReadPlan

    package init(interval: Int64, phase: Double = 0, reads: ReadPlan) {
        self.interval = interval
        self.phase = phase
        self.reads = reads
    }
}
