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

    /// The read of the identity registers; nil where the map names none.
    var identityBlock: ReadBlock? {
        guard let identity = map.identity else { return nil }
        let planned = PlannedPoint(
            mapPoint: 0,
            table: identity.table,
            address: Int(identity.address),
            count: identity.table.holdsBits ? 1 : identity.type.registerCount,
            scaleFactorAddress: nil
        )
        return ReadBlock(covering: 0..<1, of: [planned])
    }

    /// What the words of the identity registers say.
    package func identify(_ words: [UInt16]) -> ProbedIdentity? {
        guard let identity = map.identity else { return nil }
        let point = MapPoint(
            name: "identity",
            table: identity.table,
            address: identity.address,
            type: identity.type,
            unit: SourceUnit("count", .count)
        )
        let codec = RegisterCodec(point)
        if identity.type.isText {
            let text = codec.decodeText(words)
            let isAccepted = identity.accepted.contains { text.hasPrefix($0) }
            return ProbedIdentity(answer: text, isAccepted: isAccepted, cause: .none)
        }
        let decoded = codec.decode(words)
        guard decoded.isGood, let number = Int64(exactly: decoded.value) else {
            return ProbedIdentity(answer: nil, isAccepted: false, cause: decoded.cause)
        }
        let isAccepted = identity.accepted.contains { Self.number($0) == decoded.value }
        return ProbedIdentity(answer: "\(number)", isAccepted: isAccepted, cause: .none)
    }

    /// A number as a map writes it: decimal, or hexadecimal behind `0x`.
    private static func number(_ text: String) -> Double? {
        let isHexadecimal = text.hasPrefix("0x") || text.hasPrefix("0X")
        return isHexadecimal ? UInt64(text.dropFirst(2), radix: 16).map { Double($0) } : Double(text)
    }
}
