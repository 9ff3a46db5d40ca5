// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The words of a served device, and what clients wrote that nobody has taken yet.
struct BankState: Sendable {
    let layout: BankLayout
    /// One for each table, in the order of ``RegisterTable/allCases``.
    private var runs: [RegisterRuns]
    /// The value put in last, by position in the map's points, in the base unit.
    private var values: [Double?]
    private var written: [WrittenValue] = []
    private var droppedWrites = 0
    private let writeCapacity: Int
    /// By position in the map's points.
    var writeFaults: [Int: BankWriteFault] = [:]
    /// Positions in the map's points that show what they show, whatever is written.
    var frozenPoints: Set<Int> = []
    /// Whether the device answers every request as a gateway does for a unit that is not there.
    var isAway = false
    /// What no value can be read from at present.
    private var withdrawn = WithdrawnPoints()
    /// Accepted writes by position in the map's points.
    private(set) var writeCounts: [Int]

    init(layout: BankLayout, runs: [RegisterRuns], writeCapacity: Int) {
        self.layout = layout
        self.runs = runs
        self.writeCapacity = writeCapacity
        values = Array(repeating: nil, count: layout.points.count)
        writeCounts = Array(repeating: 0, count: layout.points.count)
    }

    /// The words at the addresses of a table; nil where any does not exist.
    func words(_ table: RegisterTable, _ addresses: Range<Int>) -> ArraySlice<UInt16>? {
        runs[table.position][addresses]
    }

    mutating func store(_ words: [UInt16], _ table: RegisterTable, at address: Int) {
        runs[table.position].store(words, at: address)
    }

    mutating func takeWrites() -> (values: [WrittenValue], dropped: Int) {
        defer {
            written.removeAll(keepingCapacity: true)
            droppedWrites = 0
        }
        return (written, droppedWrites)
    }

    /// Whether a client has written the point since the writes were taken last.
    func hasUntakenWrite(to position: Int) -> Bool {
        !written.isEmpty && written.contains { $0.point == position }
    }

    /// Puts a value in the base unit into a point's registers.
    mutating func put(_ value: Double, at position: Int) throws(CodecProblem) {
        let point = layout.points[position]
        guard !point.addresses.isEmpty else { return }
        // What another point of the same registers has done to them since is not known here.
        guard values[position] != value || point.sharesRegisters else { return }
        if let scaleFactor = point.scaleFactor, point.scaleCodes == nil {
            try growScaleFactor(at: scaleFactor, for: value, of: point)
        }
        store(try encoded(value, of: point), point.table, at: point.addresses.lowerBound)
        values[position] = value
        encodeAgain(point.coded)
        withdrawn.giveBack(position, layout)
    }

    /// Lets a point have no value until one is put in; ``RegisterBank/withdraw(_:)`` says how that is shown.
    mutating func withdraw(_ position: Int) {
        let point = layout.points[position]
        guard !point.addresses.isEmpty, !point.isText else { return }
        values[position] = nil
        let current = words(point.table, point.addresses).map { Array($0) }
        if let words = point.codec.encodeNoValue(current: current) {
            store(words, point.table, at: point.addresses.lowerBound)
        } else {
            withdrawn.take(position, layout)
        }
    }

    /// What a point's registers mean, in its base unit; nil where they mean no value.
    func value(at position: Int) -> Double? {
        let point = layout.points[position]
        guard !point.isText, let words = words(point.table, point.addresses) else { return nil }
        let decoded = point.codec.decode(Array(words), scaleFactorWord: scaleFactorWord(of: point))
        return decoded.isGood ? decoded.value : nil
    }

    private func scaleFactorWord(of point: BankLayout.Point) -> UInt16? {
        point.scaleFactor.flatMap { words(point.table, $0..<$0 + 1)?.first }
    }

    private func encoded(_ value: Double, of point: BankLayout.Point) throws(CodecProblem) -> [UInt16] {
        let current = point.codec.keepsNeighbours ? words(point.table, point.addresses).map { Array($0) } : nil
        return try point.codec.encode(value, current: current, scaleFactorWord: scaleFactorWord(of: point))
    }

    /// Raises a scale factor until the value fits, and encodes the other values under it again.
    private mutating func growScaleFactor(
        at address: Int,
        for value: Double,
        of point: BankLayout.Point
    ) throws(CodecProblem) {
        var exponent = Int(Int16(bitPattern: scaleFactorWord(of: point) ?? 0))
        let before = exponent
        while true {
            do throws(CodecProblem) {
                _ = try point.codec.encode(value, scaleFactorWord: UInt16(bitPattern: Int16(exponent)))
                break
            } catch {
                guard case .doesNotFit = error.kind, exponent < 10 else { throw error }
                exponent += 1
            }
        }
        guard exponent != before else { return }
        store([UInt16(bitPattern: Int16(exponent))], point.table, at: address)
        encodeAgain(point.sharers)
    }

    /// Shows the values of points once more whose scale or unit has changed, as the device does.
    private mutating func encodeAgain(_ positions: [Int]) {
        for position in positions {
            let point = layout.points[position]
            guard let old = values[position], let words = try? encoded(old, of: point) else { continue }
            store(words, point.table, at: point.addresses.lowerBound)
        }
    }
}

// MARK: - Requests

extension BankState {
    mutating func serve(_ request: ServerRequest) -> BankAnswer {
        if isAway { return .exception(.gatewayTargetFailed) }
        switch request {
        case .read(let table, let addresses): return read(table, addresses)
        case .write(let table, let address, let words):
            if let exception = write(words, table, at: address) { return .exception(exception) }
            return .words([])
        case .maskWrite(let address, let andMask, let orMask):
            guard let current = words(.holdingRegister, address..<address + 1)?.first else {
                return .exception(.illegalDataAddress)
            }
            let word = current & andMask | orMask & ~andMask
            if let exception = write([word], .holdingRegister, at: address, touching: ~andMask) {
                return .exception(exception)
            }
            return .words([])
        case .writeAndRead(let address, let words, let addresses):
            // Nothing may be written if the read is going to be refused.
            if case .exception(let exception) = read(.holdingRegister, addresses) { return .exception(exception) }
            if let exception = write(words, .holdingRegister, at: address) { return .exception(exception) }
            return read(.holdingRegister, addresses)
        }
    }

    private func read(_ table: RegisterTable, _ addresses: Range<Int>) -> BankAnswer {
        if let exception = layout.refusal(reading: table, addresses) { return .exception(exception) }
        guard let words = words(table, addresses), !withdrawn.touches(table, addresses) else {
            return .exception(.illegalDataAddress)
        }
        return .words(Array(words))
    }

    /// Writes words where they cover whole writable points, all or nothing.
    ///
    /// Bits of a word that the client leaves as they are are not in `touched`; points there are not reported.
    /// - Returns: Why nothing was written, or nil.
    private mutating func write(
        _ words: [UInt16],
        _ table: RegisterTable,
        at address: Int,
        touching touched: UInt16 = .max
    ) -> ServerException? {
        let addresses = address..<address + words.count
        let targets = layout.targets.filter { $0.table == table && $0.addresses.overlaps(addresses) }
        var uncovered = Set(addresses)
        for target in targets where addresses.contains(target.addresses) { uncovered.subtract(target.addresses) }
        guard uncovered.isEmpty, targets.allSatisfy({ addresses.contains($0.addresses) }) else {
            return .illegalDataAddress
        }
        var values: [(target: BankLayout.Target, value: Double)] = []
        for target in targets where layout.points[target.point].codec.ownedBits & touched != 0 {
            let point = layout.points[target.point]
            guard !point.isText else { continue }
            let offset = target.addresses.lowerBound - address
            let own = Array(words[offset..<offset + target.addresses.count])
            let decoded = point.codec.decode(own, scaleFactorWord: scaleFactorWord(of: point))
            guard decoded.isGood, takes(decoded.value, target) else { return .illegalDataValue }
            if case .wornOut(let most) = writeFaults[target.point], writeCounts[target.point] >= most {
                return .deviceFailure
            }
            values.append((target, decoded.value))
        }
        store(kept(words, table, at: address, targets), table, at: address)
        for (position, point) in layout.points.enumerated()
        where point.table == table && point.addresses.overlaps(addresses) && point.scaleFactor == nil {
            self.values[position] = nil
        }
        for (target, value) in values {
            writeCounts[target.point] += 1
            switch writeFaults[target.point] {
            case .ignored: break
            case .deferred: remember(value, target)
            case .clamped(let range): accept(min(max(value, range.lowerBound), range.upperBound), target)
            case .wornOut, nil: accept(value, target)
            }
        }
        return nil
    }

    /// The words with those of points that do not take what is written left as they are.
    private func kept(
        _ words: [UInt16],
        _ table: RegisterTable,
        at address: Int,
        _ targets: [BankLayout.Target]
    ) -> [UInt16] {
        guard !writeFaults.isEmpty else { return words }
        var kept = words
        for target in targets {
            guard writeFaults[target.point] == .ignored || writeFaults[target.point] == .deferred,
                let current = self.words(table, target.addresses)
            else { continue }
            let bits = layout.points[target.point].codec.ownedBits
            for (offset, word) in current.enumerated() {
                let place = target.addresses.lowerBound - address + offset
                kept[place] = kept[place] & ~bits | word & bits
            }
        }
        return kept
    }

    private func takes(_ value: Double, _ target: BankLayout.Target) -> Bool {
        let point = layout.points[target.point]
        let step = point.codec.resolution(near: value, scaleFactorWord: scaleFactorWord(of: point))
        let slack = step.isFinite ? step / 2 : 0
        if let home = target.home, abs(value - home) <= slack { return true }
        return value >= target.range.lowerBound - slack && value <= target.range.upperBound + slack
    }

    /// Shows a written value where it is read back, and keeps it for who takes the writes.
    private mutating func accept(_ value: Double, _ target: BankLayout.Target) {
        values[target.point] = nil
        try? put(value, at: target.point)
        if let feedback = target.feedback, !frozenPoints.contains(feedback) {
            try? put(target.shown(value), at: feedback)
        }
        remember(value, target)
    }

    /// Keeps a written value for who takes the writes.
    private mutating func remember(_ value: Double, _ target: BankLayout.Target) {
        if written.count >= writeCapacity {
            written.removeFirst()
            droppedWrites += 1
        }
        written.append(WrittenValue(point: target.point, value: value))
    }
}

extension Range<Int> {
    /// Whether all of the other range lies in this one.
    fileprivate func contains(_ other: Range<Int>) -> Bool {
        lowerBound <= other.lowerBound && other.upperBound <= upperBound
    }
}
