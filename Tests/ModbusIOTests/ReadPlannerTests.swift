// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

@Suite struct ReadPlannerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var limits = RequestLimits()
        let points: [MapPoint]
        /// `function:address+count` of each block in order.
        let blocks: [String]
        var testDescription: String { name }
    }

    static let prohibited = RegisterRange(table: .holdingRegister, address: 12, count: 3)

    static let cases: [Case] = [
        Case(name: "nothing to read gives no block", points: [], blocks: []),
        Case(
            name: "neighbours join, whatever their order in the map",
            points: [point("b", 11), point("a", 10), point("c", 12, .float(bits: 32))],
            blocks: ["3:10+4"]
        ),
        Case(
            name: "a gap of the limit is bridged",
            limits: RequestLimits(maximumGap: 16),
            points: [point("a", 0), point("b", 17)],
            blocks: ["3:0+18"]
        ),
        Case(
            name: "a wider gap is not",
            limits: RequestLimits(maximumGap: 16),
            points: [point("a", 0), point("b", 18)],
            blocks: ["3:0+1", "3:18+1"]
        ),
        Case(
            name: "no gap is bridged where none is allowed",
            limits: RequestLimits(maximumGap: 0),
            points: [point("a", 0), point("b", 1), point("c", 3)],
            blocks: ["3:0+2", "3:3+1"]
        ),
        Case(
            name: "a prohibited range in a gap splits",
            limits: RequestLimits(prohibited: [prohibited]),
            points: [point("a", 10), point("b", 11), point("c", 15), point("d", 16)],
            blocks: ["3:10+2", "3:15+2"]
        ),
        Case(
            name: "a prohibited range of another table does not matter",
            limits: RequestLimits(prohibited: [prohibited]),
            points: [point("a", 10, table: .inputRegister), point("b", 16, table: .inputRegister)],
            blocks: ["4:10+7"]
        ),
        Case(
            name: "125 registers fit into one read, the 126th does not",
            points: (0..<126).map { point("r\($0)", UInt16($0)) },
            blocks: ["3:0+125", "3:125+1"]
        ),
        Case(
            name: "no 32-bit value is torn by the device's limit",
            limits: RequestLimits(maximumRegistersPerRead: 5),
            points: (0..<4).map { point("f\($0)", UInt16(2 * $0), .float(bits: 32)) },
            blocks: ["3:0+4", "3:4+4"]
        ),
        Case(
            name: "no 64-bit value is torn by the standard's limit",
            limits: RequestLimits(maximumRegistersPerRead: 500),
            points: (0..<40).map { point("e\($0)", UInt16(4 * $0), .unsigned(bits: 64)) },
            blocks: ["3:0+124", "3:124+36"]
        ),
        Case(
            name: "a value and its scale factor come in one read across any gap",
            limits: RequestLimits(maximumGap: 2),
            points: [point("w", 100, .signed(bits: 16), scaleFactorAddress: 120), point("x", 121)],
            blocks: ["3:100+22"]
        ),
        Case(
            name: "a scale factor in front of its value is covered too",
            points: [point("w", 100, scaleFactorAddress: 90)],
            blocks: ["3:90+11"]
        ),
        Case(
            name: "reads begin at even addresses and ask for even counts where the device wants that",
            limits: RequestLimits(maximumGap: 0, evenReads: true),
            points: [point("a", 3), point("b", 4, .float(bits: 32)), point("c", 9), point("d", 1, table: .coil)],
            blocks: ["1:1+1", "3:2+4", "3:8+2"]
        ),
        Case(
            name: "even reads never exceed an odd limit",
            limits: RequestLimits(maximumRegistersPerRead: 5, evenReads: true),
            points: (0..<4).map { point("f\($0)", UInt16(2 * $0), .float(bits: 32)) },
            blocks: ["3:0+4", "3:4+4"]
        ),
        Case(
            name: "a block that is given whole is read whole",
            limits: RequestLimits(
                maximumGap: 0,
                wholeBlocks: [
                    RegisterRange(table: .holdingRegister, address: 10, count: 6),
                    RegisterRange(table: .inputRegister, address: 30, count: 2),
                ]
            ),
            points: [point("a", 12), point("b", 14), point("c", 17), point("d", 30)],
            blocks: ["3:10+6", "3:17+1", "3:30+1"]
        ),
        Case(
            name: "a value that reaches into two whole blocks takes both",
            limits: RequestLimits(
                maximumGap: 0,
                evenReads: true,
                wholeBlocks: [
                    RegisterRange(table: .holdingRegister, address: 10, count: 3),
                    RegisterRange(table: .holdingRegister, address: 13, count: 4),
                ]
            ),
            points: [point("a", 12, .float(bits: 32))],
            blocks: ["3:10+8"]
        ),
        Case(
            name: "one request per point joins only points on the same addresses",
            limits: RequestLimits(oneRequestPerPoint: true),
            points: [point("a", 1), point("b", 2, .bit(3)), point("c", 2, .bit(4)), point("d", 3, .float(bits: 32))],
            blocks: ["3:1+1", "3:2+1", "3:3+2"]
        ),
        Case(
            name: "tables are never mixed and go by function code",
            points: [
                point("a", 5), point("b", 5, table: .inputRegister), point("c", 5, .bool, table: .coil),
                point("d", 5, .bool, table: .discreteInput),
            ],
            blocks: ["1:5+1", "2:5+1", "3:5+1", "4:5+1"]
        ),
        Case(
            name: "sixteen times as many bits are bridged as registers",
            limits: RequestLimits(maximumGap: 2),
            points: [
                point("a", 0, .bool, table: .coil), point("b", 33, .bool, table: .coil),
                point("c", 67, .bool, table: .coil),
            ],
            blocks: ["1:0+34", "1:67+1"]
        ),
        Case(
            name: "2000 bits fit into one read",
            points: (0..<2_001).map { point("b\($0)", UInt16($0), .bool, table: .discreteInput) },
            blocks: ["2:0+2000", "2:2000+1"]
        ),
        Case(
            name: "the last address can be read",
            points: [point("a", 65_534), point("b", 65_535)],
            blocks: ["3:65534+2"]
        ),
        Case(
            name: "texts, other classes and unreadable points are left out",
            points: [
                point("a", 1), point("t", 2, .string(registers: 4)), point("s", 7, pollClass: .slow),
                point("w", 8, isReadable: false),
            ],
            blocks: ["3:1+1"]
        ),
    ]

    @Test(arguments: cases) func mergesPointsIntoBlocks(_ example: Case) throws {
        let map = DeviceMap(
            name: "m",
            category: .powerMeter,
            confirmation: .simulated,
            limits: example.limits,
            points: example.points
        )
        let plan = try ReadPlanner(limits: example.limits, mapName: "m").plan(map, pollClass: .fast)
        #expect(plan.blocks.map { "\($0.table.readFunction):\($0.address)+\($0.count)" } == example.blocks)
        #expect(plan.blocks.flatMap { Array($0.points) } == Array(plan.points.indices), "each point is in one block")
    }

    @Test func eachPollClassHasItsOwnPlan() throws {
        let map = DeviceMap(
            name: "m",
            category: .powerMeter,
            confirmation: .simulated,
            points: [point("a", 0), point("b", 1, pollClass: .slow), point("c", 2)]
        )
        let planner = ReadPlanner(limits: map.limits)
        #expect(try planner.plan(map, pollClass: .fast).points.map(\.mapPoint) == [0, 2])
        #expect(try planner.plan(map, pollClass: .slow).points.map(\.mapPoint) == [1])
        #expect(try planner.plan(map, pollClass: .normal).blocks.isEmpty)
    }

    @Test(arguments: [
        (RequestLimits(), point("p", 65_535, .float(bits: 32)), "reaches beyond address 65535"),
        (RequestLimits(), point("p", 100, scaleFactorAddress: 225), "needs 126 addresses"),
        (RequestLimits(maximumRegistersPerRead: 2), point("p", 0, .unsigned(bits: 64)), "needs 4 addresses"),
        (RequestLimits(prohibited: [prohibited]), point("p", 11, .float(bits: 32)), "prohibited addresses 12 to 14"),
    ])
    func refusesAPointThatNoReadCanCover(_ limits: RequestLimits, _ point: MapPoint, _ says: String) throws {
        let map = DeviceMap(name: "acme", category: .valve, confirmation: .simulated, limits: limits, points: [point])
        let problem = #expect(throws: ModbusProblem.self) {
            try ReadPlanner(limits: limits, mapName: "acme").plan(map, pollClass: .fast)
        }
        #expect(problem?.description.contains("map 'acme', point 'p'") == true)
        #expect(problem?.what.contains(says) == true, "\(problem?.what ?? "")")
    }

    /// Whatever the map, every point lies whole in its block, and no block breaks a rule.
    @Test(arguments: 0..<200) func keepsEveryRuleForAnyMap(_ seed: UInt64) throws {
        var random = TestGenerator(seed: seed)
        let banned = RegisterRange(
            table: .holdingRegister,
            address: UInt16.random(in: 20..<200, using: &random),
            count: 3
        )
        let limits = RequestLimits(
            maximumRegistersPerRead: Int.random(in: 4...125, using: &random),
            maximumGap: Int.random(in: 0...20, using: &random),
            prohibited: [banned]
        )
        let types: [RegisterType] = [.unsigned(bits: 16), .float(bits: 32), .unsigned(bits: 64), .bit(3)]
        let points = (0..<60).compactMap { position -> MapPoint? in
            let address = UInt16.random(in: 0..<300, using: &random)
            let candidate = point("p\(position)", address, types.randomElement(using: &random) ?? .bit(0))
            let range = RegisterRange(
                table: .holdingRegister,
                address: address,
                count: candidate.type.registerCount
            )
            return range.overlaps(banned) ? nil : candidate
        }
        let map = DeviceMap(name: "m", category: .valve, confirmation: .simulated, limits: limits, points: points)
        let plan = try ReadPlanner(limits: limits).plan(map, pollClass: .fast)
        #expect(Set(plan.points.map(\.mapPoint)) == Set(points.indices))
        for block in plan.blocks {
            #expect(block.count <= limits.maximumRegistersPerRead)
            #expect(!block.range.overlaps(banned))
            var end = Int(block.address)
            for planned in plan.points[block.points] {
                #expect(planned.first >= Int(block.address) && planned.end <= block.range.end)
                #expect(planned.first - end <= limits.maximumGap)
                end = max(end, planned.end)
            }
        }
    }
}
