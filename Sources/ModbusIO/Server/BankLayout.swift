// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Where the points of a map stand and what of it may be read and written; fixed once a device is served.
struct BankLayout: Sendable {
    /// One point with its codec.
    struct Point: Sendable {
        let codec: RegisterCodec
        let table: RegisterTable
        let addresses: Range<Int>
        /// The address of its scale-factor register, same table.
        let scaleFactor: Int?
        /// What codes in that register mean; nil where it holds a power of ten.
        let scaleCodes: ScaleCodes?
        /// The points that share the scale factor, itself included.
        var sharers: [Int] = []
        /// The points whose unit stands in one of its registers.
        var coded: [Int] = []
        let isText: Bool
        /// Whether another point stands in some of its registers, such as a word beside its own bits.
        var sharesRegisters = false
    }

    /// One point that may be written.
    struct Target: Sendable {
        /// Position in the map's points.
        let point: Int
        let table: RegisterTable
        let addresses: Range<Int>
        /// The values the device takes, in the base unit.
        let range: ClosedRange<Double>
        let home: Double?
        /// The position of the point that shows the command, where it is another one.
        let feedback: Int?
        /// Whether that point only says that the machine runs.
        let isRunStatus: Bool

        /// What the feedback shows of a command, in its base unit.
        func shown(_ command: Double) -> Double { isRunStatus ? (command > 0 ? 1 : 0) : command }
    }

    let points: [Point]
    let targets: [Target]
    /// Where nothing may be read: points that are only written.
    let hidden: [RegisterRange]
    let limits: RequestLimits

    init(_ map: DeviceMap) {
        var points = map.points.map { point in
            Point(
                codec: RegisterCodec(point),
                table: point.table,
                addresses: point.isAbsent ? 0..<0 : Self.addresses(point.address, point.type.registerCount),
                scaleFactor: point.isAbsent ? nil : point.scaleFactorAddress.map(Int.init),
                scaleCodes: point.scaleCodes,
                isText: point.type.isText
            )
        }
        for (position, point) in points.enumerated() where point.scaleFactor != nil {
            points[position].sharers = points.indices.filter {
                points[$0].scaleFactor == point.scaleFactor && points[$0].table == point.table
            }
        }
        for (position, point) in points.enumerated() {
            points[position].coded = points.indices.filter { other in
                guard points[other].scaleCodes != nil, points[other].table == point.table else { return false }
                return points[other].scaleFactor.map(point.addresses.contains) ?? false
            }
        }
        var residents: [[Int]: Int] = [:]
        for point in points {
            for address in point.addresses { residents[[point.table.position, address], default: 0] += 1 }
        }
        for (position, point) in points.enumerated() {
            points[position].sharesRegisters = point.addresses.contains { address in
                residents[[point.table.position, address], default: 0] > 1
            }
        }
        self.points = points
        targets = map.points.enumerated().compactMap { position, point in
            guard let write = point.write, point.table.canBeWritten || write.address != nil else { return nil }
            let feedback = write.feedback.flatMap { name in map.points.firstIndex { $0.name == name } }
            return Target(
                point: position,
                table: point.table.holdsBits ? .coil : .holdingRegister,
                addresses: Self.addresses(write.address ?? point.address, point.type.registerCount),
                range: write.range,
                home: write.home,
                feedback: feedback,
                isRunStatus: point.baseUnit != .boolean && feedback.map { map.points[$0].baseUnit == .boolean } ?? false
            )
        }
        let readable = map.points.filter(\.isReadable).map(\.range)
        hidden = map.points.filter { !$0.isReadable && !$0.isAbsent }.map(\.range).filter { range in
            !readable.contains { $0.overlaps(range) }
        }
        limits = map.limits
    }

    /// The runs of all four tables, in the order of ``RegisterTable/allCases``.
    func runs(_ map: DeviceMap, bridging: Int) -> [RegisterRuns] {
        RegisterTable.allCases.map { table in
            var ranges: [Range<Int>] = []
            for point in points where point.table == table && !point.addresses.isEmpty {
                ranges.append(point.addresses)
                // One read brings both, so that there must be something between.
                if let scaleFactor = point.scaleFactor {
                    let first = min(scaleFactor, point.addresses.lowerBound)
                    ranges.append(first..<max(scaleFactor + 1, point.addresses.upperBound))
                }
            }
            for target in targets where target.table == table { ranges.append(target.addresses) }
            if let identity = map.identity, identity.table == table {
                ranges.append(Self.addresses(identity.address, identity.type.registerCount))
            }
            if let chain = map.sunSpec?.chain, table == .holdingRegister {
                ranges.append(chain.base..<min(chain.end + SunSpecChain.headerLength, 65_536))
            }
            for block in map.limits.wholeBlocks where block.table == table {
                ranges.append(Int(block.address)..<block.end)
            }
            if map.limits.evenReads {
                ranges = ranges.map { range in
                    let (first, end) = map.limits.whole(table, range.lowerBound, range.upperBound)
                    return first..<end
                }
            }
            let prohibited = map.limits.prohibited.filter { $0.table == table }.map { Int($0.address)..<$0.end }
            return RegisterRuns(ranges, bridging: bridging, avoiding: prohibited)
        }
    }

    /// Why a read is refused before any register is looked at, or nil.
    func refusal(reading table: RegisterTable, _ addresses: Range<Int>) -> ServerException? {
        let most = table.holdsBits ? limits.maximumBitsPerRead : limits.maximumRegistersPerRead
        guard addresses.count <= most else { return .illegalDataValue }
        let range = RegisterRange(table: table, address: UInt16(addresses.lowerBound), count: addresses.count)
        guard !limits.isHalf(table, addresses) else { return .illegalDataValue }
        let isClosed = hidden.contains { $0.overlaps(range) } || limits.prohibited.contains { $0.overlaps(range) }
        return isClosed ? .illegalDataAddress : nil
    }

    /// Addresses of a value, cut off at the end of the table.
    static func addresses(_ address: UInt16, _ count: Int) -> Range<Int> {
        Int(address)..<min(Int(address) + count, 65_536)
    }
}

extension RegisterTable {
    var canBeWritten: Bool { self == .coil || self == .holdingRegister }

    /// Position in ``allCases``.
    var position: Int {
        switch self {
        case .coil: 0
        case .discreteInput: 1
        case .inputRegister: 2
        case .holdingRegister: 3
        }
    }
}

extension MapPoint {
    /// Whether a device lacks the point: it can be neither read nor written.
    fileprivate var isAbsent: Bool { !isReadable && write == nil }

    /// The addresses the point is read at.
    fileprivate var range: RegisterRange { RegisterRange(table: table, address: address, count: type.registerCount) }
}
