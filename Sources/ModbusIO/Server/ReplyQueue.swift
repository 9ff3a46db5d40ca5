// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Replies that wait for their moment, the earliest at hand: a binary heap over all connections of a server.
///
/// Nothing ever waits for one of them but the server's epoll call, so a slow device slows nobody else.
struct ReplyQueue {
    struct Entry {
        /// Monotonic nanoseconds at which it leaves.
        var due: Int64
        /// Counts entries: of two that are due at once the older leaves first.
        var order: UInt64
        let descriptor: Int32
        /// Tells the connection from a later one on the same descriptor.
        let serial: UInt64
        var reply: PendingReply
    }

    private var heap: [Entry] = []
    private var nextOrder: UInt64 = 0

    /// Replies of a server that may wait at a time: sixteen for each of a full house of connections.
    static let capacity = 131_072

    var isFull: Bool { heap.count >= Self.capacity }

    /// When the earliest is due, in monotonic nanoseconds; nil where nothing waits.
    var earliest: Int64? { heap.first?.due }

    mutating func add(_ reply: PendingReply, to descriptor: Int32, _ serial: UInt64, due: Int64) {
        heap.append(Entry(due: due, order: nextOrder, descriptor: descriptor, serial: serial, reply: reply))
        nextOrder += 1
        rise(heap.count - 1)
    }

    /// Takes the earliest that is due.
    mutating func take(at now: Int64) -> Entry? {
        guard let first = heap.first, first.due <= now else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return first
    }

    private func isEarlier(_ left: Int, _ right: Int) -> Bool {
        (heap[left].due, heap[left].order) < (heap[right].due, heap[right].order)
    }

    private mutating func rise(_ start: Int) {
        var place = start
        while place > 0, isEarlier(place, (place - 1) / 2) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func sink() {
        var place = 0
        while true {
            let left = 2 * place + 1
            guard left < heap.count else { return }
            let child = left + 1 < heap.count && isEarlier(left + 1, left) ? left + 1 : left
            guard isEarlier(child, place) else { return }
            heap.swapAt(place, child)
            place = child
        }
    }
}
