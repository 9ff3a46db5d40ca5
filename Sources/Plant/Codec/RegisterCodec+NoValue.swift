// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

extension RegisterCodec {
    /// The words that read as no value: a sentinel of the map, the one of ``QualityCause/notAvailable`` first, else the
    /// NaN of floating point (IEEE 754-2019, 6.2.1).
    ///
    /// - Parameter current: The registers as they are now, for a point that ``keepsNeighbours``.
    /// - Returns: Nil where every pattern of the registers is a value.
    package func encodeNoValue(current: [UInt16]? = nil) -> [UInt16]? {
        for cause in [.notAvailable] + sentinels.map(\.cause) {
            if let words = encodeSentinel(cause, current: current) { return words }
        }
        switch layout.form {
        case .float16: return layout.words(0x7E00, current: 0)
        case .float32: return layout.words(UInt64(Float.nan.bitPattern), current: 0)
        case .float64: return layout.words(Double.nan.bitPattern, current: 0)
        default: return nil
        }
    }
}
