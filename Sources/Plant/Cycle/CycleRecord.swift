// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// All that one cycle saw and decided: what is stored, shown, scraped and replayed.
package struct CycleRecord: Sendable {
    /// Counts cycles since the agent started, from 1.
    package let sequence: Int
    package let image: ProcessImage
    /// Wall time of the freeze; equals plant time unless the site is simulated.
    package let wallTime: Timestamp
    package let totals: [MeterTotal]
    package let kpis: [KPIResult]
    /// One per rack of the plant, in site order.
    package let racks: [RackPower]
    package let loops: [LoopStatus]
    package let decisions: [Decision]
    package let alarms: [AlarmRecord]
    package let commands: [Command]
    /// Outcomes that arrived since the cycle before.
    package let outcomes: [WriteOutcome]
    package let events: [Event]
    package let devices: [DeviceStatus]

    package init(
        sequence: Int,
        image: ProcessImage,
        wallTime: Timestamp,
        totals: [MeterTotal] = [],
        kpis: [KPIResult] = [],
        racks: [RackPower] = [],
        loops: [LoopStatus] = [],
        decisions: [Decision] = [],
        alarms: [AlarmRecord] = [],
        commands: [Command] = [],
        outcomes: [WriteOutcome] = [],
        events: [Event] = [],
        devices: [DeviceStatus] = []
    ) {
        self.sequence = sequence
        self.image = image
        self.wallTime = wallTime
        self.totals = totals
        self.kpis = kpis
        self.racks = racks
        self.loops = loops
        self.decisions = decisions
        self.alarms = alarms
        self.commands = commands
        self.outcomes = outcomes
        self.events = events
        self.devices = devices
    }
}

/// How one device is doing, in site order.
package struct DeviceStatus: Hashable, Sendable, Codable {
    /// How the connection to the device stands.
    package enum Link: String, Sendable, Codable {
        case connecting
        case up
        case degraded
        case down
    }

    package let device: String
    package let link: Link
    /// Why it is not up; empty where it is.
    package let detail: String
    /// Plant time of the last good reply; nil before the first.
    package let lastReply: Timestamp?
    /// Requests sent since the agent started.
    package let requests: Int
    package let timeouts: Int
    package let exceptions: Int
    package let lateReplies: Int
    package let malformedReplies: Int
    /// Scans skipped because the one before had not ended.
    package let overruns: Int
    /// Mean wall time from request to reply, in seconds.
    package let roundTripSeconds: Double
    /// Whether it is the product of its map; nil where the map names no identity registers.
    package let identity: DeviceIdentity?

    package init(
        device: String,
        link: Link,
        detail: String = "",
        lastReply: Timestamp? = nil,
        requests: Int = 0,
        timeouts: Int = 0,
        exceptions: Int = 0,
        lateReplies: Int = 0,
        malformedReplies: Int = 0,
        overruns: Int = 0,
        roundTripSeconds: Double = 0,
        identity: DeviceIdentity? = nil
    ) {
        self.device = device
        self.link = link
        self.detail = detail
        self.lastReply = lastReply
        self.requests = requests
        self.timeouts = timeouts
        self.exceptions = exceptions
        self.lateReplies = lateReplies
        self.malformedReplies = malformedReplies
        self.overruns = overruns
        self.roundTripSeconds = roundTripSeconds
        self.identity = identity
    }
}
