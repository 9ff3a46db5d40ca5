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

    /// Whether something answers under this unit id.
    package var isThere: Bool {
        switch answer {
        case .words, .refused, .late: true
        case .silence, .unreachable, .broken: false
        }
    }
}

/// Asks every unit id behind an address for the same few registers.
package struct UnitScan: Sendable {
    /// 1 to 247 as the standard numbers them, then 0 and 255, which devices without units behind them answer to
    /// (MODBUS Messaging on TCP/IP Implementation Guide V1.0b, section 4.4.1.2).
    package static let units: [UInt8] = Array(1...247) + [0, 255]

    /// The registers each unit is asked for.
    package let range: RegisterRange
    private let probe: DeviceProbe
    private let block: ReadBlock
    /// Nanoseconds one unit may take.
    private let limit: Int64

    /// Prepares a scan with the identity registers of a map or, where it names none, its first read.
    ///
    /// - Parameters:
    ///   - probe: where to ask; its unit id is not used.
    ///   - limit: the longest that one unit may take.
    /// - Throws: ``ModbusProblem`` where the map has nothing to read.
    package init(_ probe: DeviceProbe, atMost limit: Duration) throws(ModbusProblem) {
        guard let block = probe.identityBlock ?? probe.plan.blocks.first else {
            throw ModbusProblem(
                what: "the map has no point that can be read",
                place: "map '\(probe.map.name)'",
                remedy: "scan with the map of a device that is expected behind this address"
            )
        }
        self.probe = probe
        self.block = block
        range = block.range
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
