// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// What one unit id behind an address said.
package struct ScannedUnit: Hashable, Sendable {
    /// What came back, if anything did.
    package enum Answer: Hashable, Sendable {
        /// It gave the registers it was asked for.
        case words([UInt16])
        /// It refused them: somebody is there, but perhaps another product.
        case refused(ModbusException)
        /// It answered after its time was over.
        case late
        /// Nothing came in time.
        case silence
        /// The gateway says that the unit does not answer.
        case unreachable(ModbusException)
        /// The device closed the connection, or sent what is no answer.
        case broken(QualityCause)
    }

    package let unit: UInt8
    package var answer: Answer
    /// From request to reply in seconds; nil where none came in time.
    package let roundTripSeconds: Double?
    /// Where its SunSpec marker stands, counted from 0; nil where none was looked for or found.
    package var markerAddress: Int?

    /// Whether something answers under this unit id.
    package var isThere: Bool {
        switch answer {
        case .words, .refused, .late: true
        case .silence, .unreachable, .broken: false
        }
    }
}

/// Asks every unit id behind an address for the same few registers.
///
/// With a map of SunSpec models those are the places of the marker, one after the other until it is found.
package struct UnitScan: Sendable {
    /// 1 to 247 as the standard numbers them, then 0 and 255, which devices without units behind them answer to
    /// (MODBUS Messaging on TCP/IP Implementation Guide V1.0b, section 4.4.1.2).
    package static let units: [UInt8] = Array(1...247) + [0, 255]

    /// The registers each unit is asked for, one after the other until one has what is looked for.
    package let ranges: [RegisterRange]
    private let probe: DeviceProbe
    private let blocks: [ReadBlock]
    /// Nanoseconds one unit may take.
    private let limit: Int64

    /// Prepares a scan with the SunSpec marker, the identity registers of a map or, where it has neither, its first
    /// read.
    ///
    /// - Parameters:
    ///   - probe: where to ask; its unit id is not used.
    ///   - limit: the longest that one unit may take.
    /// - Throws: ``ModbusProblem`` where the map has nothing to read.
    package init(_ probe: DeviceProbe, atMost limit: Duration) throws(ModbusProblem) {
        let markers = probe.map.sunSpec == nil ? [] : SunSpecWalk.markerRanges.map { ReadBlock(of: $0) }
        let own = probe.identityBlock ?? probe.plan.blocks.first
        let blocks = markers.isEmpty ? [own].compactMap(\.self) : markers
        guard !blocks.isEmpty else {
            throw ModbusProblem(
                what: "the map has no point that can be read",
                place: "map '\(probe.map.name)'",
                remedy: "scan with the map of a device that is expected behind this address"
            )
        }
        self.probe = probe
        self.blocks = blocks
        ranges = blocks.map(\.range)
        self.limit = min(probe.responseLimit, max(1_000_000, limit.wholeNanoseconds))
    }

    /// Asks one unit after another.
    ///
    /// - Parameter progress: called after each unit with how many were asked.
    /// - Returns: what each unit said, in the order of ``units``.
    /// - Throws: ``ModbusProblem`` where the address cannot be connected to, at first or after a lost connection.
    package func run(progress: (Int) -> Void) throws(ModbusProblem) -> [ScannedUnit] {
        var link = try connect()
        var found: [ScannedUnit] = []
        for unit in Self.units {
            let scanned = ask(unit, over: &link)
            note(link.takeLateUnits(), in: &found)
            found.append(scanned)
            progress(found.count)
            // A device may hang up on a unit id it does not have; that says nothing about the next.
            if case .broken = scanned.answer {
                link.close()
                link = try connect()
            }
        }
        link.close()
        return found
    }

    private func connect() throws(ModbusProblem) -> ProbeLink {
        try ProbeLink(
            host: probe.host,
            port: probe.port,
            limits: probe.map.limits,
            within: ProbeSession.connectLimit
        )
    }

    private func ask(_ unit: UInt8, over link: inout ProbeLink) -> ScannedUnit {
        var best: ScannedUnit?
        for block in blocks {
            var scanned = ask(unit, for: block, over: &link)
            guard case .words(let words) = scanned.answer else {
                // Who refuses one place of the marker may have it at the next; who is silent is silent everywhere.
                guard case .refused = scanned.answer else { return scanned }
                best = best ?? scanned
                continue
            }
            guard probe.map.sunSpec != nil else { return scanned }
            if words == SunSpecChain.marker {
                scanned.markerAddress = Int(block.address)
                return scanned
            }
            best = scanned
        }
        return best ?? ScannedUnit(unit: unit, answer: .silence, roundTripSeconds: nil)
    }

    private func ask(_ unit: UInt8, for block: ReadBlock, over link: inout ProbeLink) -> ScannedUnit {
        switch link.read(block, unit: unit, within: limit) {
        case .words(let words, let roundTrip):
            ScannedUnit(unit: unit, answer: .words(words), roundTripSeconds: Double(roundTrip) / 1e9)
        case .exception(let exception, let roundTrip):
            ScannedUnit(
                unit: unit,
                answer: exception.isUnitUnreachable ? .unreachable(exception) : .refused(exception),
                roundTripSeconds: Double(roundTrip) / 1e9
            )
        case .silence: ScannedUnit(unit: unit, answer: .silence, roundTripSeconds: nil)
        case .broken(let cause): ScannedUnit(unit: unit, answer: .broken(cause), roundTripSeconds: nil)
        }
    }

    /// A slow line answers for a unit while the next one is being asked.
    private func note(_ lateUnits: [UInt8], in found: inout [ScannedUnit]) {
        for position in found.indices where lateUnits.contains(found[position].unit) {
            if found[position].answer == .silence { found[position].answer = .late }
        }
    }
}
