// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// One indicator over all windows, with its newest results.
struct IndicatorWindows: Sendable {
    let indicator: Indicator
    /// The largest gap of its meters in milliseconds: how long a window waits for the slowest of them.
    let patience: Int64
    private var sums: [WindowSums]
    private(set) var results: [KPIResult] = []
    /// The fine slot up to which no meter is waited for, at the last step.
    private var slotLimit: Int64?

    init(_ indicator: Indicator, patience: Int64) {
        self.indicator = indicator
        self.patience = patience
        sums = KPIWindow.allCases.map { WindowSums(window: $0, meters: indicator.meters) }
    }

    /// Moves all windows on and renews the results that changed.
    ///
    /// - Parameters:
    ///   - now: plant time of the step.
    ///   - meters: the site's meters.
    ///   - isAnyTouched: whether any of them has a new reading.
    /// - Returns: whether any result changed.
    mutating func step(_ now: Timestamp, _ meters: [MeterAccumulator], isAnyTouched: Bool) -> Bool {
        let limit = WindowGrid.fine.slot(at: Timestamp(milliseconds: now.milliseconds - patience))
        guard isAnyTouched || limit != slotLimit else { return false }
        slotLimit = limit
        var isChanged = results.isEmpty
        for position in sums.indices {
            let end = sums[position].lastSlot(now: now, patience: patience, meters)
            if sums[position].advance(to: end, meters) || results.count <= position {
                let result = result(sums[position], meters)
                if position < results.count { results[position] = result } else { results.append(result) }
                isChanged = true
            }
        }
        return isChanged
    }

    private func result(_ sums: WindowSums, _ meters: [MeterAccumulator]) -> KPIResult {
        let isPossible = indicator.lack == nil
        let completeness = isPossible ? sums.completeness : 0
        let evaluated = indicator.evaluate(
            zip(indicator.meters, sums.deltas).map { meter, counts in
                MeterDifference(counts: counts, resolution: meters[meter].resolution)
            },
            coveredSeconds: sums.coveredSeconds,
            completeness: completeness,
            notes: isPossible ? notes(sums, meters) : []
        )
        let end = sums.window.grid.end(of: sums.end ?? 0)
        return KPIResult(
            name: indicator.name,
            window: sums.window,
            category: indicator.category,
            boundary: indicator.boundary,
            value: evaluated.value,
            reason: evaluated.reason,
            completeness: completeness,
            start: end - sums.window.duration,
            end: end,
            numerator: evaluated.numerator,
            denominator: evaluated.denominator,
            meters: indicator.devices,
            uncertainty: evaluated.uncertainty
        )
    }

    /// Which meter keeps the window from being whole, and whether part of it is interpolated.
    private func notes(_ sums: WindowSums, _ meters: [MeterAccumulator]) -> [String] {
        var notes: [String] = []
        if sums.completeness < Indicator.fullCompleteness,
            let worst = sums.uncovered.max(), worst > 0, let position = sums.uncovered.firstIndex(of: worst)
        {
            let meter = meters[sums.meters[position]]
            let name = meter.description.device
            let seconds = worst * sums.window.grid.slotMilliseconds / 1_000
            notes.append(
                meter.totalTime == nil
                    ? "\(name) has given no \(meter.source.pointName) yet"
                    : "\(name) is without \(meter.source.pointName) for \(seconds) s of it"
            )
        }
        if sums.interpolated > 0 {
            let seconds = sums.interpolated * sums.window.grid.slotMilliseconds / 1_000
            notes.append("\(seconds) s are interpolated across gaps that a register bridged")
        }
        return notes
    }
}
