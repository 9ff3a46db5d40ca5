// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Why a value cannot be put into registers, or a map's entry cannot be used.
package struct CodecProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong; values and ranges are in the point's base unit.
    package enum Kind: Hashable, Sendable {
        case notFinite(Double)
        case doesNotFit(Double, holds: ClosedRange<Double>)
        case readsAsSentinel(Double, QualityCause)
        case scaleFactorInvalid(UInt16?)
        /// The word of a unit register whose code the map does not know.
        case codeUnknown(UInt16)
        /// A bit, an 8-bit half or a sum with gaps needs the registers as they are now.
        case currentMissing
        case textPoint
        case numericPoint
        case textTooLong(bytes: Int, holds: Int)
        case controlCharacter
        /// A text that the fields of a version cannot hold.
        case notAVersion(String)
        case noSuchType(RegisterType)
        /// The key of the map's entry whose number is zero, infinite or NaN where it must not be.
        case unusableNumber(key: String, Double)
        case sentinelTooWide(UInt64, bits: Int)
        case sentinelWithoutCause(UInt64)
        case tooManySentinels(Int)
    }

    package let kind: Kind
    /// The point's canonical name.
    package let point: String

    package init(_ kind: Kind, point: String) {
        self.kind = kind
        self.point = point
    }

    /// What is wrong, where, and what to do.
    package var description: String { "\(point): \(explanation)" }

    private var explanation: String {
        switch kind {
        case .notFinite(let value): "\(value) cannot be sent; give a finite value"
        case .doesNotFit(let value, let holds):
            "\(value) does not fit its registers; give a value from \(holds.lowerBound) to \(holds.upperBound)"
        case .readsAsSentinel(let value, let cause):
            "\(value) has the bits that mean \"\(cause.words)\"; give another value"
        case .scaleFactorInvalid(nil): "its scale-factor register is not known; read it first"
        case .scaleFactorInvalid(let word?):
            "its scale-factor register holds \(Int16(bitPattern: word)); the device must give -10 to 10"
        case .codeUnknown(let word):
            "the register that tells its unit holds \(word), which the map does not know; set the device otherwise"
        case .currentMissing: "it shares its register; read the register first and pass it on"
        case .textPoint: "it is text and has no numeric value; encode it as text"
        case .numericPoint: "it is not text; encode it as a number"
        case .textTooLong(let bytes, let holds): "the text has \(bytes) bytes, its registers hold \(holds); shorten it"
        case .controlCharacter: "the text holds a control character; take it out"
        case .notAVersion(let text): "'\(text)' is no version with the fields of its register; give numbers that fit"
        case .noSuchType(let type): "there is no register type \(type); correct the map"
        case .unusableNumber(let key, let value): "\(key) is \(value); correct the map"
        case .sentinelTooWide(let bits, let width):
            "sentinel 0x\(String(bits, radix: 16, uppercase: true)) has more than \(width) bits; correct the map"
        case .sentinelWithoutCause(let bits):
            "sentinel 0x\(String(bits, radix: 16, uppercase: true)) has no cause; correct the map"
        case .tooManySentinels(let count):
            "it has \(count) sentinels; keep to \(RegisterDecoder.maximumSentinels)"
        }
    }
}

extension RegisterCodec {
    /// The first thing in a map's entry that a codec cannot work with; nil where it can.
    package static func problem(in point: MapPoint) -> CodecProblem? {
        guard let layout = RegisterLayout(point.type, wordOrder: point.wordOrder, byteOrder: point.byteOrder) else {
            return CodecProblem(.noSuchType(point.type), point: point.name)
        }
        let codings = [(point.scale, point.offset, point.unit)]
        for (scale, offset, unit) in codings + (point.scaleCodes?.cases ?? []).map({ ($0.scale, $0.offset, $0.unit) }) {
            let numbers = [
                ("scale", scale, mayBeZero: false), ("offset", offset, mayBeZero: true),
                ("unit factor", unit.factor, mayBeZero: false), ("unit offset", unit.offset, mayBeZero: true),
            ]
            for (key, value, mayBeZero) in numbers where !value.isFinite || (value == 0 && !mayBeZero) {
                return CodecProblem(.unusableNumber(key: key, value), point: point.name)
            }
        }
        guard point.sentinels.count <= RegisterDecoder.maximumSentinels else {
            return CodecProblem(.tooManySentinels(point.sentinels.count), point: point.name)
        }
        for sentinel in point.sentinels where sentinel.bits > layout.mask {
            return CodecProblem(.sentinelTooWide(sentinel.bits, bits: layout.width), point: point.name)
        }
        for sentinel in point.sentinels where sentinel.cause == .none {
            return CodecProblem(.sentinelWithoutCause(sentinel.bits), point: point.name)
        }
        return nil
    }
}
