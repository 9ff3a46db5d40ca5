// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The answer to `GET /api/v1/status`: everything one screen needs, from one cycle.
///
/// The shape is versioned by the path: fields are added, never renamed or removed. Values are in base units,
/// times in milliseconds since 1970-01-01T00:00:00Z.
package struct StatusReport: Sendable, Codable {
    package var site: SiteHeader
    package var kpis: [KPIResult]
    package var racks: [RackReport]
    package var summary: [SummaryValue]
    package var loops: [LoopStatus]
    package var devices: [DeviceStatus]
    package var alarms: [AlarmRecord]

    package init(
        site: SiteHeader,
        kpis: [KPIResult] = [],
        racks: [RackReport] = [],
        summary: [SummaryValue] = [],
        loops: [LoopStatus] = [],
        devices: [DeviceStatus] = [],
        alarms: [AlarmRecord] = []
    ) {
        self.site = site
        self.kpis = kpis
        self.racks = racks
        self.summary = summary
        self.loops = loops
        self.devices = devices
        self.alarms = alarms
    }
}

/// Which site, which cycle, which clock.
package struct SiteHeader: Hashable, Sendable, Codable {
    package let id: String
    package let name: String
    package let version: String
    /// Counts cycles since the agent started.
    package let sequence: Int
    package let plantTime: Timestamp
    package let wallTime: Timestamp
    /// Plant seconds per wall second; nil on a real site.
    package let timeScale: Double?

    package init(
        id: String,
        name: String,
        version: String,
        sequence: Int,
        plantTime: Timestamp,
        wallTime: Timestamp,
        timeScale: Double?
    ) {
        self.id = id
        self.name = name
        self.version = version
        self.sequence = sequence
        self.plantTime = plantTime
        self.wallTime = wallTime
        self.timeScale = timeScale
    }

    package var isSimulated: Bool { timeScale != nil }
}

/// A reading as JSON carries it: no NaN, words for quality and cause.
package struct ReadingReport: Hashable, Sendable, Codable {
    /// The value in `unit`; nil where there is none.
    package let value: Double?
    package let unit: PointUnit
    /// `good`, `uncertain`, `stale` or `bad`.
    package let quality: String
    /// Why it is not good; empty where it is.
    package let cause: String
    /// Plant seconds since the device's reply; nil before the first.
    package let ageSeconds: Double?

    package init(_ reading: Reading, unit: PointUnit, now: Timestamp) {
        value = reading.value.isFinite ? reading.value : nil
        self.unit = unit
        quality = reading.quality.word
        cause = reading.cause.words
        ageSeconds = reading.sourceTime.milliseconds == 0 ? nil : (now - reading.sourceTime).inSeconds
    }
}

/// One point with its reading: an element of `GET /api/v1/points`.
package struct PointReport: Hashable, Sendable, Codable {
    package let id: PointID
    package let equipment: String
    package let reading: ReadingReport

    package init(id: PointID, equipment: String, reading: ReadingReport) {
        self.id = id
        self.equipment = equipment
        self.reading = reading
    }
}

/// One rack's power and liquid loop.
package struct RackReport: Hashable, Sendable, Codable {
    package let id: String
    package let hall: String
    /// Electrical power at full load, in watts.
    package let nominalWatts: Double
    package let power: ReadingReport
    package let inletAirTemperature: ReadingReport?

    package init(
        id: String,
        hall: String,
        nominalWatts: Double,
        power: ReadingReport,
        inletAirTemperature: ReadingReport? = nil
    ) {
        self.id = id
        self.hall = hall
        self.nominalWatts = nominalWatts
        self.power = power
        self.inletAirTemperature = inletAirTemperature
    }
}

/// One headline value of the overview: outdoor wet bulb, supply temperature, exported heat.
package struct SummaryValue: Hashable, Sendable, Codable {
    /// Stable name, lower snake case: `outdoor_wet_bulb_temperature`.
    package let name: String
    package let label: String
    package let reading: ReadingReport

    package init(name: String, label: String, reading: ReadingReport) {
        self.name = name
        self.label = label
        self.reading = reading
    }
}

/// The answer to `GET /api/v1/why?point=ID`: the chain from wish to outcome.
package struct WhyReport: Hashable, Sendable, Codable {
    package let point: PointID
    package let reading: ReadingReport
    /// The newest decision about the point; nil where none was ever taken.
    package let decision: Decision?
    package let command: Command?
    package let outcome: WriteOutcome?
    /// The loop that decided, as it stands.
    package let loop: LoopStatus?

    package init(
        point: PointID,
        reading: ReadingReport,
        decision: Decision? = nil,
        command: Command? = nil,
        outcome: WriteOutcome? = nil,
        loop: LoopStatus? = nil
    ) {
        self.point = point
        self.reading = reading
        self.decision = decision
        self.command = command
        self.outcome = outcome
        self.loop = loop
    }
}
