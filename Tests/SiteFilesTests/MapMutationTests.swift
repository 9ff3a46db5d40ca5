// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import SiteFiles
import TestKit
import Testing

/// What the field gets wrong in a map, done to every map on purpose: some test has to notice.
struct MapMutationTests {
    static let directory = Repository.path("devicemaps")
    /// One map a file.
    static let files = SiteFiles.mapNames(in: [directory]).compactMap { name in
        SiteFiles.loadMap(path: "\(directory)/\(name).yaml").value
    }
    /// With each map of models as it is on devices of other models.
    static let maps = files.flatMap { map in
        [map]
            + map.alternatives.map { alternative in
                var present = alternative
                present.points.removeAll { !$0.isReadable }
                return present
            }
    }

    /// Whether a vector still holds when its point is taken to be coded as `point` is.
    static func holds(_ vector: GoldenVector, _ point: MapPoint) -> Bool {
        let codec = RegisterCodec(point)
        if let text = vector.text { return codec.decodeText(vector.words) == text }
        let decoded = codec.decode(vector.words, scaleFactorWord: vector.scaleFactorWord)
        guard let value = vector.value else { return !decoded.isGood }
        let tolerance = max(abs(value) * 1e-6, abs(point.scale) * 1e-3)
        return decoded.isGood && abs(point.unit.fromBase(decoded.value) - value) <= tolerance
    }

    /// The points of each coding: two that differ in nothing but name and address are proven by one vector.
    static func codings(of map: DeviceMap) -> [[MapPoint]] {
        var order: [String] = []
        var groups: [String: [MapPoint]] = [:]
        for point in map.points {
            let coding =
                "\(point.table) \(point.type) \(point.wordOrder) \(point.byteOrder) \(point.unit.spelling) "
                + "\(point.scale) \(point.offset) \(point.sentinels) \(point.labels.isEmpty) "
                + "\(point.powerFactor?.rawValue ?? "") \(point.scaleCodes.map { "\($0)" } ?? "")"
            if groups[coding] == nil { order.append(coding) }
            groups[coding, default: []].append(point)
        }
        return order.compactMap { groups[$0] }
    }

    /// The codings that a change applies to and no vector of the map notices.
    static func unnoticed(in map: DeviceMap, by change: (MapPoint) -> MapPoint?) -> (changed: Int, names: [String]) {
        var changed = 0
        var names: [String] = []
        for points in codings(of: map) {
            let changes = points.compactMap { point in change(point).map { (point.name, $0) } }
            guard !changes.isEmpty else { continue }
            changed += 1
            let isNoticed = changes.contains { name, point in
                map.goldenVectors.contains { $0.point == name && !holds($0, point) }
            }
            if !isNoticed { names.append("\(map.name) \(points[0].name)") }
        }
        return (changed, names)
    }

    @Test func everyVectorHoldsBeforeAnythingIsChanged() {
        for map in Self.maps {
            for vector in map.goldenVectors {
                guard let point = map.point(named: vector.point) else { continue }
                #expect(Self.holds(vector, point), "\(map.name) \(vector.point)")
            }
        }
    }

    @Test func theOtherWordOrderFailsInEveryCodingOfSeveralRegisters() {
        var changed = 0
        for map in Self.maps {
            let result = Self.unnoticed(in: map) { point in
                guard point.type.hasWordOrder else { return nil }
                var other = point
                other.wordOrder = point.wordOrder == .highFirst ? .lowFirst : .highFirst
                return other
            }
            #expect(result.names == [])
            changed += result.changed
        }
        #expect(changed > 150)
    }

    @Test func theOtherByteOrderFailsInEveryCodingOfWholeRegisters() {
        var changed = 0
        for map in Self.maps {
            let result = Self.unnoticed(in: map) { point in
                guard !point.table.holdsBits, !point.isString, !point.isWordOfBits else { return nil }
                var other = point
                other.byteOrder = point.byteOrder == .highFirst ? .lowFirst : .highFirst
                return other
            }
            #expect(result.names == [])
            changed += result.changed
        }
        #expect(changed > 400)
    }

    /// Signed for unsigned and the other way about, wherever the two can read a register differently: not where the
    /// valid range refuses it both ways, and not for codes, which are small numbers.
    @Test func theOtherSignednessFailsInEveryCodingOfIntegers() {
        var changed = 0
        for map in Self.maps {
            let result = Self.unnoticed(in: map) { point in
                guard point.labels.isEmpty, let type = point.type.withOtherSignedness else { return nil }
                var other = point
                other.type = type
                return Self.canDiffer(point, other) ? other : nil
            }
            #expect(result.names == [])
            changed += result.changed
        }
        #expect(changed > 250)
    }

    /// The factors of a sum, and what a power factor's number tells besides.
    @Test func anotherFactorAndAnUnfoldedPowerFactorFail() {
        var changed = 0
        for map in Self.maps {
            let result = Self.unnoticed(in: map) { point in
                var other = point
                if case .combined(let parts) = point.type {
                    other.type = .combined(
                        parts.map {
                            RegisterPart(offset: $0.offset, type: $0.type, factor: $0.factor == 1 ? 1 : $0.factor / 10)
                        }
                    )
                    return other
                }
                guard point.powerFactor != nil else { return nil }
                other.powerFactor = nil
                return other
            }
            #expect(result.names == [])
            changed += result.changed
        }
        #expect(changed >= 4)
    }

    /// Units told by a register: the meanings of the codes changed about, and the code looked for a bit further up.
    @Test func theMeaningOfAnotherCodeAndACodeInAnotherPlaceFail() {
        var changed = 0
        for map in Self.maps {
            for change in [Self.rotated, Self.shifted] {
                let result = Self.unnoticed(in: map) { point in
                    guard let codes = point.scaleCodes else { return nil }
                    var other = point
                    other.scaleCodes = change(codes)
                    return other
                }
                #expect(result.names == [])
                changed += result.changed
            }
        }
        #expect(changed >= 6)
    }

    private static func rotated(_ codes: ScaleCodes) -> ScaleCodes {
        let others = codes.cases.dropFirst() + codes.cases.prefix(1)
        let cases = zip(codes.cases, others).map { own, other in
            ScaleCodes.Case(code: own.code, unit: other.unit, scale: other.scale, offset: other.offset)
        }
        return ScaleCodes(shift: codes.shift, width: codes.width, cases: cases)
    }

    private static func shifted(_ codes: ScaleCodes) -> ScaleCodes {
        ScaleCodes(shift: codes.shift + 1, width: codes.width, cases: codes.cases)
    }

    /// Whether a register with its highest bit set means anything to either of the two.
    private static func canDiffer(_ first: MapPoint, _ second: MapPoint) -> Bool {
        guard let valid = first.validRange else { return true }
        return [first, second].contains { point in
            guard let raw = point.type.rangeOfHighestBit else { return true }
            let ends = [raw.lowerBound, raw.upperBound].map { point.unit.toBase($0 * point.scale + point.offset) }
            return (min(ends[0], ends[1])...max(ends[0], ends[1])).overlaps(valid)
        }
    }
}

extension MapPoint {
    var isString: Bool { type.isText }

    /// Whether the value is bits of a register, whose byte order another point of the word proves.
    fileprivate var isWordOfBits: Bool {
        switch type {
        case .bit, .bits, .uint8, .int8: true
        default: unit.base == .bitField || unit.base == .enumeration || unit.base == .boolean
        }
    }
}

extension RegisterType {
    fileprivate var withOtherSignedness: RegisterType? {
        switch self {
        case .unsigned(let bits): .signed(bits: bits)
        case .signed(let bits): .unsigned(bits: bits)
        case .uint8(let half): .int8(half)
        case .int8(let half): .uint8(half)
        default: nil
        }
    }

    /// The raw numbers whose highest bit is set.
    fileprivate var rangeOfHighestBit: ClosedRange<Double>? {
        func power(_ bits: Int) -> Double { (0..<bits).reduce(1.0) { value, _ in value * 2 } }
        switch self {
        case .unsigned(let bits): return power(bits - 1)...power(bits) - 1
        case .signed(let bits): return -power(bits - 1)...(-1)
        case .uint8: return 128...255
        case .int8: return -128...(-1)
        default: return nil
        }
    }
}
