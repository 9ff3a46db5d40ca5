// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// What one step of the engine gives.
package struct KPIOutputs: Sendable {
    /// One per meter, in site order.
    package let totals: [MeterTotal]
    /// Every indicator over every window, windows from the shortest.
    ///
    /// Indicators stand in the order of ``Indicator/all(for:factors:)``.
    package let results: [KPIResult]
    /// One per rack of the plant, in site order.
    package let racks: [RackPower]
    /// What happened to the meters in this step.
    package let events: [Event]
}
