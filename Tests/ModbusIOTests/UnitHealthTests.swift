// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

/// The state of one unit id, driven by events.
@Suite struct UnitHealthTests {
    enum Step: Sendable {
        case reply
        case refusal
        case failure
    }

    @Test(arguments: [
        ([Step](), DeviceStatus.Link.connecting), ([.reply], .up), ([.failure], .connecting),
        ([.reply, .failure], .degraded),
        ([.reply, .failure, .failure], .down), ([.failure, .failure, .reply], .up), ([.reply, .refusal], .degraded),
        ([.refusal, .reply], .up), ([.failure, .refusal, .failure], .connecting),
        ([.failure, .failure, .refusal], .degraded),
        ([.failure, .reply, .failure], .degraded),
    ])
    func linkFollowsWhatHappened(_ steps: [Step], _ link: DeviceStatus.Link) {
        var health = UnitHealth()
        for step in steps {
            switch step {
            case .reply: health.replied()
            case .refusal: health.refused(.deviceBusy)
            case .failure: health.failed(.timeout, at: at(1_000), interval: milliseconds(500))
            }
        }
        #expect(health.link == link)
        #expect(health.probeAt == (link == .down ? at(1_500) : nil))
    }

    @Test func anAnswerTellsWhetherTheUnitWasDown() {
        var health = UnitHealth()
        let answers = [health.replied(), health.refused(.deviceBusy)]
        health.failed(.timeout, at: at(0), interval: 1)
        health.failed(.timeout, at: at(0), interval: 1)
        #expect(answers == [false, false] && health.replied())
        #expect(health.cause == .none && health.failures == 0)
    }
}

@Suite struct ResponseHistoryTests {
    @Test(arguments: 0..<20) func aTimeOutNeverLeavesItsBounds(_ seed: UInt64) {
        var random = TestGenerator(seed: seed)
        let floor = Int64.random(in: 1...milliseconds(500), using: &random)
        var history = ResponseHistory(floor: floor, ceiling: milliseconds(1_000))
        for _ in 0..<500 {
            switch Int.random(in: 0..<6, using: &random) {
            case 0: history.timedOut()
            case 1: history.repliedLate(after: Int64.random(in: 0...Int64.max / 64, using: &random))
            default: history.replied(after: Int64.random(in: 0...milliseconds(1_000), using: &random))
            }
            #expect((floor...milliseconds(1_000)).contains(history.timeout))
        }
    }

    @Test func withoutAFloorOfItsOwnATimeOutIsAlwaysTheSame() {
        var history = ResponseHistory(floor: .max, ceiling: milliseconds(100))
        history.replied(after: 1)
        history.timedOut()
        #expect(history.timeout == milliseconds(100))
    }

    @Test func aScatteringDeviceGetsMoreTimeThanASteadyOne() {
        var steady = ResponseHistory(floor: 1, ceiling: .max)
        var scattering = steady
        for number in 0..<100 {
            steady.replied(after: milliseconds(100))
            scattering.replied(after: milliseconds(number.isMultiple(of: 2) ? 20 : 180))
        }
        #expect(steady.timeout < milliseconds(210) && scattering.timeout > milliseconds(600))
    }
}
