// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// What keeps a machine with a compressor from running, other than its own protections.
package enum MachineFault: Hashable, Sendable {
    /// A protection holds it tripped, and it says so.
    case tripped
    /// It ignores its enable, or has no power.
    case stands
}

extension MachineSequence {
    /// What the start sequence is given for an enable, with a fault; trips the machine where that is the fault.
    mutating func isEnabled(_ isEnabled: Bool, _ fault: MachineFault?) -> Bool {
        switch fault {
        case nil: return isEnabled
        case .stands: return false
        case .tripped:
            if status != .tripped { trip() }
            // A trip that is held does not clear by disabling the machine.
            return true
        }
    }
}
