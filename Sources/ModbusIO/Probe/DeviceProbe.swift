// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// What one look at a device showed of one point of its map.
package struct ProbedPoint: Hashable, Sendable {
    /// The point's canonical name.
    package let name: String
    /// The unit the map gives the point.
    package let unit: SourceUnit
    /// The words as they came; empty where none did.
    package var words: [UInt16] = []
    /// The value in the base unit; NaN where there is none, or the point is text.
    package var value = Double.nan
    /// The text of a string point.
    package var text: String?
    package var quality = Quality.bad
    package var cause: QualityCause
    /// From request to reply in seconds; nil where nothing was asked or answered.
    package var roundTripSeconds: Double?
}

/// One look at one device through its map, outside any site.
package struct DeviceProbe: Sendable {
    /// Requests without reply in a row after which the rest is not asked any more.
    private static let silenceLimit = 2
    /// How long connecting may take, in nanoseconds: three seconds.
    private static let connectLimit: Int64 = 3_000_000_000

    private let host: String
    private let port: UInt16
    private let unit: UInt8
    private let map: DeviceMap

    /// Prepares a look at a device: an address or name, a TCP port, the Modbus unit id and what the device is.
    package init(host: String, port: UInt16 = 502, unit: UInt8 = 1, map: DeviceMap) {
        self.host = host
        self.port = port
        self.unit = unit
        self.map = map
    }

    /// Reads every readable point once, texts included, and waits for it.
    ///
    /// A refused block is halved until the addresses that cannot be read stand alone.
    ///
    /// - Returns: The points in the map's order; points that are only written carry no words.
    /// - Throws: ``ModbusProblem`` where nothing answers, with what was tried, and for a point that no permitted
    ///   read can cover.
    package func run() throws(ModbusProblem) -> [ProbedPoint] {
        let plan = try ReadPlanner(limits: map.limits, mapName: map.name).plan(map) { _ in true }
        var link = try ProbeLink(host: host, port: port, limits: map.limits, within: Self.connectLimit)
        defer { link.close() }
        var points = map.points.map { ProbedPoint(name: $0.name, unit: $0.unit, cause: .notAvailable) }
        for planned in plan.points { points[planned.mapPoint].cause = .notYetRead }
        let timeout = max(1_000_000, map.limits.responseTimeout.wholeNanoseconds)
        var memory = BlockMemory(plan: plan, retryNanoseconds: EndpointSession.refusalRetry)
        var position = 0
        var silences = 0
        var hasAnswered = false
        var failure = QualityCause.none
        while failure == .none, let entry = memory.next(from: position, at: .now()) {
            let block = memory.entries[entry].block
            position = entry + 1
            switch link.read(block, unit: unit, within: timeout) {
            case .words(let words, let roundTrip):
                (hasAnswered, silences) = (true, 0)
                note(words, of: block, plan: plan, roundTrip: roundTrip, in: &points)
            case .exception(let exception, let roundTrip):
                if exception.isUnitUnreachable {
                    failure = exception.cause
                    break
                }
                (hasAnswered, silences) = (true, 0)
                if exception.isLasting, memory.refused(entry, exception: exception.code, at: .now()) == .halved {
                    position = entry
                } else {
                    for planned in plan.points[block.points] {
                        points[planned.mapPoint].cause = exception.cause
                        points[planned.mapPoint].roundTripSeconds = Double(roundTrip) / 1e9
                    }
                }
            case .silence:
                silences += 1
                for planned in plan.points[block.points] { points[planned.mapPoint].cause = .timeout }
                if silences >= Self.silenceLimit { failure = .timeout }
            case .broken(let cause):
                failure = cause
            }
        }
        if !hasAnswered, !plan.points.isEmpty { throw nothing(failure == .none ? .timeout : failure) }
        for position in points.indices where points[position].cause == .notYetRead { points[position].cause = failure }
        return points
    }

    private func note(
        _ words: [UInt16],
        of block: ReadBlock,
        plan: ReadPlan,
        roundTrip: Int64,
        in points: inout [ProbedPoint]
    ) {
        for planned in plan.points[block.points] {
            let start = planned.address - Int(block.address)
            let own = Array(words[start..<start + planned.count])
            let codec = RegisterCodec(map.points[planned.mapPoint])
            let isText = map.points[planned.mapPoint].type.isText
            let scaleFactorWord = planned.scaleFactorAddress.map { words[$0 - Int(block.address)] }
            let decoded = codec.decode(own, scaleFactorWord: scaleFactorWord)
            points[planned.mapPoint].words = own
            points[planned.mapPoint].value = decoded.value
            points[planned.mapPoint].text = isText ? codec.decodeText(own) : nil
            points[planned.mapPoint].quality = isText || decoded.isGood ? .good : .bad
            points[planned.mapPoint].cause = isText ? .none : decoded.cause
            points[planned.mapPoint].roundTripSeconds = Double(roundTrip) / 1e9
        }
    }

    private func nothing(_ cause: QualityCause) -> ModbusProblem {
        ModbusProblem(
            what: "connected, but unit \(unit) gave no answer to reads of map '\(map.name)': \(cause.words)",
            place: "\(host) port \(port)",
            remedy: "check the unit id (--unit), the map (--map), and the wiring behind a gateway"
        )
    }
}
