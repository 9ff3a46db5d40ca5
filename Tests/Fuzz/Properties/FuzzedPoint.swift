// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Makes a point of a device map from a fuzzer's bytes.
enum FuzzedPoint {
    private static let types: [RegisterType] =
        [.bool, .uint8(.high), .uint8(.low), .int8(.high), .int8(.low)]
        + [16, 24, 32, 48, 64].flatMap { [RegisterType.unsigned(bits: $0), .signed(bits: $0)] }
        + [16, 32, 64].map { .float(bits: $0) }
        + (1...4).flatMap { [RegisterType.binaryCodedDecimal(registers: $0), .moduloTenThousand(registers: $0)] }

    private static let scales = [1, 0.1, 0.01, 0.001, 10, 100, -1, 0.5, 1.0 / 128, 0.0123456789]
    private static let offsets = [0, -45, 3_000, 0.5, -273.15]

    /// The input: type, orders, flags, unit, scale, offset, sentinel, range, words, value.
    static func make(_ source: inout ByteSource) -> CodecProperty.Case {
        let type = type(&source)
        let flags = source.byte()
        let isWild = flags & 0x80 != 0
        let unit = source.pick(SourceUnit.all)
        let hasScaleFactor = flags & 0x04 != 0
        let point = MapPoint(
            name: "fuzzed",
            table: type == .bool ? .coil : .holdingRegister,
            address: 0,
            type: type,
            wordOrder: flags & 0x01 == 0 ? .highFirst : .lowFirst,
            byteOrder: flags & 0x02 == 0 ? .highFirst : .lowFirst,
            unit: isWild ? wildUnit(unit, &source) : unit,
            scale: isWild ? Double(bitPattern: source.bits64()) : source.pick(scales),
            offset: isWild ? Double(bitPattern: source.bits64()) : source.pick(offsets),
            scaleFactorAddress: hasScaleFactor ? 100 : nil,
            sentinels: flags & 0x08 == 0 ? [] : sentinels(&source),
            validRange: flags & 0x10 == 0 ? nil : range(&source)
        )
        let scaleFactorWord = hasScaleFactor ? UInt16(bitPattern: Int16(Int8(bitPattern: source.byte()))) : nil
        // A wrong number of words now and then.
        let count = flags & 0x40 == 0 ? max(0, type.registerCount) : Int(source.byte())
        let words = (0..<min(count, 130)).map { _ in source.word() }
        return CodecProperty.Case(
            point: point,
            isTame: !isWild,
            words: words,
            scaleFactorWord: scaleFactorWord,
            value: flags & 0x20 == 0 ? Double(Int16(bitPattern: source.word())) : Double(bitPattern: source.bits64())
        )
    }

    private static func type(_ source: inout ByteSource) -> RegisterType {
        switch source.byte() {
        case 0..<200: source.pick(types)
        case 200..<216: .bit(Int(Int8(bitPattern: source.byte())))
        case 216..<224: .bits(low: Int(Int8(bitPattern: source.byte())), high: Int(Int8(bitPattern: source.byte())))
        case 224..<228: .string(registers: Int(source.byte()))
        case 228..<230: .characters(registers: Int(source.byte()), source.byte() < 128 ? .high : .low)
        case 230..<232: .version(widths: (0..<Int(source.byte() % 6)).map { _ in Int(source.byte() % 20) })
        case 232..<240: .unsigned(bits: Int(source.byte()))
        case 240..<248: .binaryCodedDecimal(registers: Int(source.byte()))
        default: .float(bits: Int(source.byte()))
        }
    }

    private static func wildUnit(_ unit: SourceUnit, _ source: inout ByteSource) -> SourceUnit {
        SourceUnit(
            unit.spelling,
            unit.base,
            Double(bitPattern: source.bits64()),
            offset: Double(bitPattern: source.bits64())
        )
    }

    private static func sentinels(_ source: inout ByteSource) -> [Sentinel] {
        (0..<Int(source.byte() % 6)).map { _ in
            let bits = source.byte() & 1 == 0 ? UInt64(source.word()) : source.bits64()
            return Sentinel(bits: bits, cause: source.pick([.notAvailable, .sensorAbsent, .outOfRange, .none]))
        }
    }

    private static func range(_ source: inout ByteSource) -> ClosedRange<Double> {
        let ends = [Double(Int16(bitPattern: source.word())), Double(Int16(bitPattern: source.word()))].sorted()
        return ends[0]...ends[1]
    }
}
