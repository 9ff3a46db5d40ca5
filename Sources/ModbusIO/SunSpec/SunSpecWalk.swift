// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// Finds the models of a SunSpec device, one read after the other: the marker, then the head of each model.
///
/// Owns no socket: ``step`` says what to read, ``answered(_:)`` and ``refused()`` what came of it. However the device
/// answers, the walk ends after ``modelLimit`` models at most. A chain that breaks off, be it with a refusal, an id of
/// 0 or a length that leads past the last address, is used as far as it goes; one that does not end is not.
package struct SunSpecWalk: Hashable, Sendable {
    /// What is to be done, or what has come of it.
    package enum Step: Hashable, Sendable {
        /// These registers are to be read next.
        case read(RegisterRange)
        case found(SunSpecChain)
        case failed(Failure)
    }

    /// Why there is no chain.
    package enum Failure: Hashable, Sendable {
        /// None of ``SunSpecChain/bases`` holds the marker.
        case noMarker
        /// A marker stands at this address, but no model behind it.
        case noModels(base: Int)
        /// The same goes on and on behind the marker at this address.
        case endless(base: Int)

        /// What a reading's quality says of it.
        package var cause: QualityCause { self == .noMarker ? .sunSpecMarkerMissing : .sunSpecModelsUnknown }

        /// What it is, in words for people.
        package var words: String {
            let bases = SunSpecChain.bases.map(String.init).joined(separator: ", ")
            return switch self {
            case .noMarker: "no SunSpec marker at holding registers \(bases)"
            case .noModels(let base): "a SunSpec marker at holding register \(base), but no model behind it"
            case .endless(let base):
                "more than \(SunSpecWalk.modelLimit) SunSpec models behind holding register \(base), and no end"
            }
        }
    }

    /// Models of one device; real ones have fewer than 40.
    package static let modelLimit = 100

    /// The registers that may hold the marker, in the order they are tried.
    static var markerRanges: [RegisterRange] {
        SunSpecChain.bases.map { range(at: $0, SunSpecChain.marker.count) }
    }

    /// What every walk reads first.
    static let firstRange = range(at: SunSpecChain.bases[0], SunSpecChain.marker.count)

    /// What to do now.
    package private(set) var step: Step
    /// Bases that have not been tried.
    private var bases = SunSpecChain.bases[...]
    private var base = 0
    private var models: [SunSpecChain.Model] = []
    /// Where the head of the next model stands; nil while the marker is looked for.
    private var head: Int?

    package init() {
        step = .failed(.noMarker)
        tryNextBase()
    }

    /// The registers that ``step`` wants were read.
    package mutating func answered(_ words: [UInt16]) {
        guard case .read = step else { return }
        guard let head else {
            guard words.starts(with: SunSpecChain.marker) else { return tryNextBase() }
            return look(at: base + SunSpecChain.marker.count)
        }
        guard words.count >= SunSpecChain.headerLength, words[0] != SunSpecChain.endIdentifier, words[0] != 0 else {
            return end()
        }
        let model = SunSpecChain.Model(id: words[0], address: head, length: Int(words[1]))
        guard model.end <= 65_536 else { return end() }
        guard models.count < Self.modelLimit else {
            step = .failed(.endless(base: base))
            return
        }
        models.append(model)
        look(at: model.end)
    }

    /// The device does not have the registers that ``step`` wants.
    package mutating func refused() {
        guard case .read = step else { return }
        if head == nil { tryNextBase() } else { end() }
    }

    /// What was found; nil before the end and where there is nothing.
    package var chain: SunSpecChain? {
        if case .found(let chain) = step { chain } else { nil }
    }

    /// Why nothing was found; nil before the end and where something was.
    package var failure: Failure? {
        if case .failed(let failure) = step { failure } else { nil }
    }

    private mutating func tryNextBase() {
        guard let next = bases.popFirst() else {
            step = .failed(.noMarker)
            return
        }
        base = next
        step = .read(Self.range(at: next, SunSpecChain.marker.count))
    }

    private mutating func look(at address: Int) {
        guard address + SunSpecChain.headerLength <= 65_536 else { return end() }
        head = address
        step = .read(Self.range(at: address, SunSpecChain.headerLength))
    }

    private mutating func end() {
        step =
            models.isEmpty
            ? .failed(.noModels(base: base)) : .found(SunSpecChain(base: base, models: models))
    }

    private static func range(at address: Int, _ count: Int) -> RegisterRange {
        RegisterRange(table: .holdingRegister, address: UInt16(clamping: address), count: count)
    }
}

extension ReadBlock {
    /// A read of registers that are no point's.
    init(of range: RegisterRange) {
        let planned = PlannedPoint(
            mapPoint: 0,
            table: range.table,
            address: Int(range.address),
            count: range.count,
            scaleFactorAddress: nil
        )
        self.init(covering: 0..<1, of: [planned])
    }
}
