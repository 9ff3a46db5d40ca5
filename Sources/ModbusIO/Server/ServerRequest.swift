// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The exceptions a served device answers with (MODBUS Application Protocol V1.1b3, section 7).
enum ServerException: UInt8, Hashable, Sendable {
    case illegalFunction = 0x01
    case illegalDataAddress = 0x02
    case illegalDataValue = 0x03
    case deviceFailure = 0x04
    case gatewayTargetFailed = 0x0B
}

/// What a request asks for, after every count in it has been checked.
enum ServerRequest: Hashable, Sendable {
    case read(RegisterTable, addresses: Range<Int>)
    /// Words to be written from an address on; 0 or 1 for coils.
    case write(RegisterTable, address: Int, words: [UInt16])
    case maskWrite(address: Int, andMask: UInt16, orMask: UInt16)
    /// Writes first, then reads (function 23).
    case writeAndRead(address: Int, words: [UInt16], read: Range<Int>)
}

/// The whole frame at the head of a stream of requests.
struct ServerFrame: Hashable, Sendable {
    /// Bytes with the header.
    let length: Int
    let unit: UInt8
    let content: Content

    enum Content: Hashable, Sendable {
        case request(ServerRequest)
        /// Whole, but to be answered with an exception.
        case refused(ServerException)
    }
}

/// What the bytes at the head of a stream are.
enum StreamHead: Hashable, Sendable {
    /// Not yet a whole frame.
    case incomplete
    /// Nothing that could be a frame: where the next one starts is not known any more.
    case broken
    case frame(ServerFrame)

    /// Bytes of transaction id, protocol id, length and unit.
    static let headerLength = 7

    /// Reads the head of a stream; nothing in it is believed that the rest does not bear out.
    ///
    /// The header's length covers unit, function and data: at least 2, at most 254 (MODBUS Messaging on TCP/IP
    /// Implementation Guide V1.0b, section 3.1.3).
    init(_ bytes: borrowing Span<UInt8>) {
        guard bytes.count >= 6 else {
            self = bytes.count >= 4 && (bytes[2] != 0 || bytes[3] != 0) ? .broken : .incomplete
            return
        }
        let announced = Int(bytes[4]) << 8 | Int(bytes[5])
        guard bytes[2] == 0, bytes[3] == 0, (2...254).contains(announced) else {
            self = .broken
            return
        }
        let length = 6 + announced
        guard bytes.count >= length else {
            self = .incomplete
            return
        }
        let content = ServerRequestReader(function: bytes[7]).read(bytes.extracting(8..<length))
        self = .frame(ServerFrame(length: length, unit: bytes[6], content: content))
    }
}

/// Takes the data behind a function code apart.
private struct ServerRequestReader {
    let function: UInt8

    /// Takes what stands behind the function code, to the end of the frame.
    func read(_ data: borrowing Span<UInt8>) -> ServerFrame.Content {
        switch function {
        case 1: readBits(data, .coil)
        case 2: readBits(data, .discreteInput)
        case 3: readRegisters(data, .holdingRegister)
        case 4: readRegisters(data, .inputRegister)
        case 5: writeSingleCoil(data)
        case 6: data.count == 4 ? write(.holdingRegister, at: data, [word(data, 2)]) : .refused(.illegalDataValue)
        case 15: writeCoils(data)
        case 16: writeRegisters(data)
        case 22: maskWrite(data)
        case 23: writeAndRead(data)
        default: .refused(.illegalFunction)
        }
    }

    private func word(_ data: borrowing Span<UInt8>, _ offset: Int) -> UInt16 {
        UInt16(data[offset]) << 8 | UInt16(data[offset + 1])
    }

    private func range(_ address: UInt16, _ count: UInt16) -> Range<Int>? {
        let end = Int(address) + Int(count)
        return end <= 65_536 ? Int(address)..<end : nil
    }

    private func readBits(_ data: borrowing Span<UInt8>, _ table: RegisterTable) -> ServerFrame.Content {
        readBlock(data, table, largest: 2_000)
    }

    private func readRegisters(_ data: borrowing Span<UInt8>, _ table: RegisterTable) -> ServerFrame.Content {
        readBlock(data, table, largest: 125)
    }

    private func readBlock(
        _ data: borrowing Span<UInt8>,
        _ table: RegisterTable,
        largest: UInt16
    ) -> ServerFrame.Content {
        guard data.count == 4, (1...largest).contains(word(data, 2)) else { return .refused(.illegalDataValue) }
        guard let addresses = range(word(data, 0), word(data, 2)) else { return .refused(.illegalDataAddress) }
        return .request(.read(table, addresses: addresses))
    }

    private func write(
        _ table: RegisterTable,
        at data: borrowing Span<UInt8>,
        _ words: [UInt16]
    ) -> ServerFrame.Content {
        guard range(word(data, 0), UInt16(words.count)) != nil else { return .refused(.illegalDataAddress) }
        return .request(.write(table, address: Int(word(data, 0)), words: words))
    }

    private func writeSingleCoil(_ data: borrowing Span<UInt8>) -> ServerFrame.Content {
        guard data.count == 4, word(data, 2) == 0xFF00 || word(data, 2) == 0 else {
            return .refused(.illegalDataValue)
        }
        return write(.coil, at: data, [word(data, 2) == 0 ? 0 : 1])
    }

    private func writeCoils(_ data: borrowing Span<UInt8>) -> ServerFrame.Content {
        guard data.count >= 5, (1...1_968).contains(word(data, 2)) else { return .refused(.illegalDataValue) }
        let count = Int(word(data, 2))
        let byteCount = (count + 7) / 8
        guard Int(data[4]) == byteCount, data.count == 5 + byteCount else { return .refused(.illegalDataValue) }
        var words: [UInt16] = []
        words.reserveCapacity(count)
        for bit in 0..<count { words.append(UInt16(data[5 + bit / 8] >> (bit % 8)) & 1) }
        return write(.coil, at: data, words)
    }

    private func writeRegisters(_ data: borrowing Span<UInt8>) -> ServerFrame.Content {
        guard data.count >= 5, (1...123).contains(word(data, 2)) else { return .refused(.illegalDataValue) }
        let count = Int(word(data, 2))
        guard Int(data[4]) == 2 * count, data.count == 5 + 2 * count else { return .refused(.illegalDataValue) }
        return write(.holdingRegister, at: data, words(data, from: 5, count: count))
    }

    private func maskWrite(_ data: borrowing Span<UInt8>) -> ServerFrame.Content {
        guard data.count == 6 else { return .refused(.illegalDataValue) }
        return .request(.maskWrite(address: Int(word(data, 0)), andMask: word(data, 2), orMask: word(data, 4)))
    }

    private func writeAndRead(_ data: borrowing Span<UInt8>) -> ServerFrame.Content {
        guard data.count >= 9, (1...125).contains(word(data, 2)), (1...121).contains(word(data, 6)) else {
            return .refused(.illegalDataValue)
        }
        let count = Int(word(data, 6))
        guard Int(data[8]) == 2 * count, data.count == 9 + 2 * count else { return .refused(.illegalDataValue) }
        guard let read = range(word(data, 0), word(data, 2)), range(word(data, 4), word(data, 6)) != nil else {
            return .refused(.illegalDataAddress)
        }
        let words = words(data, from: 9, count: count)
        return .request(.writeAndRead(address: Int(word(data, 4)), words: words, read: read))
    }

    private func words(_ data: borrowing Span<UInt8>, from offset: Int, count: Int) -> [UInt16] {
        var words: [UInt16] = []
        words.reserveCapacity(count)
        for position in 0..<count { words.append(word(data, offset + 2 * position)) }
        return words
    }
}
