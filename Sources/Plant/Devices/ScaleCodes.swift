// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// How a code in another register tells what a point's raw number means: a display that is switched from degC to degF,
/// a resolution that is a setting.
///
/// The register is the one at ``MapPoint/scaleFactorAddress``; where a point has these codes, it holds no power of ten.
package struct ScaleCodes: Hashable, Sendable {
    /// What one code means.
    package struct Case: Hashable, Sendable {
        package let code: UInt16
        /// The unit after ``scale`` and ``offset``; its base unit is that of the point.
        package let unit: SourceUnit
        /// What the raw number is multiplied with to give ``unit``.
        package let scale: Double
        /// What is added after ``scale``, in ``unit``.
        package let offset: Double

        package init(code: UInt16, unit: SourceUnit, scale: Double, offset: Double) {
            self.code = code
            self.unit = unit
            self.scale = scale
            self.offset = offset
        }
    }

    /// The lowest of the register's bits that hold the code, 0...15.
    package let shift: Int
    /// How many bits the code has, 1...16.
    package let width: Int
    /// What each code means, in the map's order; a code that is not among them gives no value.
    package let cases: [Case]

    /// How many codes a point may have.
    package static let maximumCases = 32

    package init(shift: Int, width: Int, cases: [Case]) {
        self.shift = shift
        self.width = width
        self.cases = cases
    }

    /// As many ones as the code has bits.
    private var mask: UInt16 { UInt16(truncatingIfNeeded: (1 << width) - 1) }

    /// The code in a word of the register.
    package func code(_ word: UInt16) -> UInt16 { (word >> UInt16(shift)) & mask }

    /// A word of the register with the code in its place; the other bits are kept.
    package func word(_ code: UInt16, in word: UInt16) -> UInt16 {
        word & ~(mask << UInt16(shift)) | (code & mask) << UInt16(shift)
    }
}

extension MapPoint {
    /// Does to every case of ``scaleCodes`` what has been done to the point's own scale and offset, as when a site
    /// corrects a sensor.
    package mutating func carryToCodes(from original: MapPoint) {
        guard let codes = scaleCodes, original.scale != 0 else { return }
        let ratio = scale / original.scale
        let shift = (offset - original.offset) * unit.factor
        guard ratio != 1 || shift != 0 else { return }
        scaleCodes = ScaleCodes(
            shift: codes.shift,
            width: codes.width,
            cases: codes.cases.map { each in
                ScaleCodes.Case(
                    code: each.code,
                    unit: each.unit,
                    scale: each.scale * ratio,
                    offset: each.offset + shift / each.unit.factor
                )
            }
        )
    }
}
