// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// What came out for one point, and who bound it.
package struct PointVerdict: Hashable, Sendable {
    /// The value the point shall take, in its base unit.
    package var value: Double
    /// Who moved the wish, strongest first; empty where it passed.
    package var boundBy: [Binding]
    /// What safety and equipment protection leave: a ramp toward ``value`` must stay inside.
    package let hard: AllowedValues
    /// Whether the value is the point's safety value and must not wait for a ramp.
    package var isUrgent: Bool
}

/// Narrows one wish, layer by layer.
///
/// The rest starts as the device's write range. Safety, equipment protection, operator and optimiser, in this
/// order, may each only shrink it, and the wish is moved to the nearest value of what is left.
///
/// - Two safety limits that exclude each other: the earlier one holds, and the rest becomes its value nearest to the
///   later one. So safety always leaves something.
/// - A weaker layer that leaves nothing: the point takes its safety value, the fail-safe value inside what safety
///   leaves.
/// - A wish that is no finite number counts as absent: the safety value again.
package enum PointArbiter {
    /// The reason recorded where the device's own write range moved a wish.
    package static let writeRangeCode = "device_write_range"

    /// Arbitrates one point.
    ///
    /// - Parameters:
    ///   - wish: what somebody wants, in the point's base unit.
    ///   - range: what the device's map lets be written.
    ///   - failSafe: what the point falls back to, in its base unit; moved inside what safety leaves.
    ///   - limits: every limit on this point, in any order; inside a layer the order given counts.
    /// - Returns: the value with all that bound it.
    package static func arbitrate(
        wish: Double,
        range: AllowedValues,
        failSafe: Double,
        limits: [PointLimit]
    ) -> PointVerdict {
        var bindings: [Binding] = []
        if !range.contains(wish) {
            bindings.append(Binding(layer: .equipmentProtection, reason: outsideRange(wish)))
        }
        var safety = range
        var hard = range
        var rest: AllowedValues? = range
        if !limits.isEmpty {
            for rank in ArbitrationLayer.ranks {
                for position in limits.indices where limits[position].layer.rank == rank {
                    let allowed = limits[position].allowed
                    if !allowed.contains(wish) {
                        bindings.append(Binding(layer: limits[position].layer, reason: limits[position].reason))
                    }
                    guard let now = rest else { continue }
                    rest = now.intersected(with: allowed)
                    if rank == 0 {
                        safety = rest ?? now.collapsed(toward: allowed)
                        rest = safety
                    }
                    if rank <= 1 { hard = rest ?? safety }
                }
                if rank == 0 { hard = safety }
            }
        }
        guard let rest, wish.isFinite else {
            return PointVerdict(value: safety.projected(failSafe), boundBy: bindings, hard: safety, isUrgent: true)
        }
        return PointVerdict(value: rest.projected(wish), boundBy: bindings, hard: hard, isUrgent: false)
    }

    private static func outsideRange(_ wish: Double) -> Reason {
        let text =
            wish.isFinite
            ? "the device takes no such value; its map's write range holds" : "the wish was not a number"
        return Reason(code: writeRangeCode, text: text)
    }
}

extension ArbitrationLayer {
    /// Every ``rank``, strongest first.
    fileprivate static let ranks = 0...3

    /// The place of the layer, strongest first: 0 for safety, 1 for equipment protection.
    fileprivate var rank: Int {
        switch self {
        case .safety: 0
        case .equipmentProtection: 1
        case .operator: 2
        case .optimiser: 3
        }
    }
}
