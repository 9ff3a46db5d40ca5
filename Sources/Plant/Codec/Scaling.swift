// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// How a raw number becomes a value while a point's scale register, if it has one, holds what it holds.
struct Scaling: Sendable {
    let transform: LinearTransform
    /// The power of ten that the raw number is multiplied with first.
    let exponent: Int

    @inline(__always)
    func apply(_ raw: Double) -> Double { transform.apply(raw, exponent: exponent) }

    /// The raw number, not yet rounded, that gives a value.
    func invert(_ value: Double) -> Double { transform.invert(value, exponent: exponent) }

    /// What a step of the raw number is in the base unit.
    func step(_ raw: Double) -> Double { transform.step(raw, exponent: exponent) }
}

/// ``ScaleCodes`` with each case worked out; behind a reference, as few points have them.
final class CodedTransforms: Sendable {
    private let codes: ScaleCodes
    private let transforms: [LinearTransform]

    init(_ codes: ScaleCodes) {
        self.codes = codes
        transforms = codes.cases.map { LinearTransform(scale: $0.scale, offset: $0.offset, unit: $0.unit) }
    }

    /// All of them, in the map's order.
    var all: [Scaling] { transforms.map { Scaling(transform: $0, exponent: 0) } }

    /// What the word of the register says; nil where it holds a code that the map does not know.
    func scaling(_ word: UInt16) -> Scaling? {
        let code = codes.code(word)
        guard let position = codes.cases.firstIndex(where: { $0.code == code }) else { return nil }
        return Scaling(transform: transforms[position], exponent: 0)
    }
}
