// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

extension ImmersionTankRating {
    init(_ equipment: ImmersionTankDescription) {
        self.init(
            id: equipment.id,
            capacity: equipment.capacity,
            approach: equipment.approach,
            supplySetpoint: equipment.coolantSupplySetpoint
        )
        if let power = equipment.pumpPower { pumpPower = power }
    }
}
