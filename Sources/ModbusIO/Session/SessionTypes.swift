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
    /// The registers that say which product a device is, a position among the endpoint's devices.
    case identify(device: Int, block: ReadBlock)
    /// Something that must be known of a device before its points are read.
    case prepare(device: Int)

    /// What of a group's plan is read; nil where the request is for no points.
    package var place: (group: Int, entry: Int)? {
        switch self {
        case .scan(let group, let entry), .probe(let group, let entry): (group, entry)
        case .identify, .prepare: nil
        }
    }

    package var isIdentity: Bool {
        if case .identify = self { return true }
        return false
    }

    package var isPreparation: Bool {
        if case .prepare = self { return true }
        return false
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
    /// A device said, or would not say, what it is; `found` is empty where it is what its map describes.
    case identified(device: Int, found: String, isNews: Bool)
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
    /// Whether it is the product of its map; nil where the map names no identity registers.
    package var identity: DeviceIdentity.State?
    /// Answers to the question what it is that were something else.
    package var identityMismatches = 0

    package init() {}

    /// The state as the rest of the product sees it.
    ///
    /// - Parameters:
    ///   - device: The device's identifier.
    ///   - expected: What its map accepts as its identity; nil where it names no registers for it.
    ///   - found: What the device said instead.
    /// - Returns: The status, for the record of a cycle.
    package func status(of device: String, expected: String? = nil, found: String = "") -> DeviceStatus {
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
            roundTripSeconds: replies == 0 ? 0 : Double(roundTripSum) / Double(replies) / 1e9,
            identity: expected.map { expected in
                let state = identity ?? .awaited
                let isTold = state == .mismatch || state == .unconfirmed
                return DeviceIdentity(
                    state: state,
                    expected: expected,
                    found: isTold ? found : "",
                    mismatches: identityMismatches
                )
            }
        )
    }
}
