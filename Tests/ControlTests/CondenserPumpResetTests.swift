// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Testing
import Thermo

/// Condenser water pumps of the yardstick B1: five chillers of 20 % of the flow each, an economizer of 40 %.
@Suite("The condenser pump reset")
struct CondenserPumpResetTests {
    private typealias Stage = CondenserPumpReset.Stage

    private static func plant(economizer: Double? = 200) -> CondenserPumpReset {
        CondenserPumpReset(
            chillers: 5,
            economizerFlow: economizer.map { VolumeFlow(litersPerSecond: $0) },
            designFlow: VolumeFlow(litersPerSecond: 500)
        )
    }

    @Test(
        "wants the design flow of what is in line, of chillers alone times their load",
        arguments: [
            // chillers, their load ratio, economizer, share of the design flow
            (5, 1.0, false, 1.0), (5, 0.8, false, 0.8), (4, 1.0, false, 0.8), (4, 0.9, false, 0.72),
            (4, 1.2, false, 0.8), (5, nil, false, 1), (2, 0.7, false, 0.5), (5, -0.1, false, 0.5),
            // Beside the economizer the load does not count; together they may want more than the pumps can give.
            (1, 0.3, true, 0.6), (2, 0.3, true, 0.8), (5, 0.3, true, 1.4), (0, 0, true, 0.5),
            // Nothing is known to be in line: somebody may be about to start.
            (0, nil, false, 1),
        ] as [(Int, Double?, Bool, Double)]
    )
    func flow(chillers: Int, load: Double?, economizer: Bool, expected: Double) {
        let stage = Stage(
            chillers: chillers,
            loadRatio: load.map { Ratio(fraction: $0) },
            isEconomizerOn: economizer
        )
        #expect(abs(Self.plant().flowShare(stage) - expected) < 1e-12)
    }

    @Test("a plant without economizer, or with one as large as the loop")
    func sizes() {
        #expect(Self.plant(economizer: nil).economizerShare == 0)
        let stage = Stage(chillers: 0, loadRatio: nil, isEconomizerOn: true)
        #expect(Self.plant(economizer: 500).flowShare(stage) == 1)
    }

    @Test("finds the speed at which the machines get their flow, and takes over without a jump")
    func speed() {
        var reset = Self.plant()
        let stage = Stage(chillers: 5, loadRatio: Ratio(fraction: 0.8), isEconomizerOn: false)
        var speed = 0.9
        #expect(reset.step(stage, measured: 0.9, present: speed, dt: .seconds(10)) == 0.9)
        for _ in 0..<360 { speed = reset.step(stage, measured: speed, present: speed, dt: .seconds(10)) }
        #expect(abs(speed - 0.8) < 0.001)
    }

    @Test("runs at full speed where the flow is not known, and where it cannot be reached")
    func full() {
        var reset = Self.plant()
        let stage = Stage(chillers: 5, loadRatio: .full, isEconomizerOn: true)
        #expect(reset.step(stage, measured: nil, present: 0.6, dt: .seconds(10)) == 1)
        // Everything open, the pumps give a little more than their design flow, of which 140 % would be wanted.
        var speed = reset.step(stage, measured: 1.05, present: 0.8, dt: .seconds(10))
        for _ in 0..<360 { speed = reset.step(stage, measured: 1.05, present: speed, dt: .seconds(10)) }
        #expect(speed == 1)
    }
}
