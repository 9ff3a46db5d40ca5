// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Testing

@Suite("Write supervision of one point")
struct WriteStateTests {
    static let start = CycleTestPlant.start

    private let points = ControlledPoints(site: CycleTestPlant.site)

    private func point(_ device: String, _ name: String) -> ControlledPoint {
        points.points[CycleTestPlant.slot(points, device, name)]
    }

    /// Runs a point cycle by cycle; the device takes what is sent and confirms it one cycle later.
    private struct Bench {
        let point: ControlledPoint
        var state = PointWriteState()
        var time = WriteStateTests.start
        var shown: Double
        var isLinkUp = true
        var isAnswering = true
        var result = WriteOutcome.Result.confirmed
        var sent: [(seconds: Double, value: Double)] = []
        var observations: [WriteObservation] = []
        private var outcome: WriteOutcome?

        init(_ point: ControlledPoint, shown: Double) {
            self.point = point
            self.shown = shown
        }

        mutating func run(
            to seconds: Double,
            _ target: Double,
            hard: AllowedValues? = nil,
            isUrgent: Bool = false,
            dt: Duration = .seconds(1)
        ) {
            while (time - WriteStateTests.start).inSeconds < seconds {
                time = time + dt
                if let outcome { _ = state.record(outcome) }
                outcome = nil
                _ = state.expirePending(point, at: time)
                let reading = Reading(value: shown, sourceTime: time)
                let observation = state.observe(point, reading, isLinkUp: isLinkUp)
                if observation != .asExpected { observations.append(observation) }
                let intent = WriteIntent(value: target, hard: hard ?? point.range, isUrgent: isUrgent)
                guard isLinkUp, let value = state.due(point, intent, reading: reading, at: time, dt: dt) else {
                    continue
                }
                state.markSent(value, at: time)
                sent.append(((time - WriteStateTests.start).inSeconds, value))
                if result == .confirmed { shown = value }
                guard isAnswering else { continue }
                outcome = WriteOutcome(
                    point: point.id,
                    value: value,
                    readBack: result == .confirmed ? value : nil,
                    result: result,
                    detail: "scripted",
                    time: time,
                    durationSeconds: 0.01
                )
            }
        }
    }

    @Test("a value the device already holds is not written")
    func unchanged() {
        var bench = Bench(point("chiller-1", PointName.enableCommand), shown: 1)
        bench.run(to: 3_600, 1)
        #expect(bench.sent.isEmpty)
    }

    @Test("an enable jumps, is written once, and is not repeated")
    func enable() {
        var bench = Bench(point("chiller-1", PointName.enableCommand), shown: 0)
        bench.run(to: 3_600, 1)
        #expect(bench.sent.map(\.value) == [1])
    }

    @Test("a water setpoint moves by half a kelvin in five minutes, in steps of a tenth")
    func slew() {
        var bench = Bench(point("chiller-1", PointName.chilledWaterSetpoint), shown: 18)
        bench.run(to: 300, 20)
        #expect(bench.sent.map(\.value).allSatisfy { $0 <= 18.5 + 1e-9 })
        #expect(bench.sent.count == 5)
        bench.run(to: 1_300, 20)
        #expect(abs((bench.sent.last?.value ?? 0) - 20) < 1e-6)
        let steps = zip(bench.sent, bench.sent.dropFirst()).map { $1.value - $0.value }
        #expect(steps.allSatisfy { abs($0) < 0.102 })
    }

    @Test("a speed rises at once, falls by five per cent a minute, and skips what no fan can turn at")
    func speed() {
        var bench = Bench(point("tower-1", PointName.fanSpeedCommand), shown: 0.2)
        bench.run(to: 10, 1)
        #expect(bench.sent.map(\.value) == [1])
        bench.run(to: 250, 0)
        #expect(abs((bench.sent.last?.value ?? 0) - 0.8) < 0.011)
        bench.run(to: 2_000, 0)
        #expect(bench.sent.last?.value == 0)
        #expect(bench.sent.map(\.value).allSatisfy { $0 == 0 || $0 >= 0.2 })
        let falls = zip(bench.sent, bench.sent.dropFirst()).map { $0.value - $1.value }.filter { $0 > 0 }
        #expect(falls.dropLast().allSatisfy { $0 < 0.012 })
    }

    @Test("what safety demands does not wait for the ramp")
    func safetyJumps() {
        var bench = Bench(point("cdu-1", PointName.coolantSupplyTemperatureSetpoint), shown: 27)
        bench.run(to: 10, 27)
        bench.run(to: 12, 27, hard: .interval(29...45))
        #expect(bench.shown == 29)
        bench.run(to: 20, 40, hard: .interval(29...45), isUrgent: true)
        #expect(bench.shown == 40)
    }

    @Test("a lease is taken at once and refreshed before a third of it has passed", arguments: [1.0, 3, 10])
    func lease(step: Double) {
        var bench = Bench(point("cdu-1", PointName.coolantSupplyTemperatureSetpoint), shown: 32)
        bench.run(to: 1_200, 32, dt: .seconds(step))
        #expect(bench.sent.first?.seconds == step)
        let gaps = zip(bench.sent, bench.sent.dropFirst()).map { $1.seconds - $0.seconds }
        #expect(gaps.allSatisfy { $0 <= 40 && $0 >= 40 - 2 * step })
        #expect(!gaps.isEmpty)
    }

    @Test("a value in worn memory changes at most every quarter of an hour")
    func stored() {
        var bench = Bench(point("crah-1", PointName.supplyAirTemperatureSetpoint), shown: 24)
        bench.run(to: 3_600, 27)
        let gaps = zip(bench.sent, bench.sent.dropFirst()).map { $1.seconds - $0.seconds }
        #expect(bench.sent.count >= 3)
        #expect(gaps.allSatisfy { $0 >= 900 })
    }

    @Test("two failed writes stop the point", arguments: [WriteOutcome.Result.refused, .notTaken, .noReply, .blocked])
    func failures(result: WriteOutcome.Result) {
        var bench = Bench(point("chiller-1", PointName.enableCommand), shown: 0)
        bench.result = result
        bench.run(to: 600, 1)
        #expect(bench.sent.count == 2)
        #expect(bench.sent.count == 2 && bench.sent[1].seconds - bench.sent[0].seconds >= 10)
        guard case .writesFailed(let detail, _) = bench.state.hold else {
            Issue.record("the point is not stopped")
            return
        }
        #expect(detail == "scripted")
    }

    @Test("one failure between successes stops nothing")
    func oneFailure() {
        var bench = Bench(point("chiller-1", PointName.enableCommand), shown: 0)
        bench.result = .noReply
        bench.run(to: 3, 1)
        bench.result = .confirmed
        bench.run(to: 60, 1)
        #expect(bench.sent.map(\.value) == [1, 1])
        #expect(bench.state.hold == nil && bench.state.failures == 0)
    }

    @Test("a write whose outcome never comes counts as failed")
    func lostOutcome() {
        var bench = Bench(point("chiller-1", PointName.enableCommand), shown: 0)
        bench.isAnswering = false
        bench.run(to: 1_000, 1)
        #expect(bench.sent.count == 2)
        #expect(bench.state.isBlocked)
    }

    @Test("a value changed at the device puts the point in hand, and it is left alone")
    func inHand() {
        var bench = Bench(point("chiller-1", PointName.chilledWaterSetpoint), shown: 18)
        bench.run(to: 100, 18.2)
        bench.run(to: 400, 18.2)
        bench.shown = 15
        let sent = bench.sent.count
        bench.run(to: 800, 19)
        #expect(bench.observations == [.takenInHand(value: 15)])
        #expect(bench.sent.count == sent)
        #expect(bench.shown == 15)
    }

    @Test("a change of what was only taken over, never written, is noticed too")
    func inHandAdopted() {
        var bench = Bench(point("chiller-1", PointName.chilledWaterSetpoint), shown: 18)
        bench.run(to: 100, 18)
        bench.shown = 12
        bench.run(to: 110, 18)
        #expect(bench.observations == [.takenInHand(value: 12)])
        #expect(bench.sent.isEmpty)
    }

    @Test("one odd reading is no proof of a hand")
    func oddReading() {
        var bench = Bench(point("chiller-1", PointName.chilledWaterSetpoint), shown: 18)
        bench.run(to: 100, 18)
        bench.shown = 12
        bench.run(to: 101, 18)
        bench.shown = 18
        bench.run(to: 400, 18)
        #expect(bench.observations.isEmpty)
    }

    @Test("a device that fell back to its home value is taken over again, the second time it is in hand")
    func reversion() {
        var bench = Bench(point("tower-1", PointName.fanSpeedCommand), shown: 0.5)
        bench.run(to: 60, 0.5)
        bench.shown = 1
        bench.run(to: 70, 0.5)
        #expect(bench.observations == [.revertedToHome])
        #expect(bench.state.hold == nil)
        bench.run(to: 800, 0.5)
        #expect(bench.shown == 0.5)
        bench.shown = 1
        bench.run(to: 820, 0.5)
        #expect(bench.observations == [.revertedToHome, .revertedToHome], "long after the first time")
        bench.run(to: 1_350, 0.5)
        bench.shown = 1
        bench.run(to: 1_360, 0.5)
        #expect(bench.observations.last == .takenInHand(value: 1))
    }

    @Test("a device that restarted behind a link that stayed up is taken over again, the second time it is in hand")
    func restart() {
        var bench = Bench(point("chiller-1", PointName.chilledWaterSetpoint), shown: 18)
        bench.run(to: 60, 18)
        bench.shown = 7
        bench.run(to: 70, 18)
        #expect(bench.observations == [.revertedToHome])
        #expect(bench.state.hold == nil)
        bench.run(to: 275, 18)
        #expect(bench.shown > 7, "it is on its way back, from what the device shows")
        bench.shown = 7
        bench.run(to: 285, 18)
        #expect(bench.observations.last == .takenInHand(value: 7))
    }

    @Test("a chiller that a blink of its supply switched off is enabled again")
    func restartOfChiller() {
        var bench = Bench(point("chiller-1", PointName.enableCommand), shown: 1)
        bench.run(to: 60, 1)
        bench.shown = 0
        bench.run(to: 64, 1)
        #expect(bench.observations == [.revertedToHome])
        #expect(bench.sent.map(\.value) == [1])
        #expect(bench.shown == 1)
    }

    @Test("after a broken link the point starts again from what the device shows, without a bump")
    func brokenLink() {
        var bench = Bench(point("chiller-1", PointName.chilledWaterSetpoint), shown: 18)
        bench.run(to: 1_500, 20)
        bench.isLinkUp = false
        bench.run(to: 1_600, 20)
        bench.shown = 12
        bench.isLinkUp = true
        let sent = bench.sent.count
        bench.run(to: 1_800, 20)
        #expect(bench.observations == [.readopted])
        #expect(bench.state.hold == nil)
        #expect(abs((bench.sent.dropFirst(sent).first?.value ?? 0) - 12.1) < 0.01)
    }

    @Test("after a hand-back nothing is refreshed, and the next command starts from what the device shows")
    func handBack() {
        var bench = Bench(point("cdu-1", PointName.coolantSupplyTemperatureSetpoint), shown: 32)
        bench.run(to: 100, 32)
        bench.state.handBack()
        #expect(bench.state.isIdle)
        bench.shown = 30
        bench.run(to: 101, 32)
        #expect(abs((bench.sent.last?.value ?? 0) - 30) < 0.01)
    }

    @Test("nothing is sent while the device shows nothing")
    func silentDevice() {
        var state = PointWriteState()
        let point = point("chiller-1", PointName.enableCommand)
        let intent = WriteIntent(value: 1, hard: point.range)
        let bad = Reading.bad(.timeout, at: Self.start)
        #expect(state.due(point, intent, reading: bad, at: Self.start, dt: .seconds(1)) == nil)
        let urgent = WriteIntent(value: 1, hard: point.range, isUrgent: true)
        #expect(state.due(point, urgent, reading: bad, at: Self.start, dt: .seconds(1)) == 1)
    }
}
