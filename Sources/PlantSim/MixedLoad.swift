// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
package import Thermo

/// Training and inference on the same racks: the mean of both, weighted by the share of accelerators that train.
package struct MixedLoad: Sendable {
    private let trainingShare: Double
    private var training: TrainingLoad
    private var inference: InferenceLoad

    /// - Parameters:
    ///   - trainingShare: Share of the accelerators that train, moved into 0...1.
    ///   - zoneOffset: How far local time is ahead of UTC.
    ///   - random: The generator of both courses.
    package init(trainingShare: Ratio, zoneOffset: Duration = .zero, random: SplitMix64) {
        self.trainingShare = min(max(trainingShare.fraction, 0), 1)
        var source = random
        training = TrainingLoad(random: SplitMix64(seed: source.next()))
        inference = InferenceLoad(zoneOffset: zoneOffset, random: SplitMix64(seed: source.next()))
    }

    /// Moves on by `dt` seconds to plant time `time`.
    ///
    /// - Returns: the mean utilisation over the step, 0...1.
    package mutating func step(to time: Timestamp, dt: Double) -> Double {
        let ofTraining = training.step(dt: dt)
        let ofInference = inference.step(to: time, dt: dt)
        return trainingShare * ofTraining + (1 - trainingShare) * ofInference
    }
}

/// What the racks of a site work on.
package enum LoadProfile: Sendable {
    /// A share of the racks trains, the others serve inference: ``FacilitySettings/trainingShare``.
    case byRack
    /// Every rack does both.
    case mixed(trainingShare: Ratio)
    /// Every rack follows a recorded course.
    case trace(LoadTrace)
}
