// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The next deadline of each of a fixed number of keys, the earliest at hand: a binary heap that knows where each
/// key stands.
///
/// - Complexity: ``update(_:to:)`` is O(log n), ``earliest`` O(1).
package struct DeadlineHeap: Sendable {
    private var heap: [Int32]
    private var places: [Int32]
    private var deadlines: [Int64]

    /// Makes a heap of the keys 0..<`count`, none with a deadline.
    package init(count: Int) {
        heap = (0..<count).map { Int32($0) }
        places = heap
        deadlines = Array(repeating: .max, count: count)
    }

    /// The key with the earliest deadline; nil where there are no keys.
    package var earliest: (key: Int, deadline: MonotonicTime)? {
        guard let key = heap.first else { return nil }
        return (Int(key), MonotonicTime(nanoseconds: deadlines[Int(key)]))
    }

    package func deadline(_ key: Int) -> MonotonicTime { MonotonicTime(nanoseconds: deadlines[key]) }

    /// Gives a key another deadline; ``MonotonicTime/never`` for none.
    package mutating func update(_ key: Int, to deadline: MonotonicTime) {
        let before = deadlines[key]
        guard before != deadline.nanoseconds else { return }
        deadlines[key] = deadline.nanoseconds
        if deadline.nanoseconds < before { rise(Int(places[key])) } else { sink(Int(places[key])) }
    }

    private mutating func rise(_ start: Int) {
        var place = start
        while place > 0 {
            let parent = (place - 1) / 2
            guard isEarlier(place, parent) else { return }
            exchange(place, parent)
            place = parent
        }
    }

    private mutating func sink(_ start: Int) {
        var place = start
        while true {
            let left = 2 * place + 1
            guard left < heap.count else { return }
            let right = left + 1
            let child = right < heap.count && isEarlier(right, left) ? right : left
            guard isEarlier(child, place) else { return }
            exchange(place, child)
            place = child
        }
    }

    /// Equal deadlines are served in the order of their keys, so that a run can be repeated.
    private func isEarlier(_ left: Int, _ right: Int) -> Bool {
        let leftDeadline = deadlines[Int(heap[left])]
        let rightDeadline = deadlines[Int(heap[right])]
        return leftDeadline == rightDeadline ? heap[left] < heap[right] : leftDeadline < rightDeadline
    }

    private mutating func exchange(_ left: Int, _ right: Int) {
        heap.swapAt(left, right)
        places[Int(heap[left])] = Int32(left)
        places[Int(heap[right])] = Int32(right)
    }
}
