// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// A device to be looked at through its map, outside any site.
package struct DeviceProbe: Sendable {
    let host: String
    let port: UInt16
    let unit: UInt8
    let map: DeviceMap
    let plan: ReadPlan
    /// Nanoseconds a reply may take.
    let responseLimit: Int64

    /// Prepares looks at a device.
    ///
    /// - Parameters:
    ///   - host: its address or name.
    ///   - port: its TCP port.
    ///   - unit: its Modbus unit id.
    ///   - map: what the device is.
    ///   - responseTimeout: how long a reply may take; what the map says where nil.
    /// - Throws: ``ModbusProblem`` for a point that no permitted read can cover: the map is at fault.
    package init(
        host: String,
        port: UInt16 = 502,
        unit: UInt8 = 1,
        map: DeviceMap,
        responseTimeout: Duration? = nil
    ) throws(ModbusProblem) {
        self.host = host
        self.port = port
        self.unit = unit
        self.map = map
        plan = try ReadPlanner(limits: map.limits, mapName: map.name).plan(map) { _ in true }
        responseLimit = max(1_000_000, (responseTimeout ?? map.limits.responseTimeout).wholeNanoseconds)
    }

    /// Reads every readable point once, on a connection of its own, and waits for it.
    ///
    /// - Throws: ``ModbusProblem`` where nothing answers, with what was tried.
    package func run() throws(ModbusProblem) -> DeviceLook { try ProbeSession(self).look() }

    /// How the identity registers are read; nil where the map names none.
    var identity: IdentityReader? { map.identity.map { IdentityReader($0, limits: map.limits) } }

    /// The read of the identity registers; nil where the map names none.
    var identityBlock: ReadBlock? { identity?.block }

    /// What the words of the identity registers say.
    package func identify(_ words: [UInt16]) -> ProbedIdentity? { identity?.judge(words) }
}
