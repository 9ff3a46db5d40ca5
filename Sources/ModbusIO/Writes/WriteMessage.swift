// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// One message of a write transaction: the write itself, or a read before or after it.
package enum WriteMessage: Hashable, Sendable {
    case read(RegisterRange)
    /// Function 5, 6, 15, 16 or 22 with the bytes behind the function code.
    case write(function: UInt8, data: [UInt8])

    package var function: UInt8 {
        switch self {
        case .read(let range): range.table.readFunction
        case .write(let function, _): function
        }
    }

    /// The bytes behind the function code.
    package var data: [UInt8] {
        switch self {
        case .read(let range): range.address.bigEndianBytes + UInt16(clamping: range.count).bigEndianBytes
        case .write(_, let data): data
        }
    }

    package var isRead: Bool {
        if case .read = self { return true }
        return false
    }

    /// What the reply must hold: a device echoes address and value or count, and both masks of function 22.
    var payload: ExpectedReply.Payload {
        switch self {
        case .read(let range): range.table.holdsBits ? .bits(range.count) : .registers(range.count)
        case .write(let function, let data): .echo(Array(data.prefix(function == 22 ? 6 : 4)))
        }
    }
}

/// A message of a write transaction with the header it leaves with.
package struct WriteRequest: Hashable, Sendable {
    package let transaction: UInt16
    package let unit: UInt8
    package let message: WriteMessage

    /// What the reply must say.
    package var expectedReply: ExpectedReply {
        ExpectedReply(transaction: transaction, unit: unit, function: message.function, payload: message.payload)
    }
}

/// A message of a write transaction that waits for its reply.
package struct OutstandingWrite: Hashable, Sendable {
    package let request: WriteRequest
    package let point: PointID
    /// Position among the endpoint's devices.
    package let device: Int
    package let sent: MonotonicTime
    package let deadline: MonotonicTime
}

/// A command on its way to its device.
package struct WriteOrder: Sendable {
    package let point: PointID
    /// The value in the point's base unit.
    package let value: Double
    package let target: WriteTarget
    /// When it was handed over.
    package let accepted: MonotonicTime
    /// When it lapses unless its turn has come.
    package let expires: MonotonicTime

    package init(
        point: PointID,
        value: Double,
        target: WriteTarget,
        accepted: MonotonicTime,
        expires: MonotonicTime
    ) {
        self.point = point
        self.value = value
        self.target = target
        self.accepted = accepted
        self.expires = expires
    }
}

/// How a write ended, before it is stamped with plant time.
package struct WriteEnd: Hashable, Sendable {
    package let point: PointID
    /// The value in the point's base unit.
    package let value: Double
    /// The value read back, in the point's base unit; nil where there was none.
    package let readBack: Double?
    package let result: WriteOutcome.Result
    package let detail: String
    /// Nanoseconds of wall time from hand-over to end.
    package let duration: Int64
}

/// Why a command is not sent.
package struct WriteRefusal: Error, Hashable, Sendable {
    package let detail: String

    package init(_ detail: String) { self.detail = detail }
}

extension UInt16 {
    /// High byte first, as Modbus sends it.
    var bigEndianBytes: [UInt8] { [UInt8(self >> 8), UInt8(truncatingIfNeeded: self)] }
}
