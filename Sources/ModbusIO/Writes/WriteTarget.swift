// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// How one point is written and how the write is proved, worked out from its map.
package struct WriteTarget: Sendable {
    /// Where the device shows what it made of the write.
    struct ReadBack: Sendable {
        /// Position in the map's points.
        let mapPoint: Int
        let codec: RegisterCodec
        /// What one read asks for: the value and its scale factor, if it has one.
        let range: RegisterRange
        /// Where the value starts, counted from 0.
        let address: Int
        let scaleFactorAddress: Int?

        /// The value in the words of a reply.
        func decode(_ words: [UInt16]) -> (value: DecodedValue, scaleFactorWord: UInt16?) {
            let first = Int(range.address)
            let start = address - first
            guard words.count >= range.count else { return (.bad(.malformedReply), nil) }
            let scaleFactorWord = scaleFactorAddress.map { words[$0 - first] }
            let own = Array(words[start..<start + codec.registerCount])
            return (codec.decode(own, scaleFactorWord: scaleFactorWord), scaleFactorWord)
        }
    }

    /// Position among the endpoint's devices.
    package let device: Int
    /// How long a read-back may take to show the value, in nanoseconds of wall time.
    package let settle: Int64
    let codec: RegisterCodec
    let behavior: WriteBehavior
    let address: UInt16
    /// The point that must read so before anything is written, with its permitted values in the base unit.
    let precondition: (name: String, place: ReadBack, range: ClosedRange<Double>)?
    /// The register that is read before the write because it holds bits of other points.
    let currentRegister: WholeRead?
    /// The register with the power of ten, or the code of the unit, that the value is encoded with.
    let scaleFactorRegister: WholeRead?
    /// Nil where the map names no way to read the value.
    let readBack: ReadBack?

    /// Works out how a point is written.
    ///
    /// The point itself proves a write where it can be read, else its feedback point does.
    ///
    /// - Parameters:
    ///   - map: The device's map.
    ///   - mapPoint: Position in the map's points.
    ///   - device: Position among the endpoint's devices.
    ///   - settle: The map's settle time in nanoseconds of wall time; one response time-out is its floor.
    /// - Throws: ``WriteRefusal`` where the map does not let the point be written, or not with its function.
    package init(map: DeviceMap, mapPoint: Int, device: Int, settle: Int64) throws(WriteRefusal) {
        let point = map.points[mapPoint]
        guard let behavior = point.write else { throw WriteRefusal("the map does not let this point be written") }
        let canBeWritten = point.table == .coil || point.table == .holdingRegister || behavior.address != nil
        guard canBeWritten else { throw WriteRefusal("a \(point.table.rawValue) cannot be written") }
        let codec = RegisterCodec(point)
        try Self.check(behavior.function, codec: codec, holdsBits: point.table.holdsBits)
        self.device = device
        self.codec = codec
        self.behavior = behavior
        self.settle = max(settle, map.limits.responseTimeout.wholeNanoseconds)
        address = behavior.address ?? point.address
        let sharesRegister = !point.table.holdsBits && codec.ownedBits != .max
        if sharesRegister, behavior.function != .maskRegister {
            guard point.isReadable else {
                throw WriteRefusal("its register holds other bits and cannot be read: it needs function mask_register")
            }
            currentRegister = WholeRead(
                RegisterRange(table: .holdingRegister, address: address, count: 1),
                limits: map.limits
            )
        } else {
            currentRegister = nil
        }
        if let wanted = behavior.precondition {
            guard let place = Self.readBack(wanted.point, in: map) else {
                throw WriteRefusal("its precondition '\(wanted.point)' is no point of the map that can be read")
            }
            precondition = (wanted.point, place, wanted.range)
        } else {
            precondition = nil
        }
        scaleFactorRegister = point.scaleFactorAddress.map {
            WholeRead(RegisterRange(table: point.table, address: $0, count: 1), limits: map.limits)
        }
        let shown = point.isReadable ? point.name : behavior.feedback
        readBack = shown.flatMap { name in Self.readBack(name, in: map) }
    }

    private static func check(
        _ function: WriteFunction,
        codec: RegisterCodec,
        holdsBits: Bool
    ) throws(WriteRefusal) {
        let writesBits = function == .singleCoil || function == .multipleCoils
        guard writesBits == holdsBits else {
            throw WriteRefusal("function \(function.rawValue) does not fit the point's table")
        }
        guard codec.registerCount == 1 || function == .multipleRegisters else {
            throw WriteRefusal("function \(function.rawValue) cannot write \(codec.registerCount) registers")
        }
    }

    private static func readBack(_ name: String, in map: DeviceMap) -> ReadBack? {
        let planner = ReadPlanner(limits: map.limits, mapName: map.name)
        guard let plan = try? planner.plan(map, where: { $0.name == name }), let block = plan.blocks.first,
            let planned = plan.points.first
        else { return nil }
        return ReadBack(
            mapPoint: planned.mapPoint,
            codec: RegisterCodec(map.points[planned.mapPoint]),
            range: block.range,
            address: planned.address,
            scaleFactorAddress: planned.scaleFactorAddress
        )
    }

    /// Why a value must not be sent, as far as that shows without asking the device; nil where it may.
    package func refusal(of value: Double) -> String? {
        guard value.isFinite else { return "\(value) is not a number that can be written" }
        guard behavior.range.contains(value) || behavior.home == value else {
            return "\(value) is outside the write range \(behavior.range.lowerBound)...\(behavior.range.upperBound)"
        }
        guard scaleFactorRegister == nil else { return nil }
        do throws(CodecProblem) {
            _ = try codec.encode(value, current: [0])
            return nil
        } catch {
            return error.description
        }
    }

    /// The words that mean a value, into a register that reads `current` now.
    func words(
        _ value: Double,
        current: UInt16?,
        scaleFactorWord: UInt16?
    ) throws(WriteRefusal) -> [UInt16] {
        do throws(CodecProblem) {
            return try codec.encode(value, current: [current ?? 0], scaleFactorWord: scaleFactorWord)
        } catch {
            throw WriteRefusal(error.description)
        }
    }

    /// The message that writes these words (MODBUS Application Protocol V1.1b3, sections 6.5, 6.6, 6.11, 6.12, 6.16).
    func message(_ words: [UInt16]) -> WriteMessage {
        let place = address.bigEndianBytes
        let count = UInt16(clamping: words.count).bigEndianBytes
        let word = words.first ?? 0
        let data: [UInt8] =
            switch behavior.function {
            case .singleCoil: place + [word == 0 ? 0x00 : 0xFF, 0x00]
            case .singleRegister: place + word.bigEndianBytes
            case .multipleCoils: place + count + [1, word == 0 ? 0 : 1]
            case .multipleRegisters:
                place + count + [UInt8(clamping: 2 * words.count)] + words.flatMap(\.bigEndianBytes)
            case .maskRegister:
                place + (~codec.ownedBits).bigEndianBytes + (word & codec.ownedBits).bigEndianBytes
            }
        return .write(function: behavior.function.code, data: data)
    }
}
