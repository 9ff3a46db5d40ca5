// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Where a meter's total comes from: its register, or its power where it has none.
struct MeterSource: Sendable {
    enum Kind: Sendable {
        case register(RegisterLimits)
        /// The largest believable rate, in joules or millilitres per second.
        case rate(maximum: Double)
    }

    let kind: Kind
    let point: PointIndex
    /// The point's canonical name: `active_energy_import`.
    let pointName: String
    /// Joules, or millilitres for water, per base unit of the point.
    let countsPerUnit: Double
    /// The longest time between two samples that counts as seamless, in milliseconds.
    let maximumGap: Int64

    /// Three poll intervals, but no more than five minutes, unless the polls themselves are that slow.
    static func maximumGap(interval: Duration, cycle: Duration) -> Int64 {
        let poll = max(interval, cycle).wholeMilliseconds
        return max(min(3 * poll, 300_000), poll + poll / 2)
    }
}

/// The canonical point names that a carrier's meter is read by.
struct CarrierPoints {
    let counter: String
    let counterUnit: PointUnit
    let rate: String
    let rateUnit: PointUnit

    init(_ carrier: EnergyCarrier) {
        switch carrier {
        case .electricity:
            self.init("active_energy_import", .joules, "active_power", .watts)
        case .heat, .districtCooling:
            self.init("heat_energy", .joules, "thermal_power", .watts)
        case .water:
            self.init("water_volume", .cubicMeters, "volume_flow", .cubicMetersPerSecond)
        case .naturalGas, .diesel:
            self.init("fuel_volume", .cubicMeters, "volume_flow", .cubicMetersPerSecond)
        }
    }

    private init(_ counter: String, _ counterUnit: PointUnit, _ rate: String, _ rateUnit: PointUnit) {
        self.counter = counter
        self.counterUnit = counterUnit
        self.rate = rate
        self.rateUnit = rateUnit
    }
}

extension MeterSource {
    /// Finds the points of a meter.
    ///
    /// - Returns: nil with what is wrong and what to do where the device has neither a register nor a rate.
    static func find(
        _ meter: MeterDescription,
        site: SiteDescription,
        factors: EnergyFactors
    ) -> (source: MeterSource?, problem: KPIProblem?) {
        let names = CarrierPoints(meter.carrier)
        let place = "meters: \(meter.device) at \(meter.place.rawValue)"
        let counts = factors.countsPerUnit(of: meter.carrier)
        func gap(_ index: PointIndex) -> Int64 {
            maximumGap(interval: site[index].interval, cycle: site.effectiveCycleInterval)
        }
        // A fuel's rating is a power, while its points count volume.
        let ratedCounts = meter.carrier == .water ? meter.ratedRate * counts : meter.ratedRate
        if let index = site.index(of: PointID(device: meter.device, point: names.counter)) {
            let point = site.mapPoint(index)
            guard point.baseUnit == names.counterUnit else {
                return (nil, .wrongUnit(place, point: names.counter, is: point.baseUnit, needs: names.counterUnit))
            }
            let limits = RegisterLimits(
                point,
                ratedCountsPerSecond: ratedCounts,
                countsPerUnit: counts,
                stampMilliseconds: stampMilliseconds(site)
            )
            return (
                MeterSource(
                    kind: .register(limits),
                    point: index,
                    pointName: names.counter,
                    countsPerUnit: counts,
                    maximumGap: gap(index)
                ), nil
            )
        }
        guard let index = site.index(of: PointID(device: meter.device, point: names.rate)) else {
            return (nil, .noPoint(place, counter: names.counter, rate: names.rate))
        }
        guard site[index].unit == names.rateUnit else {
            return (nil, .wrongUnit(place, point: names.rate, is: site[index].unit, needs: names.rateUnit))
        }
        return (
            MeterSource(
                kind: .rate(maximum: RegisterLimits.tolerance * ratedCounts),
                point: index,
                pointName: names.rate,
                countsPerUnit: counts,
                maximumGap: gap(index)
            ), nil
        )
    }
}

extension MeterSource {
    /// How much later than its value a sample may be stamped, in plant milliseconds.
    ///
    /// A register is read at some moment between request and reply, and stamped with the reply. After a slow one the
    /// next step looks that much too fast: by a second of wall time, the usual limit of a reply, which is a minute
    /// where plant time runs sixty times as fast.
    static func stampMilliseconds(_ site: SiteDescription) -> Int64 {
        Int64(min(site.simulation?.timeScale ?? 1, 3_600) * 1_000)
    }
}

extension RegisterLimits {
    /// The limits of a map's counter.
    init(_ point: MapPoint, ratedCountsPerSecond: Double, countsPerUnit: Double, stampMilliseconds: Int64) {
        var relative = 0.0
        var step = point.counter?.resolution
        switch point.type {
        case .float(bits: 16): relative = 0x1p-10
        case .float(bits: 32): relative = 0x1p-23
        case .float: relative = 0x1p-52
        default:
            // An integer register that states no step counts in its own scale.
            if step == nil, point.scaleFactorAddress == nil { step = (point.scale * point.unit.factor).magnitude }
        }
        self.init(
            ratedCountsPerSecond: ratedCountsPerSecond,
            rollover: point.counter?.rollover.flatMap { rollover in
                // What lies beyond 64 bits is not reached in the life of a meter.
                let counts = (rollover * countsPerUnit).rounded()
                return counts > 0 && counts < 4e18 ? Int64(counts) : nil
            },
            resolution: (step ?? 0) * countsPerUnit,
            relativeResolution: relative,
            isScaled: point.scaleFactorAddress != nil,
            stampMilliseconds: stampMilliseconds
        )
    }
}
