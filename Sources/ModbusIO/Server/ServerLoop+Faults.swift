// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import CModbus
import Glibc
import Plant

/// Requests to units that do not answer as they should.
extension ServerLoop {
    /// Replies that one connection may have waiting; a client that sends on regardless is closed.
    private static let mostWaiting = 64

    /// Answers a request as the faults have it.
    ///
    /// - Returns: Whether the connection goes on.
    mutating func answerFaulty(_ head: ServerFrame, on descriptor: Int32, _ endpoint: Int, _ faults: UnitFaults)
        -> Bool
    {
        let drawn = DrawnFaults(faults, &generator)
        let request = Array(frame.prefix(head.length))
        if drawn.has(.blackHole) || drawn.ending != nil {
            guard cmodbus_discard(descriptor, Int32(head.length)) == head.length else { return false }
            if drawn.ending == .reset { Self.resetOnClose(descriptor) }
            return drawn.ending == nil
        }
        guard let good = goodReply(to: head, request, on: descriptor, endpoint, drawn) else { return false }
        let replies = FaultyReply.replies(to: good, drawn)
        let now = cmodbus_monotonic()
        let bytes = request.count + good.count
        let delay = drawn.latency.map { $0.delay(bytes: bytes, draw: generator.share()).wholeNanoseconds } ?? 0
        var moment = now + delay
        if drawn.latency?.isSharedLine == true {
            moment = max(now, lineFreeAt[endpoint]) + delay
            lineFreeAt[endpoint] = moment
        }
        for reply in replies { guard wait(reply, until: moment, on: descriptor) else { return false } }
        sendWhatIsDue(at: now)
        return isOpen(descriptor)
    }

    /// The reply a good device would send, taken from libmodbus without sending it; nil ends the connection.
    private mutating func goodReply(
        to head: ServerFrame,
        _ request: [UInt8],
        on descriptor: Int32,
        _ endpoint: Int,
        _ drawn: DrawnFaults
    ) -> [UInt8]? {
        var code = drawn.exception
        if code == nil, case .request(let wanted) = head.content, let reading = wanted.reading,
            let most = drawn.latency?.maximumRegisters, reading.count > most
        {
            code = ServerException.illegalDataValue.rawValue
        }
        if code == nil, let bank = endpoints[endpoint].units[head.unit] {
            switch head.content {
            case .refused(let reason): code = reason.rawValue
            case .request(let wanted):
                switch bank.serve(wanted) {
                case .exception(let reason): code = reason.rawValue
                case .words(var words):
                    if drawn.has(.wordSwap), let reading = wanted.reading { words = bank.swapped(words, reading) }
                    return lane.compose(head, from: descriptor, reading: wanted.reading, words: words)
                }
            }
        }
        statistics.exceptions += 1
        guard cmodbus_discard(descriptor, Int32(head.length)) == head.length else { return nil }
        return FaultyReply.exception(code ?? ServerException.gatewayTargetFailed.rawValue, to: request.span)
    }

    /// Puts a reply into the queue, behind those the connection waits for unless it is a late one.
    private mutating func wait(_ reply: PendingReply, until moment: Int64, on descriptor: Int32) -> Bool {
        guard case .connection(var connection) = slots[Int(descriptor)], !replies.isFull,
            connection.waitingReplies < Self.mostWaiting
        else { return false }
        var due = moment + reply.lateNanoseconds
        if reply.lateNanoseconds == 0 {
            due = max(due, connection.freeAt)
            connection.freeAt = due + reply.dripNanoseconds * Int64(max(reply.bytes.count - 1, 0))
        }
        connection.waitingReplies += 1
        replies.add(reply, to: descriptor, connection.serial, due: due)
        slots[Int(descriptor)] = .connection(connection)
        return true
    }

    /// Sends every reply, or byte of one, whose moment has come.
    mutating func sendWhatIsDue(at now: Int64) {
        while let entry = replies.take(at: now) {
            guard case .connection(var connection) = slots[Int(entry.descriptor)], connection.serial == entry.serial
            else { continue }
            let count = entry.reply.dripNanoseconds > 0 ? 1 : entry.reply.bytes.count
            let part = Array(entry.reply.bytes.prefix(count))
            let sent = unsafe send(entry.descriptor, part, count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            guard sent == count else {
                end(entry.descriptor)
                continue
            }
            if count < entry.reply.bytes.count {
                var rest = entry.reply
                rest.bytes.removeFirst(count)
                replies.add(rest, to: entry.descriptor, entry.serial, due: entry.due + rest.dripNanoseconds)
            } else {
                connection.waitingReplies -= 1
                slots[Int(entry.descriptor)] = .connection(connection)
            }
        }
    }

    private func isOpen(_ descriptor: Int32) -> Bool {
        if case .connection = slots[Int(descriptor)] { return true }
        return false
    }

    /// Lets closing the socket send RST in the place of FIN.
    private static func resetOnClose(_ descriptor: Int32) {
        var option = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
}
