// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Testing
import Thermo

/// Heat export from permit to fault, on two heat pumps.
@Suite struct SequenceHeatExportTests {
    private struct Plant {
        var export = HeatExport(
            machines: [1, 2].map {
                HeatExport.Machine(
                    id: "heat-pump-\($0)",
                    minimumLoad: Ratio(fraction: 0.25),
                    sinkMaximum: Temperature(celsius: 88)
                )
            },
            designSupply: Temperature(celsius: 68),
            supplyMinimum: Temperature(celsius: 15)
        )
        var permit = LoopTest.good(1)
        var source = LoopTest.good(38)
        var delivery = 68.0
        var pump = 0.0
        var valve = 0.0
        var isPumpBroken = false
        var isActing = true
        var faults = [0.0, 0.0]
        var commands = [false, false]
        var running = [false, false]
        var seconds = 0
        var changes: [String] = []
        var last: HeatExport.Outputs?

        var inputs: HeatExport.Inputs {
            HeatExport.Inputs(
                permit: permit,
                requiredSupply: LoopTest.good(68),
                source: source,
                facilitySupply: LoopTest.good(20),
                recoveryEntering: LoopTest.good(35),
                recoveryLeaving: LoopTest.good(25),
                recoveryFlow: LoopTest.good(pump * 0.06),
                pumpFeedback: LoopTest.good(pump),
                valveFeedback: LoopTest.good(valve),
                machines: [0, 1].map {
                    HeatExport.MachineReadings(
                        enableCommand: LoopTest.good(commands[$0] ? 1 : 0),
                        runStatus: LoopTest.good(running[$0] ? 1 : 0),
                        faultStatus: LoopTest.good(faults[$0]),
                        capacityFeedback: LoopTest.good(0),
                        sinkSupply: LoopTest.good(delivery),
                        isActing: isActing
                    )
                }
            )
        }

        mutating func step(_ dt: Int = 10) {
            let result = export.step(inputs, dt: .seconds(dt))
            seconds += dt
            last = result
            changes += result.changes.map(\.code)
            guard isActing else { return }
            pump = isPumpBroken ? 0 : result.pumpSpeed
            valve = result.valveCommand
            for index in commands.indices {
                running[index] = commands[index] && faults[index] < 0.5
                if let enable = result.enable[index] { commands[index] = enable }
            }
        }

        mutating func run(_ seconds: Int) { for _ in 0..<(seconds / 10) { step() } }

        mutating func run(until phase: HeatExport.Phase, within limit: Int = 7_200) {
            let end = seconds + limit
            while last?.phase != phase, seconds < end { step() }
        }
    }

    @Test func itStartsPumpAndValveThenOneHeatPumpAfterTheirProof() {
        var plant = Plant()
        plant.run(until: .starting)
        // The minimum off time of the heat pumps counts from the first look at them.
        #expect(plant.seconds >= 900 && plant.seconds <= 920)
        #expect(plant.last?.pumpSpeed == 1)
        #expect(plant.last?.valveCommand == 1)
        #expect(plant.commands == [false, false])
        plant.run(20)
        #expect(plant.commands == [false, false], "pump and valve not proven for 30 s")
        plant.run(30)
        #expect(plant.commands.count { $0 } == 1)
        plant.run(until: .running, within: 60)
        #expect(plant.last?.phase == .running)
        #expect(plant.last?.isExporting == true)
        #expect(abs((plant.last?.heat.megawatts ?? 0) - 2.5) < 0.03)
    }

    @Test func capacityGrowsBy5PercentAMinuteAndTheSecondFollowsAFullFirst() {
        var plant = Plant()
        plant.run(until: .running)
        let start = plant.last?.capacity.max() ?? 0
        plant.run(600)
        #expect(abs((plant.last?.capacity.max() ?? 0) - start - 0.5) < 0.02)
        #expect(plant.commands.count { $0 } == 1)
        plant.run(1_500)
        #expect(plant.commands == [true, true])
    }

    @Test func aLostPermitHandsOverToRejectionAndStopsInOrder() {
        var plant = Plant()
        plant.run(until: .running)
        plant.run(300)
        plant.permit = LoopTest.good(0)
        plant.step()
        #expect(plant.last?.phase == .stopping)
        #expect(plant.last?.isTransferring == true)
        #expect(plant.changes.last == "export_permit_lost")
        #expect(plant.last?.reason.code == "export_permit_lost")
        while plant.commands.contains(true), plant.seconds < 9_000 {
            #expect(plant.last?.pumpSpeed == 1, "the pump outlasts the heat pumps")
            plant.step()
        }
        plant.run(30)
        #expect(plant.last?.pumpSpeed == 1)
        plant.run(until: .noPermit, within: 120)
        #expect(plant.last?.phase == .noPermit)
        #expect(plant.last?.pumpSpeed == 0)
        #expect(plant.last?.isTransferring == false)
    }

    @Test("a permit that is not read any more counts for a minute")
    func staleChangeOfPermit() {
        var plant = Plant()
        plant.run(until: .running)
        plant.permit = LoopTest.stale(1)
        plant.run(60)
        #expect(plant.last?.phase == .running)
        plant.step()
        #expect(plant.last?.phase == .stopping)
    }

    @Test("cold water is delivered for 5 min at most, after the warm-up")
    func coldDelivery() {
        var plant = Plant()
        plant.run(until: .running)
        plant.delivery = 65.9
        plant.run(880)
        #expect(plant.last?.phase == .running)
        plant.run(60)
        #expect(plant.last?.phase == .stopping)
        #expect(plant.changes.last == "export_delivery_cold")
    }

    @Test func waterTwoKelvinsTooColdIsStillDelivered() {
        var plant = Plant()
        plant.run(until: .running)
        plant.delivery = 66
        plant.run(7_200)
        #expect(plant.last?.phase == .running)
    }

    @Test func aSourceTooColdStopsAfterItsHoldAndTheMinimumRun() {
        var plant = Plant()
        plant.run(until: .running)
        let start = plant.seconds
        plant.source = LoopTest.good(27)
        plant.run(330)
        #expect(plant.last?.phase == .stopping)
        while plant.commands.contains(true), plant.seconds < start + 3_000 { plant.step() }
        #expect(plant.seconds - start >= 880, "15 min of run, less the seconds until it was proven")
    }

    @Test func anUnprovenPumpIsAFaultThatIsTriedAgainAfterHalfAnHour() {
        var plant = Plant()
        plant.isPumpBroken = true
        plant.run(until: .fault)
        #expect(plant.changes.contains("export_pump_unproven"))
        #expect(!plant.changes.contains("export_running"))
        let start = plant.seconds
        plant.run(until: .waiting)
        #expect(plant.seconds - start == 1_800)
    }

    @Test func aFaultyHeatPumpIsReplacedByTheOther() {
        var plant = Plant()
        plant.faults = [1, 0]
        plant.run(until: .running)
        #expect(plant.commands == [false, true])
    }

    @Test func anAdvisoryExportStaysWhatTheMachinesAre() {
        var plant = Plant()
        plant.isActing = false
        plant.run(3_600)
        #expect(plant.last?.phase == .waiting)
        #expect(plant.last?.valveCommand == 1, "what it would do next")
        #expect(plant.changes.isEmpty)
        plant.permit = LoopTest.good(0)
        plant.step()
        #expect(plant.last?.phase == .noPermit)
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func noHeatPumpEverStartsBeforeItsMinimumOffTime(seed: UInt64) {
        var generator = LoopTestGenerator(seed: seed)
        var plant = Plant()
        var offSince = [0, 0]
        var starts = 0
        for _ in 0..<5_000 {
            let before = plant.commands
            if generator.next(in: 0...1) < 0.006 { plant.permit = LoopTest.good(plant.permit.value == 1 ? 0 : 1) }
            if generator.next(in: 0...1) < 0.004 { plant.permit = LoopTest.bad() }
            if generator.next(in: 0...1) < 0.01 { plant.source = LoopTest.good(generator.next(in: 25...42)) }
            if generator.next(in: 0...1) < 0.004 { plant.source = LoopTest.bad() }
            if generator.next(in: 0...1) < 0.01 { plant.delivery = generator.next(in: 62...70) }
            if generator.next(in: 0...1) < 0.01 { plant.isPumpBroken.toggle() }
            if generator.next(in: 0...1) < 0.01 { plant.faults[0] = 1 - plant.faults[0] }
            plant.step(Int(generator.next(in: 1...60)))
            for index in before.indices where before[index] != plant.commands[index] {
                if plant.commands[index] {
                    starts += 1
                    #expect(plant.seconds - offSince[index] >= 900, "heat pump \(index + 1)")
                } else {
                    offSince[index] = plant.seconds
                }
            }
            for capacity in plant.last?.capacity ?? [] { #expect(capacity == 0 || (0.25...1).contains(capacity)) }
        }
        #expect(starts > 0)
    }
}
