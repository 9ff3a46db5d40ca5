// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// The sums of meters that key figures are made of.
struct MeterTree {
    /// A meter's part in a sum, by its position in the site.
    struct Part {
        let meter: Int
        let weight: Double
    }

    /// A sum of meters, or what the site lacks to make it.
    struct Total {
        var parts: [Part]
        var lack: String?

        static func - (left: Total, right: Total) -> Total {
            let negated = right.parts.map { Part(meter: $0.meter, weight: -$0.weight) }
            return Total(parts: left.parts + negated, lack: left.lack ?? right.lack)
        }
    }

    let site: SiteDescription
    let factors: EnergyFactors

    /// All energy that crosses the boundary inward: meters at the boundary and the site's own generators.
    ///
    /// Electricity and fuel count in full, bought cooling with what its production uses (EN 50600-4-2, clause 5.2).
    var facility: Total {
        var total = sum([.boundary, .generator])
        if !site.meters.contains(where: { $0.place == .boundary }) { total.lack = lack(.boundary) }
        guard site.meters.contains(where: { $0.place == .boundary && $0.carrier == .districtCooling }) else {
            return total
        }
        guard let share = factors.boughtCoolingShare else {
            total.lack = "bought cooling crosses the boundary, and the factor of the system that makes it is not set"
            return total
        }
        total.parts = total.parts.map { part in
            site.meters[part.meter].carrier == .districtCooling
                ? Part(meter: part.meter, weight: part.weight * share) : part
        }
        return total
    }

    /// Grid electricity at the boundary.
    var gridElectricity: Total {
        var total = sum([.boundary])
        total.parts.removeAll { site.meters[$0.meter].carrier != .electricity }
        if total.parts.isEmpty { total.lack = "the site has no electricity meter at boundary; add one under meters" }
        return total
    }

    /// Whether energy other than grid electricity crosses the boundary.
    var hasOtherCarriers: Bool {
        site.meters.contains { $0.place == .generator || ($0.place == .boundary && $0.carrier != .electricity) }
    }

    /// Energy of the IT equipment where a measuring category reads it.
    func informationTechnology(category: Int) -> Total { required(Self.place(ofCategory: category)) }

    /// Heat handed to whoever reuses it, less what of it comes back as cooling (ISO/IEC 30134-6).
    var reuse: Total { required(.heatHandOff) - sum([.heatReturned]) }

    /// The sum of the meters at one place, of which there must be one.
    func required(_ place: MeterPlace) -> Total {
        var total = sum([place])
        if total.parts.isEmpty { total.lack = lack(place) }
        return total
    }

    /// Where the IT energy of a measuring category is read (EN 50600-4-2).
    static func place(ofCategory category: Int) -> MeterPlace {
        switch category {
        case 1: .upsOutput
        case 2: .pduOutput
        default: .itInput
        }
    }

    private func sum(_ places: [MeterPlace]) -> Total {
        let parts = site.meters.enumerated().compactMap { position, meter in
            places.contains(meter.place) ? Part(meter: position, weight: Double(meter.sign)) : nil
        }
        return Total(parts: parts, lack: nil)
    }

    private func lack(_ place: MeterPlace) -> String {
        "the site has no meter at \(place.rawValue); add one under meters"
    }
}

extension Indicator {
    /// An indicator as the fraction of two totals.
    init(
        _ name: KPIName,
        category: Int? = nil,
        _ numerator: MeterTree.Total,
        over denominator: MeterTree.Total,
        factor: Double = 1,
        validRange: ClosedRange<Double>,
        remark: String = "",
        lack: String? = nil,
        tree: MeterTree
    ) {
        var meters: [Int] = []
        func terms(_ total: MeterTree.Total) -> [Term] {
            total.parts.map { part in
                let position = meters.firstIndex(of: part.meter) ?? meters.count
                if position == meters.count { meters.append(part.meter) }
                let meter = tree.site.meters[part.meter]
                return Term(
                    position: position,
                    weight: part.weight,
                    ratedCountsPerSecond: meter.carrier == .water ? meter.ratedRate * 1e6 : meter.ratedRate
                )
            }
        }
        self.name = name
        self.category = category
        boundary = tree.site.kpis.boundary
        self.numerator = terms(numerator)
        self.denominator = terms(denominator)
        self.meters = meters
        devices = meters.map { tree.site.meters[$0].device }
        self.factor = factor
        self.validRange = validRange
        self.remark = remark
        self.lack = lack ?? numerator.lack ?? denominator.lack
    }

    /// All indicators of a site, in the order they are published: the main PUE first, then its other categories.
    package static func all(for site: SiteDescription, factors: EnergyFactors = EnergyFactors()) -> [Indicator] {
        let tree = MeterTree(site: site, factors: factors)
        let main = site.kpis.category
        let others = (1...3).filter { category in
            category != main && site.meters.contains { $0.place == MeterTree.place(ofCategory: category) }
        }
        return ([main] + others).map { powerUsageEffectiveness(tree, category: $0) } + [
            waterUsageEffectiveness(tree, category: main),
            energyReuseFactor(tree),
            energyReuseEffectiveness(tree, category: main),
            carbonUsageEffectiveness(tree, category: main),
            renewableEnergyFactor(tree),
            coolingEfficiencyRatio(tree),
        ]
    }
}
