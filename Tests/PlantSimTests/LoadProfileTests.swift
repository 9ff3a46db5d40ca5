// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing

struct LoadProfileTests {
    /// The envelope a facility sees of a synchronous job: mean 0.90, dips to 0.5-0.6, idle at 0.15.
    @Test(arguments: [UInt64(1), 2, 3])
    func trainingStaysNearFullLoadWithDipsAndPauses(seed: UInt64) {
        var load = TrainingLoad(random: SplitMix64(seed: seed))
        let values = (0..<30 * 8_640).map { _ in load.step(dt: 10) }
        #expect(values.allSatisfy { (0.15 - 1e-12...0.93 + 1e-12).contains($0) })
        #expect(abs(mean(values) - 0.90) < 0.01)
        #expect(values.contains { (0.5...0.6).contains($0) })
        #expect(values.contains { abs($0 - 0.15) < 1e-12 })
    }

    @Test func checkpointsComeEveryTenToSixtyMinutes() {
        var load = TrainingLoad(random: SplitMix64(seed: 4))
        var previous = 1.0
        var starts: [Int] = []
        for second in 0..<100_000 {
            let value = load.step(dt: 1)
            if previous >= 0.7, value < 0.7 { starts.append(second) }
            previous = value
        }
        let gaps = zip(starts.dropFirst(), starts).map { $0 - $1 }
        #expect(gaps.count > 20)
        #expect(gaps.allSatisfy { (600...3_700).contains($0) })
    }

    /// Piecewise linear, so the mean over a long step is the mean of the short ones.
    @Test func trainingIsExactInItsStep() {
        var coarse = TrainingLoad(random: SplitMix64(seed: 9))
        var fine = coarse
        for _ in 0..<2_000 {
            let whole = coarse.step(dt: 60)
            let parts = (0..<60).map { _ in fine.step(dt: 1) }
            #expect(abs(whole - mean(parts)) < 1e-9)
        }
    }

    @Test(arguments: [
        (3.0, 0.45), (14.0, 0.85), (18.0, 0.85), (21.9, 0.85), (10.0, 0.65), (0.0, 0.65),
    ])
    func inferenceFollowsTheDay(hour: Double, utilisation: Double) {
        // 2026-03-04 was a Wednesday.
        let wednesday = CalendarTime(year: 2026, month: 3, day: 4).timestamp + .seconds(hour * 3_600)
        #expect(abs(InferenceLoad.dailyCourse(localTime: wednesday) - utilisation) < 1e-9)
    }

    @Test func inferenceIsTenPercentLowerAtWeekends() {
        let noon = (1...7).map { day in
            InferenceLoad.dailyCourse(localTime: CalendarTime(year: 2026, month: 3, day: day, hour: 16).timestamp)
        }
        // 2026-03-01 was a Sunday, 2026-03-07 a Saturday.
        #expect(noon.map { $0 < 0.8 } == [true, false, false, false, false, false, true])
        #expect(abs(noon[0] / noon[1] - 0.9) < 1e-12)
    }

    @Test func inferenceWandersAboutItsCourse() {
        var load = InferenceLoad(random: SplitMix64(seed: 3))
        var time = CalendarTime(year: 2026, month: 3, day: 2).timestamp
        var errors: [Double] = []
        for _ in 0..<5 * 1_440 {
            time = time + .seconds(60)
            let value = load.step(to: time, dt: 60)
            errors.append(value - InferenceLoad.dailyCourse(localTime: time - .seconds(30)))
        }
        #expect(abs(mean(errors)) < 0.01)
        #expect((0.02...0.04).contains(deviation(errors)))
    }
}
