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
    /// The meters that have begun or closed slots in this step.
    private var moved: [Int] = []
    private var windows: [IndicatorWindows]
    private var racks: [RackWindow]
    /// How long a rack's window waits for its meters, in milliseconds.
    private let rackPatience: Int64
    /// The fine slot up to which no rack's meter is waited for, at the last step.
    private var rackSlotLimit: Int64?
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
        watches = meters.map(\.watch)
        windows = Indicator.all(for: site, factors: factors).map { indicator in
            IndicatorWindows(indicator, patience: indicator.meters.map { sources[$0].maximumGap }.max() ?? 0)
        }
        let rackMeters = RackFeeds.meters(of: site)
        racks = zip(RackFeeds.all(of: site), rackMeters).map { RackWindow($0, meters: $1) }
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
        for position in moved { meters[position].beginStep() }
        moved.removeAll(keepingCapacity: true)
        for position in watches.indices {
            let time = image.readings[watches[position].point.position].sourceTime
            if time > watches[position].seenTime, time <= image.time {
                let reading = image.readings[watches[position].point.position]
                watches[position] = meters[position].observe(reading, events: &events)
                if watches[position].hasMoved { moved.append(position) }
                publishTotal(position, at: image.time)
            } else if totals[position].isCovered, watches[position].coveredUntil < image.time {
                publishTotal(position, at: image.time)
            }
        }
        advanceWindows(to: image.time)
        return KPIOutputs(totals: totals, results: results, racks: rackPowers(image), events: events)
    }

    private func rackPowers(_ image: ProcessImage) -> [RackPower] {
        var powers: [RackPower] = []
        powers.reserveCapacity(racks.count)
        for position in racks.indices {
            powers.append(
                RackPower(
                    rack: racks[position].feeds.rack,
                    power: racks[position].feeds.live(image),
                    meanWatts: racks[position].meanWatts,
                    completeness: racks[position].completeness
                )
            )
        }
        return powers
    }

    private mutating func publishTotal(_ position: Int, at now: Timestamp) {
        let published = watches[position].published
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
        let isAnyMoved = !moved.isEmpty
        let perIndicator = KPIWindow.allCases.count
        for position in windows.indices {
            windows[position].step(now, meters, isAnyMoved: isAnyMoved, &results, first: position * perIndicator)
        }
        let limit = WindowGrid.fine.slot(at: Timestamp(milliseconds: now.milliseconds - rackPatience))
        guard isAnyMoved || limit != rackSlotLimit else { return }
        rackSlotLimit = limit
        for position in racks.indices { racks[position].step(now, patience: rackPatience, meters) }
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
            watches[position] = meters[position].watch
            publishTotal(position, at: now ?? Timestamp(milliseconds: .max))
        }
        moved = Array(meters.indices)
        if let now { advanceWindows(to: now) }
    }
}
