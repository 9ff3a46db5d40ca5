// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

extension BankState {
    /// Fills every register with something a real device could show.
    mutating func fillWithPlausibleValues(of map: DeviceMap) {
        setScaleFactors(of: map)
        for (position, point) in map.points.enumerated() {
            let golden = map.goldenVectors.first { $0.point == point.name && ($0.value != nil || $0.text != nil) }
            if layout.points[position].isText {
                fill(text: golden?.text ?? "SIMULATED", at: position)
            } else {
                let settings = map.points.compactMap(\.validWhile).filter { $0.point == point.name }.map(
                    \.range.lowerBound
                )
                for value in settings + point.quietValues(golden: map.goldenVectors)
                where (try? put(value, at: position)) != nil {
                    break
                }
            }
        }
        if let identity = map.identity { answer(identity) }
        if let chain = map.sunSpec?.chain { show(chain) }
    }

    /// Writes what the walk over a device's models finds.
    private mutating func show(_ chain: SunSpecChain) {
        store(SunSpecChain.marker, .holdingRegister, at: chain.base)
        for model in chain.models {
            store([model.id, UInt16(clamping: model.length)], .holdingRegister, at: model.address)
        }
        store([SunSpecChain.endIdentifier, 0], .holdingRegister, at: chain.end)
    }

    /// Takes scale factors from golden vectors, else starts at a thousandth; ``put(_:at:)`` lets them grow.
    ///
    /// A unit that a register tells is the first that the map names.
    private mutating func setScaleFactors(of map: DeviceMap) {
        let thousandth = UInt16(bitPattern: -3)
        for (position, point) in layout.points.enumerated() {
            guard let address = point.scaleFactor, position == point.sharers.first else { continue }
            if let codes = point.scaleCodes, let usual = codes.cases.first {
                let current = words(point.table, address..<address + 1)?.first ?? 0
                store([codes.word(usual.code, in: current)], point.table, at: address)
                continue
            }
            let sharers = point.sharers.map { map.points[$0].name }
            let golden = map.goldenVectors.first { $0.scaleFactorWord != nil && sharers.contains($0.point) }
            store([golden?.scaleFactorWord ?? thousandth], point.table, at: address)
        }
    }

    private mutating func fill(text: String, at position: Int) {
        let point = layout.points[position]
        guard !point.addresses.isEmpty else { return }
        let fitting = point.codec.textCapacity.map { String(text.prefix($0)) } ?? text
        guard let words = try? point.codec.encodeText(fitting) else { return }
        store(words, point.table, at: point.addresses.lowerBound)
    }

    /// Puts the first accepted answer of the identity probe where the probe reads it.
    private mutating func answer(_ identity: IdentityProbe) {
        guard let accepted = identity.accepted.first else { return }
        let probe = MapPoint(
            name: "identity",
            table: identity.table,
            address: identity.address,
            type: identity.type,
            unit: SourceUnit("count", .count)
        )
        let codec = RegisterCodec(probe)
        let addresses = BankLayout.addresses(identity.address, codec.registerCount)
        let words: [UInt16]?
        if identity.type.isText {
            words = try? codec.encodeText(accepted)
        } else {
            let isHexadecimal = accepted.hasPrefix("0x") || accepted.hasPrefix("0X")
            let number = isHexadecimal ? UInt64(accepted.dropFirst(2), radix: 16).map(Double.init) : Double(accepted)
            let current = self.words(identity.table, addresses).map { Array($0) }
            words = number.flatMap { try? codec.encode($0, current: current) }
        }
        if let words { store(words, identity.table, at: addresses.lowerBound) }
    }
}

extension MapPoint {
    /// Values in the base unit that the point could show on a quiet day, the best first.
    ///
    /// Golden vectors come first, as a person can compare them with the map; but a document's examples are often the
    /// ends of the register, -110 degC or an alarm, and a plant that shows those is not a quiet one.
    fileprivate func quietValues(golden: [GoldenVector]) -> [Double] {
        let proven = golden.compactMap { $0.point == name ? $0.value.map(unit.toBase) : nil }
        let quiet = isAlarm ? [0] : proven.filter(isUsual) + [plausibleValue]
        return quiet + proven + [0]
    }

    /// Whether the point tells of trouble, so that only 0 is a value of a quiet day.
    private var isAlarm: Bool {
        let troubles = ["alarm", "fault", "failure", "warning", "_trip", "leak", "lost"]
        let isFlag = baseUnit == .boolean || baseUnit == .bitField
        return isFlag && write == nil && troubles.contains { name.contains($0) }
    }

    private func isUsual(_ value: Double) -> Bool {
        guard baseUnit.usualRange?.contains(value) ?? true else { return false }
        guard let range = validRange, range.lowerBound < 0 else { return validRange?.contains(value) ?? true }
        return value > range.lowerBound && value <= range.upperBound
    }

    private var plausibleValue: Double {
        if let label = labels.first { return unit.toBase(Double(label.code)) }
        if let home = write?.home { return home }
        let usual = baseUnit.usualValue
        if let range = validRange, !range.contains(usual) { return (range.lowerBound + range.upperBound) / 2 }
        if let range = write?.range, !range.contains(usual) { return (range.lowerBound + range.upperBound) / 2 }
        return usual
    }
}

extension PointUnit {
    /// What points of the unit show in a plant that runs well, in the base unit; nil where anything goes.
    ///
    /// Narrower than what a probe still believes, which is all that a healthy device may ever show.
    fileprivate var usualRange: ClosedRange<Double>? {
        switch self {
        case .celsius: -30...110
        case .kelvins: -30...40
        case .ratio: -1...2
        case .hertz: 0...400
        case .volts: -1_000...40_000
        case .amperes: -5_000...5_000
        case .pascals: -1e5...5e6
        case .revolutionsPerMinute: 0...40_000
        case .metersPerSecond: 0...60
        default: believableRange
        }
    }

    /// A value that fits most points of the unit.
    fileprivate var usualValue: Double {
        switch self {
        case .celsius: 22
        case .kelvins: 6
        case .watts, .voltAmperes: 50_000
        case .voltAmperesReactive: 8_000
        case .joules, .voltAmpereSeconds, .voltAmpereReactiveSeconds: 3.6e9
        case .coulombs: 360_000
        case .cubicMetersPerSecond: 0.02
        case .cubicMeters: 120
        case .kilogramsPerSecond: 20
        case .pascals: 150_000
        case .ratio: 0.5
        case .hertz: 50
        case .volts: 230
        case .amperes: 75
        case .revolutionsPerMinute: 1_450
        case .seconds: 3_600
        case .degrees: 180
        case .meters: 0.01
        case .metersPerSecond: 3
        case .wattsPerSquareMeter: 200
        case .joulesPerKilogram: 45_000
        case .kilogramsPerCubicMeter: 0.01
        case .lux: 500
        case .newtonMeters: 100
        case .decibels: 60
        case .euroPerJoule: 2e-8
        case .count: 1
        case .boolean, .enumeration, .bitField: 0
        }
    }
}
