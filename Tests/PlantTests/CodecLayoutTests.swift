// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Testing

/// One number of one type, in words written out by hand for each order.
struct LayoutRow: Sendable, CustomTestStringConvertible {
    let type: RegisterType
    let value: Double
    let abcd: [UInt16]
    let cdab: [UInt16]
    let badc: [UInt16]
    let dcba: [UInt16]

    /// The words in the sequence of ``allOrders``.
    var words: [[UInt16]] { [abcd, cdab, badc, dcba] }

    init(
        _ type: RegisterType,
        _ value: Double,
        _ abcd: [UInt16],
        _ cdab: [UInt16],
        _ badc: [UInt16],
        _ dcba: [UInt16]
    ) {
        (self.type, self.value) = (type, value)
        (self.abcd, self.cdab, self.badc, self.dcba) = (abcd, cdab, badc, dcba)
    }

    /// A type of one register, where the word order makes no difference.
    init(_ type: RegisterType, _ value: Double, _ word: UInt16, swapped: UInt16) {
        self.init(type, value, [word], [word], [swapped], [swapped])
    }

    var testDescription: String { "\(type) \(value)" }
}

/// Values worked out by hand or with Python's `struct`, never with the code under test.
private let layoutRows: [LayoutRow] = [
    LayoutRow(.unsigned(bits: 16), 258, 0x0102, swapped: 0x0201),
    LayoutRow(.unsigned(bits: 16), 65_535, 0xFFFF, swapped: 0xFFFF),
    LayoutRow(.signed(bits: 16), -2, 0xFFFE, swapped: 0xFEFF),
    LayoutRow(.signed(bits: 16), -32_768, 0x8000, swapped: 0x0080),
    LayoutRow(.float(bits: 16), 21.5, 0x4D60, swapped: 0x604D),
    LayoutRow(.float(bits: 16), -0.333251953125, 0xB555, swapped: 0x55B5),
    LayoutRow(.binaryCodedDecimal(registers: 1), 1_234, 0x1234, swapped: 0x3412),
    LayoutRow(.moduloTenThousand(registers: 1), 9_999, 0x270F, swapped: 0x0F27),
    LayoutRow(
        .unsigned(bits: 24),
        0x123456,
        [0x0012, 0x3456],
        [0x3456, 0x0012],
        [0x1200, 0x5634],
        [0x5634, 0x1200]
    ),
    LayoutRow(.signed(bits: 24), -2, [0xFFFF, 0xFFFE], [0xFFFE, 0xFFFF], [0xFFFF, 0xFEFF], [0xFEFF, 0xFFFF]),
    LayoutRow(
        .unsigned(bits: 32),
        305_419_896,
        [0x1234, 0x5678],
        [0x5678, 0x1234],
        [0x3412, 0x7856],
        [0x7856, 0x3412]
    ),
    LayoutRow(
        .signed(bits: 32),
        -123_456,
        [0xFFFE, 0x1DC0],
        [0x1DC0, 0xFFFE],
        [0xFEFF, 0xC01D],
        [0xC01D, 0xFEFF]
    ),
    LayoutRow(.float(bits: 32), 1_234.5, [0x449A, 0x5000], [0x5000, 0x449A], [0x9A44, 0x0050], [0x0050, 0x9A44]),
    LayoutRow(
        .float(bits: 32),
        -273.1499938964844,
        [0xC388, 0x9333],
        [0x9333, 0xC388],
        [0x88C3, 0x3393],
        [0x3393, 0x88C3]
    ),
    LayoutRow(
        .binaryCodedDecimal(registers: 2),
        12_345_678,
        [0x1234, 0x5678],
        [0x5678, 0x1234],
        [0x3412, 0x7856],
        [0x7856, 0x3412]
    ),
    LayoutRow(
        .moduloTenThousand(registers: 2),
        12_345_678,
        [0x04D2, 0x162E],
        [0x162E, 0x04D2],
        [0xD204, 0x2E16],
        [0x2E16, 0xD204]
    ),
    LayoutRow(
        .unsigned(bits: 48),
        123_456_789_012,
        [0x001C, 0xBE99, 0x1A14],
        [0x1A14, 0xBE99, 0x001C],
        [0x1C00, 0x99BE, 0x141A],
        [0x141A, 0x99BE, 0x1C00]
    ),
    LayoutRow(
        .signed(bits: 48),
        -2,
        [0xFFFF, 0xFFFF, 0xFFFE],
        [0xFFFE, 0xFFFF, 0xFFFF],
        [0xFFFF, 0xFFFF, 0xFEFF],
        [0xFEFF, 0xFFFF, 0xFFFF]
    ),
    LayoutRow(
        .moduloTenThousand(registers: 3),
        100_020_003,
        [0x0001, 0x0002, 0x0003],
        [0x0003, 0x0002, 0x0001],
        [0x0100, 0x0200, 0x0300],
        [0x0300, 0x0200, 0x0100]
    ),
    LayoutRow(
        .unsigned(bits: 64),
        1_234_567_890_123,
        [0x0000, 0x011F, 0x71FB, 0x04CB],
        [0x04CB, 0x71FB, 0x011F, 0x0000],
        [0x0000, 0x1F01, 0xFB71, 0xCB04],
        [0xCB04, 0xFB71, 0x1F01, 0x0000]
    ),
    LayoutRow(
        .signed(bits: 64),
        -123_456_789_012,
        [0xFFFF, 0xFFE3, 0x4166, 0xE5EC],
        [0xE5EC, 0x4166, 0xFFE3, 0xFFFF],
        [0xFFFF, 0xE3FF, 0x6641, 0xECE5],
        [0xECE5, 0x6641, 0xE3FF, 0xFFFF]
    ),
    LayoutRow(
        .float(bits: 64),
        3.141592653589793,
        [0x4009, 0x21FB, 0x5444, 0x2D18],
        [0x2D18, 0x5444, 0x21FB, 0x4009],
        [0x0940, 0xFB21, 0x4454, 0x182D],
        [0x182D, 0x4454, 0xFB21, 0x0940]
    ),
    LayoutRow(
        .binaryCodedDecimal(registers: 4),
        1_234_567_890_123_456,
        [0x1234, 0x5678, 0x9012, 0x3456],
        [0x3456, 0x9012, 0x5678, 0x1234],
        [0x3412, 0x7856, 0x1290, 0x5634],
        [0x5634, 0x1290, 0x7856, 0x3412]
    ),
    LayoutRow(
        .moduloTenThousand(registers: 4),
        1_000_200_030_004,
        [0x0001, 0x0002, 0x0003, 0x0004],
        [0x0004, 0x0003, 0x0002, 0x0001],
        [0x0100, 0x0200, 0x0300, 0x0400],
        [0x0400, 0x0300, 0x0200, 0x0100]
    ),
]

@Suite("Register layouts")
struct CodecLayoutTests {
    @Test("reads and writes the words of each type in each order", arguments: layoutRows)
    func words(row: LayoutRow) throws {
        for (order, words) in zip(allOrders, row.words) {
            let codec = codec(row.type, words: order.words, bytes: order.bytes)
            #expect(codec.registerCount == words.count)
            #expect(codec.decode(words) == DecodedValue(value: row.value, cause: .none), "\(order) \(hex(words))")
            #expect(try codec.encode(row.value) == words, "\(order)")
        }
    }

    @Test("the span and the array give the same", arguments: layoutRows)
    func span(row: LayoutRow) {
        let codec = codec(row.type)
        #expect(codec.decode(row.abcd.span) == codec.decode(row.abcd))
        #expect(codec.decoder.decode(row.abcd.span) == codec.decode(row.abcd))
        #expect(codec.decoder.registerCount == codec.registerCount)
    }

    @Test(
        "reads 8-bit halves after the byte order",
        arguments: [
            (RegisterType.uint8(.high), ByteOrder.highFirst, 0xA5), (.uint8(.low), .highFirst, 0x7F),
            (.int8(.high), .highFirst, -91), (.int8(.low), .highFirst, 127),
            (.uint8(.high), .lowFirst, 0x7F), (.int8(.low), .lowFirst, -91),
        ]
    )
    func halves(type: RegisterType, order: ByteOrder, value: Int) {
        #expect(codec(type, bytes: order).decode([0xA57F]).value == Double(value))
    }

    @Test("reads each bit of a register", arguments: 0..<16)
    func bits(position: Int) {
        let codec = codec(.bit(position), "boolean")
        #expect(codec.decode([1 << UInt16(position)]).value == 1)
        #expect(codec.decode([~(1 << UInt16(position))]).value == 0)
    }

    @Test("counts bits after the byte order")
    func bitsAfterByteOrder() {
        #expect(codec(.bit(0), "boolean", bytes: .lowFirst).decode([0x0100]).value == 1)
        #expect(codec(.bit(0), "boolean", bytes: .lowFirst).decode([0x0001]).value == 0)
    }

    @Test("an inverted bit is a scale of -1 and an offset of 1")
    func invertedBit() throws {
        let codec = codec(.bit(3), "boolean", scale: -1, offset: 1)
        #expect(codec.decode([0x0008]).value == 0)
        #expect(codec.decode([0x0000]).value == 1)
        #expect(try codec.encode(1, current: [0xFFFF]) == [0xFFF7])
    }

    @Test("a coil is 0 or 1, anything else is malformed", arguments: [UInt16(0), 1, 2, 0xFF00, 0xFFFF])
    func coil(word: UInt16) {
        let expected = word < 2 ? DecodedValue(value: Double(word), cause: .none) : .bad(.malformedReply)
        let actual = codec(.bool, "boolean").decode([word])
        #expect(actual.cause == expected.cause)
        #expect(actual.isGood == (word < 2))
        if word < 2 { #expect(actual.value == Double(word)) }
    }

    @Test("writing a bit or a half keeps its neighbours")
    func neighbours() throws {
        #expect(try codec(.bit(15), "boolean").encode(1, current: [0x0001]) == [0x8001])
        #expect(try codec(.bit(15), "boolean").encode(0, current: [0xFFFF]) == [0x7FFF])
        #expect(try codec(.uint8(.high)).encode(0x12, current: [0xABCD]) == [0x12CD])
        #expect(try codec(.int8(.low)).encode(-1, current: [0xAB00]) == [0xABFF])
        #expect(try codec(.int8(.low), bytes: .lowFirst).encode(-1, current: [0x00AB]) == [0xFFAB])
    }

    @Test("owned bits are those a mask write may touch")
    func ownedBits() {
        #expect(codec(.bit(4), "boolean").ownedBits == 0x0010)
        #expect(codec(.bit(4), "boolean", bytes: .lowFirst).ownedBits == 0x1000)
        #expect(codec(.uint8(.high)).ownedBits == 0xFF00)
        #expect(codec(.signed(bits: 32)).ownedBits == 0xFFFF)
    }

    @Test("24 bits accept a clear or sign-filled spare byte and nothing else")
    func spareByte() {
        let signed = codec(.signed(bits: 24))
        #expect(signed.decode([0x00FF, 0xFFFE]).value == -2)
        #expect(signed.decode([0xFFFF, 0xFFFE]).value == -2)
        #expect(signed.decode([0x0100, 0x0000]).cause == .malformedReply)
        #expect(signed.decode([0xFF00, 0x0001]).cause == .malformedReply)
        let unsigned = codec(.unsigned(bits: 24))
        #expect(unsigned.decode([0x00FF, 0xFFFF]).value == 16_777_215)
        #expect(unsigned.decode([0xFFFF, 0xFFFF]).cause == .malformedReply)
    }

    @Test("a wrong number of words is malformed", arguments: [0, 1, 3])
    func wrongCount(count: Int) {
        let words = [UInt16](repeating: 0, count: count)
        #expect(codec(.float(bits: 32)).decode(words).cause == .malformedReply)
    }

    @Test("a digit that is none is malformed")
    func impossibleDigits() {
        #expect(codec(.binaryCodedDecimal(registers: 1)).decode([0x12A4]).cause == .malformedReply)
        #expect(codec(.binaryCodedDecimal(registers: 2)).decode([0x0000, 0x000F]).cause == .malformedReply)
        #expect(codec(.moduloTenThousand(registers: 1)).decode([10_000]).cause == .malformedReply)
        #expect(codec(.moduloTenThousand(registers: 2)).decode([1, 10_000]).cause == .malformedReply)
    }

    @Test(
        "NaN and infinity are not a number",
        arguments: [
            (RegisterType.float(bits: 16), [UInt16(0x7E00)]), (.float(bits: 16), [0x7C00]),
            (.float(bits: 32), [0x7FC0, 0x0000]), (.float(bits: 32), [0xFF80, 0x0000]),
            (.float(bits: 32), [0xFFFF, 0xFFFF]),
            (.float(bits: 64), [0x7FF8, 0, 0, 0]), (.float(bits: 64), [0xFFF0, 0, 0, 0]),
        ]
    )
    func notANumber(type: RegisterType, words: [UInt16]) {
        let decoded = codec(type).decode(words)
        #expect(decoded.cause == .notANumber)
        #expect(decoded.value.isNaN)
    }

    @Test("integers beyond 2^53 are rounded to the nearest Double")
    func largeIntegers() {
        #expect(codec(.unsigned(bits: 64)).decode([0x0020, 0, 0, 0]).value == 9_007_199_254_740_992)
        #expect(codec(.unsigned(bits: 64)).decode([0x0020, 0, 0, 1]).value == 9_007_199_254_740_992)
        #expect(codec(.unsigned(bits: 64)).decode([0x0020, 0, 0, 3]).value == 9_007_199_254_740_996)
        #expect(codec(.signed(bits: 64)).decode([0x8000, 0, 0, 0]).value == -9_223_372_036_854_775_808)
    }
}
