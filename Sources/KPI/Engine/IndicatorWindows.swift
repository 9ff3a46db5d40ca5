// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// One indicator over all windows.
struct IndicatorWindows: Sendable {
    let indicator: Indicator
    /// The largest gap of its meters in milliseconds: how long a window waits for the slowest of them.
    private let patience: Int64
    private var sums: [WindowSums]
    /// The fine slot up to which no meter is waited for, at the last step.
    private var slotLimit: Int64?

    init(_ indicator: Indicator, patience: Int64) {
        self.indicator = indicator
        self.patience = patience
        sums = KPIWindow.allCases.map { WindowSums(window: $0, meters: indicator.meters) }
    }

    /// Moves all windows on and renews the results that changed.
    ///
    /// A window moves only when a meter has closed a slot, or is not waited for any longer; so most steps end here at
    /// once.
    ///
    /// - Parameters:
    ///   - now: plant time of the step.
    ///   - meters: the site's meters.
    ///   - isAnyMoved: whether any of them has closed a slot in this step.
    ///   - results: those of all indicators.
    ///   - first: where those of this indicator begin.
    mutating func step(
        _ now: Timestamp,
        _ meters: [MeterAccumulator],
        isAnyMoved: Bool,
        _ results: inout [KPIResult],
        first: Int
    ) {
        let limit = WindowGrid.fine.slot(at: Timestamp(milliseconds: now.milliseconds - patience))
        guard isAnyMoved || limit != slotLimit else { return }
        slotLimit = limit
        for position in sums.indices {
            let end = sums[position].lastSlot(now: now, patience: patience, meters)
            guard sums[position].advance(to: end, meters) || first + position >= results.count else { continue }
            let result = result(position, meters)
            if first + position < results.count {
                results[first + position] = result
            } else {
                results.append(result)
            }
        }
    }

    private func result(_ position: Int, _ meters: [MeterAccumulator]) -> KPIResult {
        let isPossible = indicator.lack == nil
        let completeness = isPossible ? sums[position].completeness : 0
        let window = sums[position].window
        let isWhole = completeness >= Indicator.fullCompleteness && sums[position].interpolated == 0
        var differences: [MeterDifference] = []
        differences.reserveCapacity(indicator.meters.count)
        for (place, meter) in indicator.meters.enumerated() {
            let counts = sums[position].deltas[place]
            differences.append(MeterDifference(counts: counts, resolution: meters[meter].resolution))
        }
        let evaluated = indicator.evaluate(
            differences,
            coveredSeconds: sums[position].coveredSeconds,
            completeness: completeness,
            notes: isWhole || !isPossible ? [] : notes(sums[position], meters)
        )
        let end = window.grid.end(of: sums[position].end ?? 0)
        return KPIResult(
            name: indicator.name,
            window: window,
            category: indicator.category,
            boundary: indicator.boundary,
            value: evaluated.value,
            reason: evaluated.reason,
            completeness: completeness,
            start: end - window.duration,
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
