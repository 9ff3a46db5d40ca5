// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// What polling one endpoint has been like since the agent started: everything its own metrics say.
package struct EndpointMetrics: Hashable, Sendable {
    /// The endpoint's identifier in the site file.
    package var endpoint: String
    /// How the connection stands, apart from the units behind it.
    package var link: DeviceStatus.Link
    /// Why the connection is not up; ``QualityCause/none`` where it is.
    package var cause: QualityCause
    /// Devices behind the endpoint, by how their own link stands.
    package var devicesUp: Int
    /// Devices that some requests fail for.
    package var devicesDegraded: Int
    /// Devices that do not answer.
    package var devicesDown: Int
    /// Connections that came to stand.
    package var connections: Int
    /// Connections that were lost, and attempts that failed.
    package var connectionLosses: Int
    /// Reads and messages of writes that were sent.
    package var requests: Int
    /// Requests that a device answered with what was asked for.
    package var replies: Int
    package var timeouts: Int
    /// Replies that came after their time-out and were discarded.
    package var lateReplies: Int
    /// Replies that came a second time and were discarded.
    package var duplicateReplies: Int
    /// Frames that answer no request, by what is wrong with them, in a fixed order.
    package var malformedReplies: [NamedCount]
    /// Exception replies by code, in the order of the codes; code 0 stands for one that is not in the standard.
    package var exceptions: [ExceptionCount]
    /// Scans skipped because the one before had not ended.
    package var overruns: Int
    /// Reads whose values were not believed, by why, in a fixed order.
    package var doubts: [NamedCount]
    /// Wall time from request to reply.
    package var roundTrip: DurationHistogram
    /// Wall time from the moment a scan was due to its first request.
    package var scanLateness: DurationHistogram

    package init(
        endpoint: String,
        link: DeviceStatus.Link = .connecting,
        cause: QualityCause = .none,
        devicesUp: Int = 0,
        devicesDegraded: Int = 0,
        devicesDown: Int = 0,
        connections: Int = 0,
        connectionLosses: Int = 0,
        requests: Int = 0,
        replies: Int = 0,
        timeouts: Int = 0,
        lateReplies: Int = 0,
        duplicateReplies: Int = 0,
        malformedReplies: [NamedCount] = [],
        exceptions: [ExceptionCount] = [],
        overruns: Int = 0,
        doubts: [NamedCount] = [],
        roundTrip: DurationHistogram = DurationHistogram(),
        scanLateness: DurationHistogram = DurationHistogram()
    ) {
        self.endpoint = endpoint
        self.link = link
        self.cause = cause
        self.devicesUp = devicesUp
        self.devicesDegraded = devicesDegraded
        self.devicesDown = devicesDown
        self.connections = connections
        self.connectionLosses = connectionLosses
        self.requests = requests
        self.replies = replies
        self.timeouts = timeouts
        self.lateReplies = lateReplies
        self.duplicateReplies = duplicateReplies
        self.malformedReplies = malformedReplies
        self.exceptions = exceptions
        self.overruns = overruns
        self.doubts = doubts
        self.roundTrip = roundTrip
        self.scanLateness = scanLateness
    }

    /// Whether the endpoint answers: the value of its `up` metric.
    package var isUp: Bool { link == .up || link == .degraded }
}

/// How often something named happened.
package struct NamedCount: Hashable, Sendable {
    /// Lower snake case, stable across releases.
    package let name: String
    /// Occurrences since the agent started.
    package let count: Int

    package init(name: String, count: Int) {
        self.name = name
        self.count = count
    }
}

/// How often devices answered with one exception code.
package struct ExceptionCount: Hashable, Sendable {
    /// The code as on the wire, 1...11; 0 for any other.
    package let code: UInt8
    /// Occurrences since the agent started.
    package let count: Int

    package init(code: UInt8, count: Int) {
        self.code = code
        self.count = count
    }
}
