// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Testing
import Thermo

/// Chiller staging by ASHRAE Guideline 36-2021, 5.20.4, on three machines of 3 MW at a setpoint of 20 °C.
@Suite struct SequenceChillerStagingTests {
    private struct Plant {
        var staging: ChillerStaging
        var commands: [Bool]
        var running: [Bool]
        var entering = 24.0
        var supply = 20.0
        /// Cubic metres per second; with 0.1, one kelvin is 0.417 MW.
        var flow = 0.1
        var context = PlantContext()
        var isActing = true
        /// Machines that never run.
        var broken: [Int] = []
        /// Time between two looks at the stage rules.
        var supervision = Duration.zero
        var last: ChillerStaging.Outputs?
        var changes: [String] = []

        init(running: [Bool], _ change: (inout ChillerStagingParameters) -> Void = { _ in }) {
            var parameters = ChillerStagingParameters()
            change(&parameters)
            staging = ChillerStaging(
                parameters: parameters,
                machines: running.indices.map {
                    ChillerStaging.Machine(id: "chiller-\($0 + 1)", capacity: Power(megawatts: 3))
                },
                supplySetpoint: Temperature(celsius: 20)
            )
            commands = running
            self.running = running
        }

        var inputs: ChillerStaging.Inputs {
            ChillerStaging.Inputs(
                entering: LoopTest.good(entering),
                supply: LoopTest.good(supply),
                flow: LoopTest.good(flow),
                machines: commands.indices.map {
                    ChillerStaging.MachineReadings(
                        enableCommand: LoopTest.good(commands[$0] ? 1 : 0),
                        runStatus: LoopTest.good(running[$0] ? 1 : 0),
                        faultStatus: LoopTest.bad(),
                        setpoint: LoopTest.good(18),
                        runTime: LoopTest.bad(),
                        isActing: isActing
                    )
                },
                context: context
            )
        }

        /// One step of `dt` seconds; machines follow their command in the next step.
        mutating func step(_ dt: Int = 1) {
            let result = staging.step(inputs, dt: .seconds(dt), supervision: supervision)
            last = result
            changes += result.changes.map(\.code)
            guard isActing else { return }
            for index in commands.indices {
                running[index] = commands[index] && !broken.contains(index)
                if let enable = result.enable[index] { commands[index] = enable }
            }
        }

        mutating func run(_ seconds: Int, by dt: Int = 10) { for _ in 0..<(seconds / dt) { step(dt) } }

        var count: Int { commands.count { $0 } }
    }

    @Test("stage up after 15 min above 80 %", arguments: [(25.6, 1), (26.2, 2)])
    func stageUp(entering: Double, expected: Int) {
        var plant = Plant(running: [true, false, false])
        plant.entering = entering
        plant.run(900)
        #expect(plant.count == 1, "not before 15 min")
        plant.run(60)
        #expect(plant.count == expected)
        if expected == 2 { #expect(plant.changes.contains("chiller_stage_up")) }
    }

    @Test("stage down where the load fits 80 % of one machine less", arguments: [(26.2, 2), (25.2, 1)])
    func stageDown(entering: Double, expected: Int) {
        var plant = Plant(running: [true, true, false])
        plant.entering = entering
        plant.run(900)
        #expect(plant.count == 2, "not before 15 min")
        plant.run(60)
        #expect(plant.count == expected)
    }

    @Test("rules looked at once a minute decide as those looked at every second, at most a minute later")
    func supervision() {
        func secondsToTwo(_ supervision: Duration) -> Int {
            var plant = Plant(running: [true, false, false])
            plant.supervision = supervision
            plant.entering = 26.2
            var seconds = 0
            while plant.count < 2, seconds < 2_000 {
                plant.step(1)
                seconds += 1
            }
            return seconds
        }
        let every = secondsToTwo(.zero)
        let slow = secondsToTwo(.seconds(60))
        #expect((900...902).contains(every))
        #expect((every...(every + 60)).contains(slow), "\(slow) after \(every)")
    }

    @Test("a supply far too warm, and a tripped machine, wait for no look at the stage rules")
    func urgent() {
        func changed(_ supervision: Duration, _ change: (inout Plant) -> Void) -> Int {
            var plant = Plant(running: [true, false, false])
            plant.supervision = supervision
            plant.run(730, by: 1)
            change(&plant)
            let before = plant.commands
            var seconds = 0
            while plant.commands == before, seconds < 600 {
                plant.step(1)
                seconds += 1
            }
            return seconds
        }
        for change in [{ (plant: inout Plant) in plant.supply = 24 }, { plant in plant.broken = [0] }] {
            let every = changed(.zero, change)
            #expect(every < 200)
            #expect(changed(.seconds(60), change) == every)
        }
    }

    @Test("a stage that is held says what it waits for")
    func waiting() {
        var idle = Plant(running: [true, true, false])
        idle.entering = 20
        idle.run(310)
        let text = idle.last?.reason.text ?? ""
        #expect(idle.last?.reason.code == "chiller_stage_held")
        #expect(
            text.hasPrefix(
                "2 of 3 chillers are wanted, one less in 10 min: the load must fit the lower stage for 15 min "
                    + "(Guideline 36); required load 0 kW"
            ),
            "\(text)"
        )
        idle.supply = 22
        idle.step(10)
        #expect(idle.last?.reason.text.contains("one more in 15 min: the supply is too warm") == true)
        var busy = Plant(running: [true, false, false])
        busy.entering = 26.2
        busy.run(310)
        #expect(busy.last?.reason.text.contains("one more in 10 min: the load must be above 80 %") == true)
        var transfer = Plant(running: [true, true, false])
        transfer.entering = 20
        transfer.context.isTransferring = true
        transfer.run(310)
        #expect(transfer.last?.reason.text.contains("none stops while heat export is given up") == true)
        var steady = Plant(running: [true, false, false])
        steady.entering = 22
        steady.run(310)
        #expect(steady.last?.reason.text.hasPrefix("1 of 3 chillers are wanted; required load") == true)
    }

    @Test func aLoadThatFallsFastAsksForNoMachineMore() {
        var plant = Plant(running: [true, false, false])
        plant.entering = 40
        for _ in 0..<140 {
            plant.entering -= 0.08
            plant.step(10)
        }
        // 0.48 K per minute is 200 kW per minute: 2.2 % of 9 MW; slower than the limit, so it stages up.
        #expect(plant.count == 2)
        var fast = Plant(running: [true, false, false]) { $0.trendLimit = Ratio(fraction: 0.02) }
        fast.entering = 40
        for _ in 0..<140 {
            fast.entering -= 0.08
            fast.step(10)
        }
        #expect(fast.count == 1)
    }

    @Test("supply too warm stages up: 1 K for 15 min, 3 K for 2 min", arguments: [(21.2, 900), (23.2, 300)])
    func failSafe(supply: Double, seconds: Int) {
        var plant = Plant(running: [true, false, false])
        plant.supply = supply
        plant.run(seconds - 20)
        #expect(plant.count == 1)
        // The spare was seen standing for the first time at the start: its minimum off time counts from there.
        plant.run(max(60, 660 - seconds))
        #expect(plant.count >= 2)
    }

    @Test func theFirstMachineStopsWhenTheOpenEconomizerMeetsTheSetpointFor20Minutes() {
        var plant = Plant(running: [true, true, false])
        plant.entering = 20.4
        plant.context.isEconomizerOn = true
        plant.context.isEconomizerOpen = true
        plant.context.predictedLeavingTemperature = Temperature(celsius: 18.9)
        plant.run(1_190)
        #expect(plant.count >= 1)
        plant.run(120)
        #expect(plant.count == 0)
        #expect(plant.changes.contains("chiller_free_cooling"))
        #expect(plant.last?.state == "all_off")
    }

    @Test(
        "the last machine stays where the economizer is not proven, predicted or measured to be enough",
        arguments: [(false, 18.0, 20.0), (true, 19.2, 20.0), (true, 18.0, 20.6)]
    )
    func lastMachineStays(isOpen: Bool, predicted: Double, entering: Double) {
        var plant = Plant(running: [true, false, false])
        plant.entering = entering
        plant.context.isEconomizerOn = true
        plant.context.isEconomizerOpen = isOpen
        plant.context.predictedLeavingTemperature = Temperature(celsius: predicted)
        plant.run(7_200)
        #expect(plant.count == 1)
    }

    @Test("free cooling that is too weak starts the first machine", arguments: [(21.2, 1_200), (22.2, 600)])
    func freeCoolingEnds(supply: Double, seconds: Int) {
        var plant = Plant(running: [false, false, false])
        plant.context.isEconomizerOn = true
        plant.run(700)
        plant.supply = supply
        plant.run(seconds)
        #expect(plant.count == 0)
        plant.run(30)
        #expect(plant.count == 1)
        #expect(plant.changes.contains("chiller_free_cooling_short"))
    }

    @Test func theMachineWithTheFewestRunHoursLeads() {
        var plant = Plant(running: [true, false, true])
        plant.entering = 25.2
        plant.run(1_500)
        #expect(plant.commands == [true, false, false] || plant.commands == [false, false, true])
        let stayed = plant.commands.firstIndex(of: true)
        plant.entering = 27
        plant.run(1_500)
        // Chiller 2 has never run, so it leads.
        #expect(plant.commands[1])
        #expect(plant.commands[stayed ?? 0])
    }

    @Test func aMachineThatDoesNotStartIsReplacedAndGoesLast() {
        var plant = Plant(running: [true, false, false])
        plant.broken = [1]
        plant.entering = 27
        plant.run(1_000)
        #expect(plant.commands[1])
        plant.run(400)
        #expect(plant.commands == [true, false, true])
        #expect(plant.changes.contains("chiller_start_failed"))
        #expect(plant.last?.failed == [false, true, false])
    }

    @Test func aTrippedMachineUnderLoadIsReplacedWithinTwoMinutes() {
        var plant = Plant(running: [true, false, false])
        plant.run(700)
        plant.broken = [0]
        plant.run(120)
        #expect(plant.commands.first == false)
        #expect(plant.count == 1)
        #expect(plant.changes.contains("chiller_tripped"))
    }

    @Test func aMachineThatSwitchedItselfOffWithoutLoadHasNotFailed() {
        var plant = Plant(running: [true, false, false])
        plant.entering = 20.5
        plant.broken = [0]
        plant.run(3_600)
        #expect(plant.commands == [true, false, false])
    }

    @Test func lostInputsLeaveTheMachinesAsTheyAre() {
        var plant = Plant(running: [true, true, false])
        plant.run(600)
        for _ in 0..<500 {
            var inputs = plant.inputs
            inputs.entering = LoopTest.bad()
            inputs.supply = LoopTest.stale(40)
            inputs.flow = LoopTest.bad()
            let result = plant.staging.step(inputs, dt: .seconds(10))
            #expect(result.enable == [true, true, false])
        }
    }

    @Test func nothingIsSaidOfAMachineThatWasNeverHeard() {
        var plant = Plant(running: [true, false, false])
        var inputs = plant.inputs
        for index in inputs.machines.indices {
            inputs.machines[index].enableCommand = LoopTest.bad()
            inputs.machines[index].runStatus = LoopTest.bad()
        }
        #expect(plant.staging.step(inputs, dt: .seconds(1)).enable == [nil, nil, nil])
        plant.step()
        #expect(plant.last?.enable == [true, false, false])
    }

    @Test func advisoryWishesStayAndTheStageIsThatOfThePlant() {
        var plant = Plant(running: [true, false, false])
        plant.isActing = false
        plant.entering = 27
        plant.run(2_000)
        #expect(plant.last?.enable == [true, true, false])
        #expect(plant.changes.isEmpty)
        plant.run(1_000)
        #expect(plant.last?.enable == [true, true, false])
    }

    @Test func theSetpointMovesByHalfAKelvinIn5Minutes() {
        var plant = Plant(running: [true, false, false])
        plant.step(0)
        #expect(plant.last?.setpoints.first?.celsius == 18)
        plant.run(300)
        #expect(plant.last?.setpoints.first?.celsius == 18.5)
        plant.run(1_200)
        #expect(plant.last?.setpoints.first?.celsius == 20)
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func noMachineEverStartsBeforeItsMinimumOffTime(seed: UInt64) {
        var generator = LoopTestGenerator(seed: seed)
        var plant = Plant(running: [true, true, false])
        var offSince = [0, 0, 0]
        var now = 0
        for _ in 0..<6_000 {
            let before = plant.commands
            if generator.next(in: 0...1) < 0.02 { plant.entering = generator.next(in: 19...40) }
            if generator.next(in: 0...1) < 0.02 { plant.supply = generator.next(in: 17...27) }
            if generator.next(in: 0...1) < 0.01 { plant.context.isEconomizerOn.toggle() }
            plant.context.isEconomizerOpen = plant.context.isEconomizerOn
            plant.context.predictedLeavingTemperature = Temperature(celsius: generator.next(in: 15...20))
            if generator.next(in: 0...1) < 0.02 { plant.broken = generator.next(in: 0...1) < 0.5 ? [] : [1] }
            let dt = Int(generator.next(in: 1...30))
            now += dt
            plant.step(dt)
            for index in before.indices where before[index] != plant.commands[index] {
                if plant.commands[index] {
                    #expect(now - offSince[index] >= 600, "chiller \(index + 1) at \(now)")
                } else {
                    offSince[index] = now
                }
            }
        }
        #expect(plant.changes.contains("chiller_started"), "the run must have exercised starts")
    }
}
