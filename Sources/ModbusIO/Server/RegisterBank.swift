// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Synchronization

/// What a served device answers at addresses no point of its map stands at.
package enum UndefinedAddresses: Sendable {
    /// Exception 2, as most devices do.
    case refused
    /// Zeros in gaps that the map lets a read bridge (`maximumGap`, not prohibited), exception 2 elsewhere.
    case gapsReadZero
}

/// A value that a client wrote to a served device.
package struct WrittenValue: Hashable, Sendable {
    /// Position in the map's points.
    package let point: Int
    /// The value in the point's base unit.
    package let value: Double

    package init(point: Int, value: Double) {
        self.point = point
        self.value = value
    }
}

/// The registers of one served device: values go in by point, words come out by address.
///
/// Made from a device map alone, through the codec the poller decodes with. Starts with plausible values everywhere:
/// the map's golden vectors, else the middle of the valid range. The identity probe's registers hold an accepted
/// answer. May be used from any thread; a request sees either all of a ``set(_:)`` or nothing of it.
package final class RegisterBank: Sendable {
    package let map: DeviceMap
    private let state: Mutex<BankState>

    /// Makes the registers of one device.
    ///
    /// - Parameters:
    ///   - map: What the device is.
    ///   - undefinedAddresses: What it answers where the map says nothing.
    ///   - writeCapacity: Written values kept until ``takeWrites()``; beyond it the oldest are dropped.
    package init(map: DeviceMap, undefinedAddresses: UndefinedAddresses = .refused, writeCapacity: Int = 1_024) {
        precondition(writeCapacity > 0, "a bank that keeps no written value cannot tell of any")
        self.map = map
        let layout = BankLayout(map)
        let runs = layout.runs(map, bridging: undefinedAddresses == .gapsReadZero ? map.limits.maximumGap : 0)
        var state = BankState(layout: layout, runs: runs, writeCapacity: writeCapacity)
        state.fillWithPlausibleValues(of: map)
        self.state = Mutex(state)
    }

    /// The position of the named point in the map's points, or nil.
    package func position(of name: String) -> Int? { map.points.firstIndex { $0.name == name } }

    /// Puts a value, in the point's base unit, into the point's registers.
    ///
    /// Where the point has a scale factor that is too small for the value, the scale factor grows.
    ///
    /// - Parameters:
    ///   - position: Position in the map's points.
    ///   - value: The value in the point's base unit.
    /// - Throws: ``CodecProblem`` where the registers cannot hold the value; they stay as they were.
    package func set(_ position: Int, to value: Double) throws(CodecProblem) {
        try state.withLock { state throws(CodecProblem) in try state.put(value, at: position) }
    }

    /// Puts several values in at once, in the order given.
    ///
    /// A point that a client has written since ``takeWrites()`` keeps what the client wrote: the values given here were
    /// computed without it, and a device never shows an old command after it took a new one.
    ///
    /// - Returns: The problems of the values that could not be put in; their registers stay as they were.
    package func set(_ values: [WrittenValue]) -> [CodecProblem] {
        state.withLock { state in
            var problems: [CodecProblem] = []
            for value in values where !state.hasUntakenWrite(to: value.point) {
                do throws(CodecProblem) { try state.put(value.value, at: value.point) } catch { problems.append(error) }
            }
            return problems
        }
    }

    /// Lets points, by position in the map's points, have no value until one is put in.
    ///
    /// They show the map's sentinel or the NaN of floating point. Where all patterns are values, a read that touches
    /// their registers is refused with exception 2, unless another point with a value stands in the same register.
    package func withdraw(_ points: [Int]) {
        state.withLock { state in for point in points { state.withdraw(point) } }
    }

    /// Lets the device be away, as behind a gateway: all requests are refused with exception 11.
    package func setAway(_ isAway: Bool) { state.withLock { $0.isAway = isAway } }

    /// Takes the values written by clients since the last call, oldest first.
    ///
    /// - Returns: The values, and how many older ones were dropped because nobody took them.
    package func takeWrites() -> (values: [WrittenValue], dropped: Int) {
        state.withLock { $0.takeWrites() }
    }

    /// Puts these faults, by position in the map's points, in the place of all that were there.
    package func setWriteFaults(_ faults: [Int: BankWriteFault]) { state.withLock { $0.writeFaults = faults } }

    /// Puts these points, by position in the map's points, in the place of all that did not follow what is written.
    ///
    /// A point whose feedback does not follow takes a write and reads it back, and nothing comes of it.
    package func setFrozenPoints(_ points: Set<Int>) { state.withLock { $0.frozenPoints = points } }

    /// What each point shows, by position in the map's points, in its base unit; nil where that is no value.
    package var values: [Double?] {
        state.withLock { state in map.points.indices.map { state.value(at: $0) } }
    }

    /// How often each point that was ever written has been, by position in the map's points, in the map's order.
    ///
    /// For registers behind memory that wears out; writes that were refused do not count.
    package var writeCounts: [(point: Int, count: Int)] {
        state.withLock { state in
            state.writeCounts.enumerated().filter { $0.element > 0 }.map { (point: $0.offset, count: $0.element) }
        }
    }

    /// The words of a read with those of values of two and four registers in the opposite order.
    func swapped(_ words: [UInt16], _ range: RegisterRange) -> [UInt16] {
        let read = Int(range.address)..<range.end
        var swapped = words
        for point in state.withLock({ $0.layout.points }) where point.table == range.table {
            let place = point.addresses
            guard [2, 4].contains(place.count), !point.isText, read.lowerBound <= place.lowerBound,
                place.upperBound <= read.upperBound
            else { continue }
            let first = place.lowerBound - read.lowerBound
            for offset in 0..<place.count { swapped[first + offset] = words[first + place.count - 1 - offset] }
        }
        return swapped
    }

    /// Carries out a request and commits what it writes.
    func serve(_ request: ServerRequest) -> BankAnswer { state.withLock { $0.serve(request) } }
}

/// What a served device makes of a write to a point, after it has acknowledged it.
package enum BankWriteFault: Hashable, Sendable {
    /// Nothing happens.
    case ignored
    /// The value is cut to these bounds, in the base unit.
    case clamped(ClosedRange<Double>)
    /// The registers stay; the value is only given to who takes the writes.
    case deferred
    /// After so many writes each one fails with exception 4.
    case wornOut(after: Int)
}

/// What a bank makes of a request.
enum BankAnswer: Hashable, Sendable {
    case exception(ServerException)
    /// Words to be sent, as they stand from the first address read; empty for a request that only writes.
    case words([UInt16])
}
