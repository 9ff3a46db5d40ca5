// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// What a point's map says about believing it, beside its decoder.
struct PointDoubts: Sendable {
    /// Set for a running total.
    let counter: CounterRules?
    /// Milliseconds of plant time it may stand still; nil where it may for ever.
    let flatLineLimit: Int64?
    /// The most it can move in a second of plant time, in the base unit; nil where nobody says.
    let rateLimit: Double?
    /// One step of its register in the base unit, which it may always move.
    let step: Double
    /// Whether exactly zero is next to impossible while all others of a block are zero as well.
    let isHardlyZero: Bool
    /// Where the point's memory stands among those of its device; nil where it needs none.
    var watch: Int?

    /// Whether what was read before counts when a value is judged.
    var needsWatch: Bool { counter != nil || flatLineLimit != nil || rateLimit != nil }

    init(_ point: MapPoint, of map: DeviceMap) {
        counter = point.counter.map { behavior in
            let words = RegisterCodec(point).registerCount
            let carry = words > 1 ? behavior.resolution.map { 65_536 * $0 } : nil
            return CounterRules(rollover: behavior.rollover, carry: carry)
        }
        flatLineLimit = point.flatLineAfter?.wholeMilliseconds
        rateLimit = point.rateLimit
        step = abs(point.scale * point.unit.factor)
        isHardlyZero = Self.isHardlyZero(point, of: map)
        watch = nil
    }

    /// What stands where there is always voltage.
    private static let supplyWatchers: [DeviceCategory] = [
        .powerMeter, .branchCircuitMonitor, .powerDistributionUnit, .uninterruptiblePowerSupply,
    ]

    /// Temperatures anywhere, voltage and frequency of what measures or backs up the supply.
    private static func isHardlyZero(_ point: MapPoint, of map: DeviceMap) -> Bool {
        guard point.write == nil else { return false }
        if let range = point.validRange, !range.contains(0) { return true }
        switch point.baseUnit {
        case .celsius: return true
        case .volts, .hertz: return supplyWatchers.contains(map.category)
        default: return false
        }
    }
}

/// What is remembered of one point to judge its next value.
struct PointWatch: Sendable {
    var counter = CounterWatch()
    var flatLine = FlatLineWatch()
    var rate = RateWatch()
}

/// How often values were not believed, by cause; plain bytes.
struct DoubtCounts: Sendable {
    /// The causes that a reply itself gives rise to, in the order of the metrics.
    static let causes: [(cause: QualityCause, name: String)] = [
        (.notAvailable, "not_available"), (.sensorAbsent, "sensor_absent"), (.outOfRange, "out_of_range"),
        (.notANumber, "not_a_number"), (.malformedReply, "malformed_digits"),
        (.scaleFactorInvalid, "scale_factor_invalid"), (.allZeroBlock, "all_zero_block"),
        (.counterInDoubt, "counter_in_doubt"), (.flatLine, "flat_line"),
        (.movedTooFast, "moved_too_fast"), (.settingDiffers, "setting_differs"),
    ]

    private var counts: [32 of Int] = InlineArray(repeating: 0)

    mutating func count(_ cause: QualityCause) {
        let position = Int(cause.rawValue)
        if position < 32 { counts[position] += 1 }
    }

    var named: [NamedCount] {
        Self.causes.map { NamedCount(name: $0.name, count: counts[Int($0.cause.rawValue)]) }
    }
}
