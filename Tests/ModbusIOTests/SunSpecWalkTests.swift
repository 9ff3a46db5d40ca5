// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

/// The walk over a device's models, without a device.
@Suite struct SunSpecWalkTests {
    /// Registers by address; what is not there is refused.
    struct Image {
        var words: [Int: UInt16] = [:]

        init(base: Int? = nil, _ models: [(id: UInt16, length: Int)] = [], hasEnd: Bool = true) {
            guard let base else { return }
            let chain = SunSpecChain(base: base, models)
            put(SunSpecChain.marker, at: base)
            for model in chain.models {
                put([model.id, UInt16(model.length)] + Array(repeating: 7, count: model.length), at: model.address)
            }
            if hasEnd { put([0xFFFF, 0], at: chain.end) }
        }

        mutating func put(_ values: [UInt16], at address: Int) {
            for (offset, value) in values.enumerated() { words[address + offset] = value }
        }
    }

    /// What a walk over the registers comes to, and which addresses it asked for.
    static func walk(_ image: Image, otherwise: UInt16? = nil) -> (end: SunSpecWalk.Step, asked: [Int]) {
        var walk = SunSpecWalk()
        var asked: [Int] = []
        while case .read(let range) = walk.step {
            asked.append(Int(range.address))
            #expect(range.table == .holdingRegister && range.end <= 65_536)
            let words = (Int(range.address)..<range.end).map { image.words[$0] ?? otherwise }
            if words.contains(nil) { walk.refused() } else { walk.answered(words.compactMap(\.self)) }
        }
        return (walk.step, asked)
    }

    @Test(arguments: [(40_000, 0), (50_000, 1), (0, 2)])
    func theMarkerIsFoundAtEachBaseInTheirOrder(base: Int, refusals: Int) {
        let models: [(id: UInt16, length: Int)] = [(1, 66), (203, 105)]
        let result = Self.walk(Image(base: base, models))
        #expect(result.end == .found(SunSpecChain(base: base, models)))
        let bases = Array(SunSpecChain.bases.prefix(refusals + 1))
        #expect(result.asked == bases + [base + 2, base + 70, base + 177])
    }

    @Test func modelsThatNobodyKnowsArePassedOverByTheirLength() {
        let models: [(id: UInt16, length: Int)] = [(1, 65), (64_001, 3), (12, 98), (213, 124), (64_110, 1)]
        #expect(Self.walk(Image(base: 40_000, models)).end == .found(SunSpecChain(base: 40_000, models)))
    }

    @Test func aMarkerSomewhereElseThanWhereZerosStandIsFound() {
        var image = Image(base: 50_000, [(1, 66), (201, 105)])
        image.put([0, 0], at: 40_000)
        let found = Self.walk(image).end
        #expect(found == .found(SunSpecChain(base: 50_000, [(1, 66), (201, 105)])))
    }

    @Test func aDeviceThatAnswersZerosEverywhereHasNoMarker() {
        let result = Self.walk(Image(), otherwise: 0)
        #expect(result.end == .failed(.noMarker))
        #expect(result.asked == SunSpecChain.bases)
    }

    @Test func aDeviceThatRefusesEverythingHasNoMarker() {
        #expect(Self.walk(Image()).end == .failed(.noMarker))
    }

    @Test func aMarkerWithNothingBehindItIsNoDevice() {
        var image = Image()
        image.put(SunSpecChain.marker, at: 40_000)
        #expect(Self.walk(image).end == .failed(.noModels(base: 40_000)))
        #expect(Self.walk(image, otherwise: 0).end == .failed(.noModels(base: 40_000)))
    }

    @Test func aChainThatBreaksOffIsUsedAsFarAsItGoes() {
        let models: [(id: UInt16, length: Int)] = [(1, 66), (203, 105)]
        let whole = SunSpecWalk.Step.found(SunSpecChain(base: 40_000, models))
        #expect(Self.walk(Image(base: 40_000, models, hasEnd: false)).end == whole)
        #expect(Self.walk(Image(base: 40_000, models, hasEnd: false), otherwise: 0).end == whole)
    }

    @Test func aLengthThatLeadsPastTheLastAddressEndsTheChain() {
        var image = Image(base: 40_000, [(1, 66)], hasEnd: false)
        image.put([203, 60_000], at: 40_070)
        #expect(Self.walk(image).end == .found(SunSpecChain(base: 40_000, [(1, 66)])))
        // The last address there is may be a model's, and then no end fits behind it.
        image.put([203, 25_464], at: 40_070)
        #expect(Self.walk(image).end == .found(SunSpecChain(base: 40_000, [(1, 66), (203, 25_464)])))
        image.put([203, 25_465], at: 40_070)
        #expect(Self.walk(image).end == .found(SunSpecChain(base: 40_000, [(1, 66)])))
    }

    @Test func aDeviceThatSaysTheSameForEverIsGivenUp() {
        var image = Image()
        image.put(SunSpecChain.marker, at: 40_000)
        let result = Self.walk(image, otherwise: 1)
        #expect(result.end == .failed(.endless(base: 40_000)))
        #expect(result.asked.count == 2 + SunSpecWalk.modelLimit)
        // Length 0 again and again, too.
        for address in 0..<1_000 { image.put([203, 0], at: 40_002 + 2 * address) }
        #expect(Self.walk(image).end == .failed(.endless(base: 40_000)))
    }

    @Test func anAnswerTooShortEndsWhatItBelongsTo() {
        var walk = SunSpecWalk()
        walk.answered([0x5375])
        #expect(walk.step == .read(RegisterRange(table: .holdingRegister, address: 50_000, count: 2)))
        walk.answered(SunSpecChain.marker)
        walk.answered([1, 66])
        walk.answered([])
        #expect(walk.chain == SunSpecChain(base: 50_000, [(1, 66)]) && walk.failure == nil)
        // Once it is over nothing changes it.
        walk.refused()
        walk.answered(SunSpecChain.marker)
        #expect(walk.chain != nil)
    }
}
