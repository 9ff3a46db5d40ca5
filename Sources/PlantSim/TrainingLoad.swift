// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The envelope of a synchronous training job as the facility sees it, as a utilisation of 0...1.
///
/// Compute near full load, a dip at each checkpoint, and now and then the end or loss of the job with a pause until the
/// next. The swing inside one iteration (0.2-3 Hz) is too fast for the plant and left out. Every course is piecewise
/// linear, so ``step(dt:)`` is exact in dt.
package struct TrainingLoad: Sendable {
    /// A straight line in time.
    private struct Stretch {
        var from: Double
        var to: Double
        /// How long it lasts, in seconds.
        var seconds: Double
    }

    private enum Phase { case computing, checkpoint, idle }

    private var random: SplitMix64
    private var phase: Phase
    private var stretches: [Stretch]
    /// Seconds already spent in the first stretch.
    private var elapsed: Double
    /// Seconds left until the job ends.
    private var jobRemaining: Double

    /// The utilisation at this moment, 0...1.
    package var utilisation: Double {
        guard let stretch = stretches.first, stretch.seconds > 0 else { return stretches.first?.to ?? 0 }
        return stretch.from + (stretch.to - stretch.from) * elapsed / stretch.seconds
    }

    /// Starts in the middle of a running job.
    package init(random: SplitMix64) {
        self.random = random
        phase = .computing
        elapsed = 0
        let level = self.random.uniform(0.89...0.93)
        stretches = [Stretch(from: level, to: level, seconds: self.random.uniform(60...2_100))]
        jobRemaining = self.random.uniform(3_600...200_000)
    }

    /// Moves on by `dt` seconds.
    ///
    /// - Returns: the mean utilisation over the step, 0...1; the present one where dt is zero.
    package mutating func step(dt: Double) -> Double {
        guard dt > 0 else { return utilisation }
        var remaining = dt
        var area = 0.0
        while remaining > 0 {
            guard let stretch = stretches.first else {
                enterNextPhase()
                continue
            }
            let slice = min(remaining, stretch.seconds - elapsed)
            let before = utilisation
            elapsed += slice
            area += slice * (before + utilisation) / 2
            remaining -= slice
            if elapsed >= stretch.seconds {
                stretches.removeFirst()
                elapsed = 0
                if stretches.isEmpty { enterNextPhase(at: stretch.to) }
            }
        }
        jobRemaining -= dt
        return area / dt
    }

    private mutating func enterNextPhase(at level: Double = 0) {
        switch phase {
        case .computing where jobRemaining <= 0:
            phase = .idle
            let pause = random.uniform(180...1_200)
            begin(from: level, to: 0.15, ramp: random.uniform(2...10), hold: pause)
        case .computing:
            phase = .checkpoint
            begin(from: level, to: random.uniform(0.5...0.6), ramp: 1, hold: random.uniform(5...60))
        case .checkpoint:
            phase = .computing
            begin(from: level, to: random.uniform(0.89...0.93), ramp: 2, hold: random.uniform(600...3_600))
        case .idle:
            phase = .computing
            jobRemaining = random.uniform(28_800...259_200)
            let ramp = random.uniform(10...20)
            begin(from: level, to: random.uniform(0.89...0.93), ramp: ramp, hold: random.uniform(600...3_600))
        }
    }

    private mutating func begin(from: Double, to: Double, ramp: Double, hold: Double) {
        stretches = [Stretch(from: from, to: to, seconds: ramp), Stretch(from: to, to: to, seconds: hold)]
    }
}
