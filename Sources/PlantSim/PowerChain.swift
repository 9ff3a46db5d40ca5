// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// What one stage of the power chain loses: `rated * (a0 + a1 x + a2 x^2)` at load ratio `x = output / rated`.
package struct LossCurve: Hashable, Sendable {
    /// Output at full load.
    package let rating: Power
    /// The share of the rating lost at no load.
    package let noLoad: Double
    /// The share of the rating lost in proportion to load, at full load.
    package let linear: Double
    /// The share of the rating lost with the square of load, at full load.
    package let quadratic: Double

    package init(rating: Power, noLoad: Double, linear: Double, quadratic: Double) {
        self.rating = rating
        self.noLoad = noLoad
        self.linear = linear
        self.quadratic = quadratic
    }

    init(rating: Power, shares: (noLoad: Double, linear: Double, quadratic: Double)) {
        self.init(rating: rating, noLoad: shares.noLoad, linear: shares.linear, quadratic: shares.quadratic)
    }

    /// The loss in watts while the stage gives out `output` watts.
    package func loss(output: Double) -> Double {
        let ratio = output / rating.watts
        return rating.watts * (noLoad + linear * ratio + quadratic * ratio * ratio)
    }
}

/// What each make loses.
extension PowerChainVintage {
    /// Shares of the rating lost in a transformer: at no load, in proportion to load, with its square.
    var transformer: (noLoad: Double, linear: Double, quadratic: Double) {
        self == .legacy ? (0.003, 0, 0.012) : (0.0015, 0, 0.0085)
    }

    /// The same of the UPS.
    var uninterruptible: (noLoad: Double, linear: Double, quadratic: Double) {
        switch self {
        case .modern: (0.008, 0.012, 0.012)
        case .ecoMode: (0.003, 0.002, 0.004)
        case .legacy: (0.030, 0.035, 0.050)
        }
    }

    /// The same of PDUs and busways.
    var distribution: (noLoad: Double, linear: Double, quadratic: Double) {
        self == .legacy ? (0.010, 0, 0.025) : (0.002, 0, 0.010)
    }
}

/// Everything electrical over one step, in watts: transformer, UPS, distribution, racks, cooling, auxiliaries.
package struct PowerFlows: Hashable, Sendable {
    package var informationTechnology = 0.0
    package var distributionLoss = 0.0
    package var uninterruptibleLoss = 0.0
    package var cooling = 0.0
    /// What only upgrades waste heat: heat pumps and the recovery pump.
    package var heatUpgrade = 0.0
    package var auxiliary = 0.0
    package var transformerLoss = 0.0

    package init() {}

    /// What leaves the UPS: the racks and what PDUs and busways lose.
    package var uninterruptibleOutput: Double { informationTechnology + distributionLoss }

    /// What crosses the site's boundary.
    package var boundary: Double {
        uninterruptibleOutput + uninterruptibleLoss + cooling + heatUpgrade + auxiliary + transformerLoss
    }
}

/// The power chain from the boundary to the racks, each stage as one lump.
package struct PowerChain: Sendable {
    package let transformer: LossCurve
    package let uninterruptible: LossCurve
    package let distribution: LossCurve
    package let auxiliary: Power
    /// What is lost for each watt of the racks, in place of the curves; nil where these count.
    private let lossShare: Double?

    package init(_ description: ElectricalDescription, vintage: PowerChainVintage? = nil) {
        let vintage = vintage ?? description.vintage
        transformer = LossCurve(rating: description.transformerRating, shares: vintage.transformer)
        uninterruptible = LossCurve(rating: description.uninterruptibleRating, shares: vintage.uninterruptible)
        distribution = LossCurve(rating: description.distributionRating, shares: vintage.distribution)
        auxiliary = description.auxiliary
        lossShare = description.lossShare?.fraction
    }

    /// All flows while the racks draw `racks` watts and cooling takes `coolingShare` of what enters the UPS.
    package func flows(racks: Double, coolingShare: Double) -> PowerFlows {
        let conditioned = conditioned(racks: racks)
        let cooling = coolingShare * (conditioned.uninterruptibleOutput + conditioned.uninterruptibleLoss)
        return flows(racks: racks, cooling: cooling, heatUpgrade: 0)
    }

    /// All flows while racks, cooling and heat upgrade draw so many watts.
    package func flows(racks: Double, cooling: Double, heatUpgrade: Double) -> PowerFlows {
        var flows = conditioned(racks: racks)
        flows.cooling = cooling
        flows.heatUpgrade = heatUpgrade
        flows.auxiliary = auxiliary.watts
        flows.transformerLoss = lossShare == nil ? transformer.loss(output: flows.boundary) : 0
        return flows
    }

    /// The part behind the UPS's input, whose losses warm the rooms that air handlers cool.
    func conditioned(racks: Double) -> PowerFlows {
        var flows = PowerFlows()
        flows.informationTechnology = racks
        if let lossShare {
            flows.uninterruptibleLoss = lossShare * racks
            return flows
        }
        flows.distributionLoss = distribution.loss(output: racks)
        flows.uninterruptibleLoss = uninterruptible.loss(output: flows.uninterruptibleOutput)
        return flows
    }
}

extension ElectricalDescription {
    /// Ratings with usual reserve for racks of this nominal power: what a site that says nothing gets.
    static func sized(for racks: Power) -> ElectricalDescription {
        ElectricalDescription(
            transformerRating: racks * 1.5,
            uninterruptibleRating: racks * 1.2,
            distributionRating: racks * 1.25,
            auxiliary: racks * 0.004
        )
    }
}
