// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Control
import Plant
import Testing

@Suite("Arbitration of one point")
struct ArbitrationPointTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let wish: Double
        let limits: [(ArbitrationLayer, ClosedRange<Double>)]
        let value: Double
        let boundBy: [ArbitrationLayer]
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "a wish inside passes", wish: 22, limits: [(.safety, 18...30)], value: 22, boundBy: []),
        Case(name: "safety moves it", wish: 19, limits: [(.safety, 20...30)], value: 20, boundBy: [.safety]),
        Case(
            name: "the device's range moves it first",
            wish: 60,
            limits: [],
            value: 45,
            boundBy: [.equipmentProtection]
        ),
        Case(
            name: "every layer that excludes it is named, strongest first",
            wish: 10,
            limits: [(.optimiser, 24...26), (.safety, 20...30), (.operator, 22...28)],
            value: 24,
            boundBy: [.equipmentProtection, .safety, .operator, .optimiser]
        ),
        Case(
            name: "an operator cannot widen what safety leaves",
            wish: 16,
            limits: [(.operator, 10...40), (.safety, 20...30)],
            value: 20,
            boundBy: [.equipmentProtection, .safety]
        ),
        Case(
            name: "an operator against safety gives the safety value",
            wish: 22,
            limits: [(.safety, 20...25), (.operator, 28...30)],
            value: 25,
            boundBy: [.operator]
        ),
        Case(
            name: "equipment against safety gives the safety value",
            wish: 22,
            limits: [(.safety, 34...36), (.equipmentProtection, 18...20)],
            value: 34,
            boundBy: [.safety, .equipmentProtection]
        ),
        Case(
            name: "of two safety limits that exclude each other the first holds",
            wish: 22,
            limits: [(.safety, 29...45), (.safety, 18...27)],
            value: 29,
            boundBy: [.safety]
        ),
        Case(
            name: "a wish that is no number gives the safety value",
            wish: .nan,
            limits: [(.safety, 20...30)],
            value: 30,
            boundBy: [.equipmentProtection, .safety]
        ),
    ]

    @Test("layers bind in their order", arguments: cases)
    func layers(_ row: Case) {
        let verdict = PointArbiter.arbitrate(
            wish: row.wish,
            range: .interval(18...45),
            failSafe: 32,
            limits: row.limits.map { limit($0.0, $0.1) }
        )
        #expect(verdict.value == row.value)
        #expect(verdict.boundBy.map(\.layer) == row.boundBy)
    }

    @Test("an enable takes one of its states")
    func states() {
        let both = AllowedValues.states([0, 1])
        #expect([-3, 0.2, 0.5, 0.7, 9].map(both.projected) == [0, 0, 0, 1, 1])
        #expect(both.intersected(with: 1...1) == .states([1]))
        #expect(both.intersected(with: 0.2...0.8) == nil)
        #expect(both.collapsed(toward: 0.7...0.9) == .states([1]))
        let verdict = PointArbiter.arbitrate(
            wish: 0,
            range: both,
            failSafe: 1,
            limits: [limit(.safety, 1...1)]
        )
        #expect(verdict.value == 1)
    }

    @Test("whatever is wished and limited, the value stays inside safety, and arbitrating it again changes nothing")
    func laws() {
        var random = CycleTestGenerator(seed: 20_260_301)
        for _ in 0..<5_000 {
            let range = Double.random(in: 0...20, using: &random)
            let own = AllowedValues.interval(range...(range + Double.random(in: 0...30, using: &random)))
            let limits = (0..<Int.random(in: 0...5, using: &random)).map { _ in
                let low = Double.random(in: -10...60, using: &random)
                let layer = ArbitrationLayer.allCases.randomElement(using: &random) ?? .safety
                return limit(layer, low...(low + Double.random(in: 0...30, using: &random)))
            }
            let wish = Double.random(in: -50...100, using: &random)
            func arbitrate(_ wish: Double) -> PointVerdict {
                PointArbiter.arbitrate(wish: wish, range: own, failSafe: 32, limits: limits)
            }
            let verdict = arbitrate(wish)
            #expect(own.contains(verdict.value))
            #expect(verdict.hard.contains(verdict.value))
            #expect(arbitrate(verdict.value).value == verdict.value)
            let safety = limits.filter { $0.layer == .safety }
            if let common = safety.reduce(own as AllowedValues?, { $0?.intersected(with: $1.allowed) }) {
                #expect(common.contains(verdict.value))
            }
            let rest = limits.reduce(own as AllowedValues?) { $0?.intersected(with: $1.allowed) }
            if let rest { #expect(verdict.value == rest.projected(wish)) }
            if rest == own, own.contains(wish) { #expect(verdict.boundBy.isEmpty && verdict.value == wish) }
        }
    }

    private func limit(_ layer: ArbitrationLayer, _ allowed: ClosedRange<Double>) -> PointLimit {
        PointLimit(
            point: PointIndex(0),
            layer: layer,
            allowed: allowed,
            reason: Reason(code: layer.rawValue, text: "limit of the test")
        )
    }
}
