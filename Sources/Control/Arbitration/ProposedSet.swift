// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// One value per slot that shall hold in the plant at the same time; nil where nobody commands the point.
package struct ProposedSet: Hashable, Sendable {
    /// By slot, in the base unit of each point.
    package var values: [Double?]

    package init(slots: Int) { values = Array(repeating: nil, count: slots) }

    package init(values: [Double?]) { self.values = values }

    package subscript(slot: Int) -> Double? {
        get { values[slot] }
        set { values[slot] = newValue }
    }
}

/// Something that moves: what is proposed for it, else what its device holds now.
struct Actuator: Sendable {
    let slot: Int?
    let index: PointIndex

    init?(_ site: SiteDescription, _ points: ControlledPoints, equipment: String?, _ point: String) {
        guard let equipment, let index = site.index(equipment: equipment, point) else { return nil }
        self.index = index
        slot = points.slot(of: index)
    }

    /// The value that will hold, in the point's base unit; nil where nobody proposes one and the device is silent.
    func value(_ set: ProposedSet, _ image: ProcessImage) -> Double? {
        if let slot, let proposed = set[slot] { return proposed }
        return image[index].usableValue
    }

    /// What the device holds now, in the point's base unit.
    func present(_ image: ProcessImage) -> Double? { image[index].usableValue }
}
