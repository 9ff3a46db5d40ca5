// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// One control loop of the site with the parameters the site sets; what it leaves out has the product's default.
package struct LoopDescription: Hashable, Sendable {
    package let id: String
    package let kind: LoopKind
    /// Parameter values the site sets, in the order of the file; names and units are those of the loop's documentation.
    package let parameters: [LoopParameter]

    package init(id: String, kind: LoopKind, parameters: [LoopParameter] = []) {
        self.id = id
        self.kind = kind
        self.parameters = parameters
    }
}

/// One named number that a site sets for a loop.
package struct LoopParameter: Hashable, Sendable {
    package let name: String
    /// The value, in the unit the parameter's name ends with.
    package let value: Double

    package init(name: String, value: Double) {
        self.name = name
        self.value = value
    }
}

/// The control loops there are.
package enum LoopKind: String, CaseIterable, Sendable, Codable {
    case waterEconomizer = "water_economizer"
    case chillerStaging = "chiller_staging"
    case coolingTower = "cooling_tower"
    case coolantSupply = "coolant_supply"
    case heatExport = "heat_export"
}
