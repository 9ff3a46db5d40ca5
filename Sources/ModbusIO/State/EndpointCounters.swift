// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// What a session counts for the metrics of its endpoint: plain bytes, copied to the board with each reply.
package struct EndpointCounters: Sendable {
    package internal(set) var connections = 0
    package internal(set) var connectionLosses = 0
    package internal(set) var requests = 0
    package internal(set) var replies = 0
    package internal(set) var timeouts = 0
    package internal(set) var lateReplies = 0
    package internal(set) var duplicateReplies = 0
    package internal(set) var overruns = 0
    package internal(set) var roundTrip = DurationHistogram()
    package internal(set) var scanLateness = DurationHistogram()
    private var faults: [8 of Int] = InlineArray(repeating: 0)
    /// By code; 0 for codes that are not in the standard.
    private var exceptions: [12 of Int] = InlineArray(repeating: 0)

    init() {}

    mutating func count(_ fault: FrameFault) { faults[fault.position] += 1 }

    mutating func count(_ exception: ModbusException) {
        exceptions[exception.code < 12 ? Int(exception.code) : 0] += 1
    }

    /// Frames that answered no request, by what was wrong with them.
    package var malformedReplies: [NamedCount] {
        FrameFault.allCases.map { NamedCount(name: $0.metricName, count: faults[$0.position]) }
    }

    /// Exception replies by code; codes that never came are left out.
    package var exceptionCounts: [ExceptionCount] {
        (0..<12).compactMap { code in
            exceptions[code] == 0 ? nil : ExceptionCount(code: UInt8(code), count: exceptions[code])
        }
    }
}

extension FrameFault {
    /// A number below 8.
    var position: Int {
        switch self {
        case .protocolIdentifier: 0
        case .lengthField: 1
        case .unknownTransaction: 2
        case .unit: 3
        case .function: 4
        case .byteCount: 5
        case .echo: 6
        }
    }

    /// The name in metrics.
    var metricName: String {
        switch self {
        case .protocolIdentifier: "protocol_identifier"
        case .lengthField: "length"
        case .unknownTransaction: "unknown_transaction"
        case .unit: "unit"
        case .function: "function"
        case .byteCount: "byte_count"
        case .echo: "echo"
        }
    }
}
