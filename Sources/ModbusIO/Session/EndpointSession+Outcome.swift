// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// What happened on the wire.
extension EndpointSession {
    /// The connection stands: every device is read at once, then on its grid.
    package mutating func connected(at now: MonotonicTime) {
        connection.connected(at: now)
        counters.connections += 1
        forgetRecentRequests()
        nextRequestAt = now
        nextProbeAt = now
        restartPreparations()
        for group in groups.indices {
            groups[group].memory.reset()
            _ = groups[group].grid.advance(beyond: now)
        }
        for device in devices.indices {
            beginIdentity(of: device, at: now)
            guard !devices[device].health.isDown, devices[device].identity.permitsReads else { continue }
            for group in devices[device].groups { activate(group, at: now) }
        }
        earliestDue = groups.reduce(.never) { min($0, $1.grid.due) }
        refreshAll()
    }

    /// The attempt failed, or the connection is gone; the socket is to be closed.
    package mutating func lose(_ cause: QualityCause, at now: MonotonicTime) {
        if let request = outstanding { abandon(request) }
        connection.lost(cause, at: now)
        counters.connectionLosses += 1
        endWrites("endpoint down", at: now)
        for group in groups.indices { groups[group].isActive = false }
        active.removeAll(keepingCapacity: true)
        for device in devices.indices { beginIdentity(of: device, at: now) }
        refreshAll()
    }

    /// The reply to the outstanding request was read and its values are stored.
    package mutating func answered(at now: MonotonicTime, plantTime: Timestamp) {
        guard let request = endRequest(at: now), let place = request.job.place else { return }
        heardInstead(of: request.device, at: now)
        noteReply(of: request.device, after: now - request.sent, at: now, plantTime: plantTime)
        groups[place.group].memory.answered(place.entry)
        if !request.job.isProbe { advance(place.group, from: place.entry + 1, at: now) }
        refresh(request.device)
    }

    /// The device, or its gateway, answered the outstanding request with an exception.
    package mutating func refused(with exception: ModbusException, at now: MonotonicTime) {
        guard let request = endRequest(at: now) else { return }
        count(exception, of: request.device)
        if exception.isUnitUnreachable {
            unanswered(request, exception.cause, at: now)
            refresh(request.device)
            return
        }
        if request.job.isPreparation {
            preparationRefused(request, exception, at: now)
            return
        }
        guard let (group, entry) = request.job.place else {
            identityRefused(by: request.device, exception, at: now)
            return
        }
        let points = request.request.block.points
        heardInstead(of: request.device, at: now)
        refused(by: request.device, exception, at: now)
        if request.job.isProbe {
            effects.append(.pointsFailed(group: group, points: points, cause: exception.cause))
        } else {
            refusedScan(group, entry, points, exception, at: now)
        }
        refresh(request.device)
    }

    /// A reply to an abandoned request, or a second copy of a reply, arrived and was discarded.
    package mutating func discardedLate(_ transaction: UInt16, at now: MonotonicTime) {
        connection.heard()
        guard let position = abandoned.firstIndex(where: { $0.transaction == transaction }) else {
            counters.duplicateReplies += 1
            return
        }
        let late = abandoned.remove(at: position)
        counters.lateReplies += 1
        devices[late.device].state.lateReplies += 1
        devices[late.device].history.repliedLate(after: now - late.sent)
        effects.append(.deviceChanged(late.device))
    }

    /// Part of a frame has arrived: the rest has the longest time a reply may take.
    package mutating func receivedPart() {
        hasPartialFrame = true
        connection.heard()
        guard let request = outstanding else { return }
        outstanding?.deadline = request.sent + devices[request.device].plan.responseTimeout
    }

    /// The stream holds something that is no reply; the socket is to be closed.
    package mutating func malformed(_ fault: FrameFault, at now: MonotonicTime) {
        counters.count(fault)
        devices[outstanding?.device ?? desk.exchange?.device ?? 0].state.malformedReplies += 1
        lose(.malformedReply, at: now)
    }

    /// The deadline of a request has passed; tells whether the connection is given up.
    mutating func timeOut(_ request: OutstandingRequest, at now: MonotonicTime) -> Bool {
        abandon(request)
        activateDue(at: now)
        nextRequestAt = now + plan.requestPause
        noteTimeout(of: request.device)
        devices[request.device].history.timedOut()
        unanswered(request, .timeout, at: now)
        if closesAfterTimeout(at: now) { return true }
        refresh(request.device)
        return false
    }

    /// A device did not answer a request, be it that no reply came in time or that its gateway says so.
    private mutating func unanswered(_ request: OutstandingRequest, _ cause: QualityCause, at now: MonotonicTime) {
        let device = request.device
        if let place = request.job.place {
            effects.append(.pointsFailed(group: place.group, points: request.request.block.points, cause: cause))
            if !request.job.isProbe { advance(place.group, from: place.entry + 1, at: now) }
        }
        if request.job.isIdentity {
            devices[device].identity.silent(at: now, interval: devices[device].plan.fastestInterval)
        } else {
            devices[device].identity.missed(at: now)
        }
        failed(device, cause, sent: request.sent, at: now)
    }

    /// Gives the connection up where a time-out shows that it is of no more use; tells whether it does.
    mutating func closesAfterTimeout(at now: MonotonicTime) -> Bool {
        let isDead = connection.isSilent && devices.allSatisfy { $0.health.failures > 0 }
        guard hasPartialFrame || isDead else { return false }
        lose(.timeout, at: now)
        return true
    }

    /// Forgets the outstanding request because something answered it.
    mutating func endRequest(at now: MonotonicTime) -> OutstandingRequest? {
        guard let request = outstanding else { return nil }
        outstanding = nil
        noteReply(at: now)
        return request
    }

    /// The request under way was answered, with a value or an exception.
    mutating func noteReply(at now: MonotonicTime) {
        hasPartialFrame = false
        connection.replied()
        activateDue(at: now)
        nextRequestAt = now + plan.requestPause
    }

    private mutating func abandon(_ request: OutstandingRequest) {
        outstanding = nil
        abandon(request.request.transaction, of: request.device, sent: request.sent)
    }

    /// Remembers a request that was given up, to know a late reply by.
    mutating func abandon(_ transaction: UInt16, of device: Int, sent: MonotonicTime) {
        if abandoned.count == Self.abandonedLimit { abandoned.removeFirst() }
        abandoned.append(Abandoned(transaction: transaction, device: device, sent: sent))
    }

    /// A device gave a good reply; one that was down gets its scans back at once.
    mutating func noteReply(of device: Int, after roundTrip: Int64, at now: MonotonicTime, plantTime: Timestamp) {
        counters.replies += 1
        counters.roundTrip.record(nanoseconds: roundTrip)
        devices[device].state.replies += 1
        devices[device].state.roundTripSum += roundTrip
        devices[device].state.lastReply = plantTime
        devices[device].history.replied(after: roundTrip)
        devices[device].lastAnswer = now
        if devices[device].health.replied() { recovered(device, at: now) }
    }

    /// A device answered with an exception; one that was down gets its scans back at once.
    mutating func refused(by device: Int, _ exception: ModbusException, at now: MonotonicTime) {
        devices[device].lastAnswer = now
        if devices[device].health.refused(exception.cause) { recovered(device, at: now) }
    }

    private mutating func recovered(_ device: Int, at now: MonotonicTime) {
        downCount -= 1
        planIdentities()
        restartPreparation(of: device)
        guard devices[device].identity.permitsReads else { return }
        for group in devices[device].groups { activate(group, at: now) }
    }

    /// A device did not answer; one that is down loses its scans.
    mutating func failed(_ device: Int, _ cause: QualityCause, sent: MonotonicTime, at now: MonotonicTime) {
        let wasDown = devices[device].health.isDown
        devices[device].health.failed(cause, at: now, interval: devices[device].plan.fastestInterval)
        if devices[device].health.isDown {
            if !wasDown {
                downCount += 1
                if !devices[device].identity.isAwaited { beginIdentity(of: device, at: now) }
            }
            for group in devices[device].groups { finish(group) }
        }
        planIdentities()
        if sent >= nextProbeAt { disturbedSince = sent }
        nextProbeAt = downCount < devices.count ? now + 9 * (now - sent) : now
    }

    mutating func count(_ exception: ModbusException, of device: Int) {
        counters.count(exception)
        devices[device].state.exceptions += 1
    }

    /// A request to a device was not answered in time.
    mutating func noteTimeout(of device: Int) {
        connection.timedOut()
        counters.timeouts += 1
        devices[device].state.timeouts += 1
    }

    private mutating func refusedScan(
        _ group: Int,
        _ entry: Int,
        _ points: Range<Int>,
        _ exception: ModbusException,
        at now: MonotonicTime
    ) {
        guard exception.isLasting, groups[group].halvings < Self.halvingLimit else {
            effects.append(.pointsFailed(group: group, points: points, cause: exception.cause))
            advance(group, from: entry + 1, at: now)
            return
        }
        switch groups[group].memory.refused(entry, exception: exception.code, at: now) {
        case .halved:
            groups[group].halvings += 1
            advance(group, from: entry, at: now)
        case .condemned:
            effects.append(.pointsFailed(group: group, points: points, cause: .knownBadRange))
            advance(group, from: entry + 1, at: now)
        }
    }

    /// Works out the link and failure of a device again.
    mutating func refresh(_ device: Int) {
        let health = devices[device].health
        devices[device].state.failure = connection.cause != .none ? connection.cause : health.cause
        switch connection.link {
        case .down: devices[device].state.link = .down
        case .connecting: devices[device].state.link = .connecting
        case .up, .degraded:
            let link = health.link
            switch devices[device].identity.state {
            case nil, .confirmed: devices[device].state.link = link
            // One that was lost stays so until it is known that it came back.
            case .awaited: if devices[device].state.link != .down { devices[device].state.link = .connecting }
            case .mismatch:
                devices[device].state.link = .down
                devices[device].state.failure = .identityMismatch
            case .unconfirmed:
                devices[device].state.link = link == .up ? .degraded : link
                if health.cause == .none { devices[device].state.failure = .identityUnconfirmed }
            }
        }
        // Of a device that is gone, or not known to be the right one, that is what is to be told.
        if let cause = devices[device].preparation?.cause, cause != .none, connection.cause == .none, !health.isDown,
            devices[device].identity.permitsReads
        {
            devices[device].state.failure = cause
            devices[device].state.link = .degraded
        }
        effects.append(.deviceChanged(device))
    }

    private mutating func refreshAll() {
        for device in devices.indices { refresh(device) }
        hasPartialFrame = false
    }
}
