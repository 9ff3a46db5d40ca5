// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import CModbus
import Glibc
import Plant

/// What arrives.
extension PollLoop {
    /// Deals with an event of a connection.
    mutating func arrived(_ token: UInt64, isHungUp: Bool) {
        let endpoint = Int(truncatingIfNeeded: token & 0xFFFF_FFFF)
        guard slots[endpoint].socket >= 0, UInt64(slots[endpoint].generation) == token >> 32 else { return }
        let now = MonotonicTime.now()
        switch slots[endpoint].session.connection.phase {
        case .waiting:
            return
        case .connecting:
            let error = cmodbus_socket_error(slots[endpoint].socket)
            if error == 0 {
                slots[endpoint].session.connected(at: now)
            } else {
                lose(endpoint, .ofError(error), at: now)
            }
        case .settling, .open:
            read(endpoint, at: now)
        }
        // The peer has closed: half a frame that is left will never be whole, and no other event will come.
        if isHungUp, slots[endpoint].socket >= 0 { lose(endpoint, .connectionLost, at: now) }
        serve(endpoint, at: now)
    }

    /// Takes every whole frame out of a stream.
    private mutating func read(_ endpoint: Int, at now: MonotonicTime) {
        while slots[endpoint].socket >= 0 {
            let socket = slots[endpoint].socket
            let available = wire.peek(socket)
            guard available > 0 else {
                if available < 0, errno == EAGAIN { return }
                if available < 0, errno == EINTR { continue }
                lose(endpoint, .connectionLost, at: now)
                return
            }
            let taken: Int
            switch slots[endpoint].session.judge(wire.frame.span.extracting(0..<available)) {
            case .incomplete:
                slots[endpoint].session.receivedPart()
                return
            case .malformed(let fault):
                close(endpoint)
                slots[endpoint].session.malformed(fault, at: now)
                return
            case .late(let transaction, let length):
                guard wire.discard(length, from: socket) else {
                    lose(endpoint, .connectionLost, at: now)
                    return
                }
                slots[endpoint].session.discardedLate(transaction, at: now)
                taken = length
            case .exception(let code, let length):
                guard receive(endpoint, length, at: now) else { return }
                let exception = ModbusException(code: code)
                if slots[endpoint].session.exchange == nil {
                    slots[endpoint].session.refused(with: exception, at: now)
                    placeModels(slots[endpoint])
                } else {
                    slots[endpoint].session.writeRefused(with: exception, at: now)
                }
                taken = length
            case .reply(let length):
                guard receive(endpoint, length, at: now) else { return }
                answered(endpoint, at: now)
                taken = length
            }
            if taken == available { return }
        }
    }

    private mutating func receive(_ endpoint: Int, _ length: Int, at now: MonotonicTime) -> Bool {
        if wire.receive(length, from: slots[endpoint].socket) { return true }
        lose(endpoint, .connectionLost, at: now)
        return false
    }

    private mutating func answered(_ endpoint: Int, at now: MonotonicTime) {
        let slot = slots[endpoint]
        let plantTime = clock.now()
        if let exchange = slot.session.exchange {
            writeAnswered(slot, exchange, at: now, plantTime: plantTime)
            publish(endpoint)
            return
        }
        guard let request = slot.session.outstanding else { return }
        wire.unpack(request.request.block.range)
        if request.job.isPreparation {
            prepared(slot, request, at: now, plantTime: plantTime)
            publish(endpoint)
            return
        }
        guard request.job.place != nil else {
            let words = Array(wire.words.prefix(request.request.block.count))
            slot.session.identified(words, at: now, plantTime: plantTime)
            publish(endpoint)
            return
        }
        slot.session.answered(at: now, plantTime: plantTime)
        publish(endpoint, request, at: plantTime)
    }

    private mutating func writeAnswered(
        _ slot: Slot,
        _ exchange: OutstandingWrite,
        at now: MonotonicTime,
        plantTime: Timestamp
    ) {
        var words: [UInt16] = []
        if case .read(let range) = exchange.request.message {
            wire.unpack(range)
            words = Array(wire.words.prefix(range.count))
        }
        slot.session.writeAnswered(words, at: now, plantTime: plantTime)
    }
}

extension QualityCause {
    /// The cause that an errno of a connection attempt stands for.
    static func ofError(_ code: Int32) -> QualityCause {
        switch code {
        case ECONNREFUSED: .connectionRefused
        case ETIMEDOUT: .timeout
        default: .connectionLost
        }
    }
}
