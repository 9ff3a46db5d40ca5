// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// The writes of one endpoint that have not ended.
struct WriteDesk: Sendable {
    /// Commands that may wait for their turn behind one endpoint.
    static let orderLimit = 256

    /// Commands whose turn has not come, oldest first, one a point.
    var orders: [WriteOrder] = []
    /// Writes under way: at most one between its first message and the write's reply, the others settle.
    var transactions: [WriteTransaction] = []
    var exchange: OutstandingWrite?
    /// Whether the endpoint is about to be left: writes leave before anything is read back.
    var isDraining = false

    var isEmpty: Bool { orders.isEmpty && transactions.isEmpty }

    /// When the next read-back may leave.
    var nextDue: MonotonicTime { transactions.reduce(.never) { min($0, $1.dueAt) } }
}

/// Writes: they overtake the reads, and one at a time is between its first message and the reply to its write.
///
/// While the device settles, other points are written and scans go on. A newer command for the same point takes the
/// place of one that still waits; it waits itself for the proof of one that has left. A device that does not answer
/// gets no writes, so that it cannot eat the time of the devices behind the same endpoint.
extension EndpointSession {
    /// Whether a write has not ended.
    package var hasWrites: Bool { !desk.isEmpty }

    /// The message of a write that waits for its reply.
    package var exchange: OutstandingWrite? { desk.exchange }

    /// Takes a command in; it ends at once where the endpoint is down.
    package mutating func submit(_ order: WriteOrder, at now: MonotonicTime) {
        guard isReachable else {
            end(order, .init(.noReply, "endpoint down"), at: now)
            return
        }
        if let waiting = desk.orders.firstIndex(where: { $0.point == order.point }) {
            end(desk.orders[waiting], .init(.blocked, "replaced by a newer command before its turn"), at: now)
            desk.orders[waiting] = order
        } else if desk.orders.count < WriteDesk.orderLimit {
            desk.orders.append(order)
        } else {
            end(order, .init(.blocked, "\(WriteDesk.orderLimit) commands wait for this endpoint already"), at: now)
        }
    }

    /// Reads nothing but what proves writes from now on.
    package mutating func beginDrain() { desk.isDraining = true }

    /// Ends every write as not answered.
    package mutating func endWrites(_ why: String, at now: MonotonicTime) {
        if let exchange = desk.exchange { abandon(exchange) }
        let transactions = desk.transactions
        let orders = desk.orders
        desk.transactions = []
        desk.orders = []
        desk.exchange = nil
        for transaction in transactions { end(transaction, transaction.cutOff(why), at: now) }
        for order in orders { end(order, .init(.noReply, why), at: now) }
    }

    /// The reply to the message of a write was read; `words` are empty for the write's own.
    package mutating func writeAnswered(_ words: [UInt16], at now: MonotonicTime, plantTime: Timestamp) {
        guard let exchange = endExchange(at: now) else { return }
        noteReply(of: exchange.device, after: now - exchange.sent, at: now, plantTime: plantTime)
        proceed(exchange, at: now) { $0.answered(words, at: now) }
        refresh(exchange.device)
    }

    /// The message of a write was answered with an exception.
    package mutating func writeRefused(with exception: ModbusException, at now: MonotonicTime) {
        guard let exchange = endExchange(at: now) else { return }
        count(exception, of: exchange.device)
        if exception.isUnitUnreachable {
            failed(exchange.device, exception.cause, sent: exchange.sent, at: now)
        } else if devices[exchange.device].health.isDown {
            refused(by: exchange.device, exception, at: now)
        }
        proceed(exchange, at: now) { $0.refused(exception, at: now) }
        refresh(exchange.device)
    }

    /// The deadline of a write's message has passed; tells whether the connection is given up.
    mutating func writeTimedOut(_ exchange: OutstandingWrite, at now: MonotonicTime) -> Bool {
        abandon(exchange)
        desk.exchange = nil
        activateDue(at: now)
        nextRequestAt = now + plan.requestPause
        noteTimeout(of: exchange.device)
        proceed(exchange, at: now) { $0.timedOut(at: now) }
        failed(exchange.device, .timeout, sent: exchange.sent, at: now)
        if closesAfterTimeout(at: now) { return true }
        refresh(exchange.device)
        return false
    }

    /// The message of a write that is to leave now, or nil.
    mutating func nextWrite(at now: MonotonicTime) -> WriteRequest? {
        guard hasWrites else { return nil }
        endWritesToSilentDevices(at: now)
        while let position = chooseWrite(at: now) {
            do throws(WriteRefusal) {
                return send(try desk.transactions[position].message(), of: position, at: now)
            } catch {
                let transaction = desk.transactions.remove(at: position)
                end(transaction, .init(.blocked, error.detail), at: now)
            }
        }
        return nil
    }

    /// Whether writes can be carried out now or after the pause behind connecting.
    private var isReachable: Bool {
        switch connection.phase {
        case .waiting, .connecting: false
        case .settling, .open: true
        }
    }

    private mutating func chooseWrite(at now: MonotonicTime) -> Int? {
        if let midway = desk.transactions.firstIndex(where: \.isMidway) { return midway }
        let settling = desk.transactions.firstIndex { $0.dueAt <= now }
        if let settling, !desk.isDraining { return settling }
        return startWrite(at: now) ?? desk.transactions.firstIndex { $0.dueAt <= now }
    }

    /// Begins the oldest command whose point has no write under way.
    private mutating func startWrite(at now: MonotonicTime) -> Int? {
        var position = 0
        while position < desk.orders.count {
            let order = desk.orders[position]
            if let before = desk.transactions.firstIndex(where: { $0.order.point == order.point }) {
                guard desk.isDraining else {
                    position += 1
                    continue
                }
                let transaction = desk.transactions.remove(at: before)
                end(transaction, transaction.cutOff("overtaken by the last command before polling stopped"), at: now)
            }
            if now <= order.expires, devices[order.target.device].identity.isAwaited {
                position += 1
                continue
            }
            desk.orders.remove(at: position)
            guard now <= order.expires else {
                end(order, .init(.blocked, "the command expired before its turn"), at: now)
                continue
            }
            if let refusal = writeRefusal(ofDevice: order.target.device) {
                end(order, .init(.blocked, refusal), at: now)
                continue
            }
            desk.transactions.append(WriteTransaction(order))
            return desk.transactions.count - 1
        }
        return nil
    }

    private mutating func endWritesToSilentDevices(at now: MonotonicTime) {
        guard downCount > 0 else { return }
        let why = "the device does not answer"
        for transaction in desk.transactions where devices[transaction.order.target.device].health.isDown {
            end(transaction, transaction.cutOff(why), at: now)
        }
        for order in desk.orders where devices[order.target.device].health.isDown {
            end(order, .init(.noReply, why), at: now)
        }
        desk.transactions.removeAll { devices[$0.order.target.device].health.isDown }
        desk.orders.removeAll { devices[$0.target.device].health.isDown }
    }

    private mutating func send(_ message: WriteMessage, of position: Int, at now: MonotonicTime) -> WriteRequest {
        let order = desk.transactions[position].order
        let device = order.target.device
        let request = WriteRequest(
            transaction: takeTransactionIdentifier(),
            unit: devices[device].plan.unit,
            message: message
        )
        desk.exchange = OutstandingWrite(
            request: request,
            point: order.point,
            device: device,
            sent: now,
            deadline: now + devices[device].plan.responseTimeout
        )
        noteRequest(to: device)
        return request
    }

    private mutating func abandon(_ exchange: OutstandingWrite) {
        abandon(exchange.request.transaction, of: exchange.device, sent: exchange.sent)
    }

    private mutating func endExchange(at now: MonotonicTime) -> OutstandingWrite? {
        guard let exchange = desk.exchange else { return nil }
        desk.exchange = nil
        noteReply(at: now)
        return exchange
    }

    /// Tells the transaction what happened and ends it where that decides it.
    private mutating func proceed(
        _ exchange: OutstandingWrite,
        at now: MonotonicTime,
        _ step: (inout WriteTransaction) -> WriteTransaction.Verdict?
    ) {
        guard let position = desk.transactions.firstIndex(where: { $0.order.point == exchange.point }) else { return }
        let verdict = step(&desk.transactions[position])
        let transaction = desk.transactions[position]
        if let seen = transaction.seen {
            effects.append(.pointRead(device: exchange.device, mapPoint: seen.mapPoint, value: seen.value))
        }
        guard let verdict else { return }
        desk.transactions.remove(at: position)
        end(transaction, verdict, at: now)
    }

    private mutating func end(
        _ transaction: WriteTransaction,
        _ verdict: WriteTransaction.Verdict,
        at now: MonotonicTime
    ) {
        end(transaction.order, verdict, readBack: transaction.readBack, at: now)
    }

    private mutating func end(
        _ order: WriteOrder,
        _ verdict: WriteTransaction.Verdict,
        readBack: Double? = nil,
        at now: MonotonicTime
    ) {
        effects.append(
            .writeEnded(
                WriteEnd(
                    point: order.point,
                    value: order.value,
                    readBack: readBack,
                    result: verdict.result,
                    detail: verdict.detail,
                    duration: now - order.accepted
                )
            )
        )
    }
}
