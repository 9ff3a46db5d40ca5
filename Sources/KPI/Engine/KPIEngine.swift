// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// Turns meters' readings into totals, and totals into key figures over rolling windows.
///
/// Energy totals are the primary datum; every figure is a difference of totals over a difference of totals, over the
/// time that all of its meters cover. Nothing is estimated: what is not known makes a figure incomplete, and one that
/// is too incomplete has no value but a reason.
package struct KPIEngine: Sendable {
    /// The key figures that are computed, in the order of the results.
    package var indicators: [Indicator] { windows.map(\.indicator) }

    private var meters: [MeterAccumulator]
    /// What every step looks at of each meter, close together; the rest is touched only when a reading is new.
    private var watches: [MeterWatch]
    /// The meters whose rings have closed slots in this step.
    private var touched: [Int] = []
    private var windows: [IndicatorWindows]
    private let rackFeeds: [RackFeeds]
    private var rackSums: [WindowSums]
    private var rackMeans: [RackMean]
    /// How long a rack's window waits for its meters, in milliseconds.
    private let rackPatience: Int64
    private var time: Timestamp?
    private var totals: [MeterTotal]
    private var results: [KPIResult] = []

    /// Builds the engine for a site.
    ///
    /// - Returns: nil and every reason where the meter tree or the settings cannot be used.
    package static func make(
        site: SiteDescription,
        factors: EnergyFactors = EnergyFactors()
    ) -> (KPIEngine?, problems: [KPIProblem]) {
        var problems = KPIProblem.all(in: site)
        var sources: [MeterSource] = []
        for meter in site.meters {
            let (source, problem) = MeterSource.find(meter, site: site, factors: factors)
            if let source { sources.append(source) }
            if let problem { problems.append(problem) }
        }
        guard problems.isEmpty else { return (nil, problems) }
        return (KPIEngine(site: site, sources: sources, factors: factors), [])
    }

    private init(site: SiteDescription, sources: [MeterSource], factors: EnergyFactors) {
        let slack = sources.map(\.maximumGap).max() ?? 0
        meters = zip(site.meters, sources).map { meter, source in
            MeterAccumulator(description: meter, source: source, keepsDay: meter.place != .rack, slack: slack)
        }
        watches = meters.map(MeterWatch.init)
        windows = Indicator.all(for: site, factors: factors).map { indicator in
            IndicatorWindows(indicator, patience: indicator.meters.map { sources[$0].maximumGap }.max() ?? 0)
        }
        let rackMeters = RackFeeds.meters(of: site)
        rackFeeds = zip(site.plant.racks, rackMeters).map { RackFeeds(rack: $0, meters: $1, site: site) }
        rackSums = rackMeters.map { WindowSums(window: .fiveMinutes, meters: $0) }
        rackMeans = rackSums.map(RackMean.init)
        rackPatience = zip(site.meters, sources).map { $0.place == .rack ? $1.maximumGap : 0 }.max() ?? 0
        totals = site.meters.map {
            MeterTotal(
                device: $0.device,
                place: $0.place,
                total: 0,
                sourceTime: Timestamp(milliseconds: 0),
                isCovered: false
            )
        }
    }

    /// Takes one frozen image; its time must be later than that of the image before.
    package mutating func step(_ image: ProcessImage) -> KPIOutputs {
        var events: [Event] = []
        for position in touched { meters[position].beginStep() }
        touched.removeAll(keepingCapacity: true)
        for position in watches.indices {
            let watch = watches[position]
            let reading = image[watch.point]
            if reading.sourceTime > watch.seenTime, reading.sourceTime <= image.time {
                meters[position].observe(reading, events: &events)
                watches[position] = MeterWatch(meters[position])
                touched.append(position)
                publishTotal(position, at: image.time)
            } else if totals[position].isCovered, watch.coveredUntil < image.time {
                publishTotal(position, at: image.time)
            }
        }
        advanceWindows(to: image.time)
        return KPIOutputs(totals: totals, results: results, racks: rackPowers(image), events: events)
    }

    private func rackPowers(_ image: ProcessImage) -> [RackPower] {
        var powers: [RackPower] = []
        powers.reserveCapacity(rackFeeds.count)
        for (feeds, mean) in zip(rackFeeds, rackMeans) {
            powers.append(
                RackPower(
                    rack: feeds.rack,
                    power: feeds.live(image),
                    meanWatts: mean.watts,
                    completeness: mean.completeness
                )
            )
        }
        return powers
    }

    private mutating func publishTotal(_ position: Int, at now: Timestamp) {
        let published = meters[position].published
        totals[position] = MeterTotal(
            device: totals[position].device,
            place: totals[position].place,
            total: published.total,
            sourceTime: published.time,
            isCovered: watches[position].coveredUntil >= now
        )
    }

    private mutating func advanceWindows(to now: Timestamp) {
        time = now
        var isChanged = results.isEmpty
        let isAnyTouched = !touched.isEmpty
        for position in windows.indices
        where windows[position].step(now, meters, isAnyTouched: isAnyTouched) { isChanged = true }
        if isChanged { results = windows.flatMap(\.results) }
        for position in rackSums.indices where !rackSums[position].meters.isEmpty {
            let slot = rackSums[position].lastSlot(now: now, patience: rackPatience, meters)
            if rackSums[position].advance(to: slot, meters) { rackMeans[position] = RackMean(rackSums[position]) }
        }
    }
}

// MARK: - Restart

extension KPIEngine {
    /// What a restart needs: totals, registers' states and the windows' slots.
    package func snapshot() -> KPISnapshot { KPISnapshot(time: time, meters: meters.map { $0.snapshot() }) }

    /// Goes on from a snapshot; called before the first step.
    ///
    /// Meters are found by device and place. One that is new starts from zero, one that is gone is dropped. The time
    /// of the outage is bridged by registers and uncovered for meters without.
    package mutating func restore(_ snapshot: KPISnapshot) {
        var stored: [MeterDescription.Key: MeterSnapshot] = [:]
        for meter in snapshot.meters { stored[MeterDescription.Key(device: meter.device, place: meter.place)] = meter }
        for position in meters.indices {
            guard let meter = stored[MeterDescription.Key(meters[position].description)] else { continue }
            meters[position].restore(meter)
        }
        refresh(at: snapshot.time)
    }

    /// Keeps totals from falling behind what was stored after the last snapshot; called after ``restore(_:)``.
    package mutating func resume(from storedTotals: [MeterTotal]) {
        for total in storedTotals {
            let key = MeterDescription.Key(device: total.device, place: total.place)
            guard let position = meters.firstIndex(where: { MeterDescription.Key($0.description) == key }) else {
                continue
            }
            meters[position].resume(from: total)
        }
        refresh(at: time)
    }

    private mutating func refresh(at now: Timestamp?) {
        for position in meters.indices {
            watches[position] = MeterWatch(meters[position])
            publishTotal(position, at: now ?? Timestamp(milliseconds: .max))
        }
        touched = Array(meters.indices)
        if let now { advanceWindows(to: now) }
    }
}

/// What decides whether a meter has anything to do in a step.
private struct MeterWatch {
    let point: PointIndex
    let seenTime: Timestamp
    let coveredUntil: Timestamp

    init(_ meter: MeterAccumulator) {
        point = meter.source.point
        seenTime = meter.seenTime
        coveredUntil = meter.coveredUntil
    }
}
