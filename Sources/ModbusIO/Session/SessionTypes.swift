// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// What an endpoint's worker is to do next.
package enum SessionAction: Hashable, Sendable {
    /// Nothing before this moment, unless something arrives.
    case wait(until: MonotonicTime)
    case connect
    case send(ReadRequest)
    /// A message of a write.
    case sendWrite(WriteRequest)
    /// End the connection; the session has already noted why.
    case close
}

/// One read on the wire.
package struct ReadRequest: Hashable, Sendable {
    package let transaction: UInt16
    package let unit: UInt8
    package let block: ReadBlock

    package var function: UInt8 { block.table.readFunction }

    /// What the reply must say.
    package var expectedReply: ExpectedReply {
        ExpectedReply(
            transaction: transaction,
            unit: unit,
            function: function,
            payload: block.table.holdsBits ? .bits(block.count) : .registers(block.count)
        )
    }
}

/// What a request is for.
package enum SessionJob: Hashable, Sendable {
    /// A block of a scan that is due: an entry of a group's ``BlockMemory``.
    case scan(group: Int, entry: Int)
    /// A block read only to see whether a degraded device answers again.
    case probe(group: Int, entry: Int)

    package var group: Int {
        switch self {
        case .scan(let group, _), .probe(let group, _): group
        }
    }

    package var entry: Int {
        switch self {
        case .scan(_, let entry), .probe(_, let entry): entry
        }
    }

    package var isProbe: Bool {
        if case .probe = self { return true }
        return false
    }
}

/// The request that waits for its reply.
package struct OutstandingRequest: Hashable, Sendable {
    package let request: ReadRequest
    package let job: SessionJob
    /// Position among the endpoint's devices.
    package let device: Int
    package let sent: MonotonicTime
    package internal(set) var deadline: MonotonicTime
}

/// What a session has to say about readings and devices, besides its actions.
package enum SessionEffect: Hashable, Sendable {
    /// These points of a group's plan could not be read now.
    case pointsFailed(group: Int, points: Range<Int>, cause: QualityCause)
    /// The state of a device has changed.
    case deviceChanged(Int)
    /// Scans of a device were skipped because the one before had not ended.
    case overrun(device: Int, skipped: Int)
    /// A write's read-back showed what stands at a point of a device's map.
    case pointRead(device: Int, mapPoint: Int, value: DecodedValue)
    /// A command came to its end.
    case writeEnded(WriteEnd)
}

/// How one device is doing, as its session counts.
package struct DeviceState: Hashable, Sendable {
    package var link = DeviceStatus.Link.connecting
    /// Why the newest attempts failed; ``QualityCause/none`` while the device answers.
    package var failure = QualityCause.none
    /// Plant time of the last good reply; nil before the first.
    package var lastReply: Timestamp?
    package var requests = 0
    package var timeouts = 0
    package var exceptions = 0
    package var lateReplies = 0
    package var malformedReplies = 0
    package var overruns = 0
    package var replies = 0
    /// Nanoseconds from request to reply, summed over all ``replies``.
    package var roundTripSum: Int64 = 0

    package init() {}

    /// The state as the rest of the product sees it.
    package func status(of device: String) -> DeviceStatus {
        DeviceStatus(
            device: device,
            link: link,
            detail: failure.words,
            lastReply: lastReply,
            requests: requests,
            timeouts: timeouts,
            exceptions: exceptions,
            lateReplies: lateReplies,
            malformedReplies: malformedReplies,
            overruns: overruns,
            roundTripSeconds: replies == 0 ? 0 : Double(roundTripSum) / Double(replies) / 1e9
        )
    }
}
