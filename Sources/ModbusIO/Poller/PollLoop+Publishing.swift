// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Synchronization

/// What a worker shows of its sessions.
extension PollLoop {
    /// Something that happened to one of an endpoint's devices, before it has a name and a time.
    enum Happening {
        case linkChanged(device: Int, from: DeviceStatus.Link, to: DeviceStatus.Link, cause: QualityCause)
        case overrun(device: Int, skipped: Int)
        case unreadable(group: Int, points: Range<Int>)
        case identified(device: Int, found: String)
    }

    /// Writes what a session had to say onto the board.
    mutating func publish(_ endpoint: Int) {
        let slot = slots[endpoint]
        let plantTime = clock.now()
        var happenings: [Happening] = []
        board.contents.withLock { Self.publish(slot, at: plantTime, into: &$0, &happenings) }
        finishPublishing(slot, happenings, at: plantTime)
    }

    /// Decodes a reply and writes it onto the board together with what its session had to say.
    mutating func publish(_ endpoint: Int, _ request: OutstandingRequest, at plantTime: Timestamp) {
        guard let group = request.job.place?.group else { return }
        let slot = slots[endpoint]
        let words = wire.words
        let board = board
        var happenings: [Happening] = []
        board.contents.withLock { contents in
            let place = BlockReader.Place(
                targets: slot.targets[group],
                device: slot.work.boardDevices[request.device],
                endpoint: slot.position
            )
            BlockReader.read(words.span, request.request.block, into: &contents, place, at: plantTime, &decoded)
            Self.publish(slot, at: plantTime, into: &contents, &happenings)
        }
        finishPublishing(slot, happenings, at: plantTime)
    }

    /// Hands the outcomes of writes on, once the board shows what they read back, and forgets the effects.
    private mutating func finishPublishing(_ slot: Slot, _ happenings: [Happening], at plantTime: Timestamp) {
        for case .writeEnded(let end) in slot.session.effects { outcomes.append([WriteOutcome(end, at: plantTime)]) }
        slot.session.clearEffects()
        for happening in happenings { report(happening, slot, at: plantTime) }
    }

    private static func publish(
        _ slot: Slot,
        at plantTime: Timestamp,
        into contents: inout ReadingBoard.Contents,
        _ happenings: inout [Happening]
    ) {
        contents.endpoints[slot.position].counters = slot.session.counters
        contents.endpoints[slot.position].link = slot.session.connection.link
        contents.endpoints[slot.position].cause = slot.session.connection.cause
        for effect in slot.session.effects {
            switch effect {
            case .deviceChanged(let device):
                let position = slot.work.boardDevices[device]
                let before = contents.devices[position].link
                let state = slot.session.state(ofDevice: device)
                contents.devices[position] = state
                guard state.link != before else { continue }
                happenings.append(.linkChanged(device: device, from: before, to: state.link, cause: state.failure))
            case .pointsFailed(let group, let points, let cause):
                let targets = slot.targets[group]
                for position in points { contents.cells[targets.cell(position)].failure = cause }
                if cause == .knownBadRange { happenings.append(.unreadable(group: group, points: points)) }
            case .pointRead(let device, let mapPoint, let value):
                contents.cells[slot.work.firstCells[device] + mapPoint] = ReadingBoard.Cell(value, at: plantTime)
            case .identified(let device, let found, let isNews):
                contents.found[slot.work.boardDevices[device]] = found
                if isNews { happenings.append(.identified(device: device, found: found)) }
            case .overrun(let device, let skipped):
                happenings.append(.overrun(device: device, skipped: skipped))
            case .writeEnded:
                break
            }
        }
    }

    private mutating func report(_ happening: Happening, _ slot: Slot, at plantTime: Timestamp) {
        switch happening {
        case .linkChanged(let device, let before, let after, let cause):
            guard after == .up || after == .down, before != .connecting || after == .down else { return }
            let why = cause == .none ? "" : ": \(cause.words)"
            tell("device_link", slot, device, "\(before.rawValue) -> \(after.rawValue)\(why)", at: plantTime)
        case .identified(let device, let found):
            let state = slot.session.state(ofDevice: device).identity ?? .awaited
            let expected = slot.work.plan.devices[device].identity?.expected ?? ""
            let what = DeviceIdentity(state: state, expected: expected, found: found).refusal
            tell("identity_\(state.rawValue)", slot, device, what ?? "it is the device of its map", at: plantTime)
        case .overrun(let device, let skipped):
            let what = "\(skipped) scan(s) skipped: the one before had not ended"
            tell("scan_overrun", slot, device, what, at: plantTime)
        case .unreadable(let group, let points):
            let reads = slot.session.plan(ofGroup: group)
            let first = reads[points].reduce(65_536) { min($0, $1.first) }
            let end = reads[points].reduce(0) { max($0, $1.end) }
            let what = "the device refuses \(reads[points.lowerBound].table.rawValue) \(first)...\(end - 1)"
            tell("address_unreadable", slot, slot.session.device(ofGroup: group), what, at: plantTime)
        }
    }

    mutating func tell(_ kind: String, _ slot: Slot, _ device: Int, _ what: String, at plantTime: Timestamp) {
        let subject = slot.work.deviceNames[device]
        events.append(
            Event(time: plantTime, kind: kind, subject: subject, message: "\(subject): \(what)"),
            wallTime: .now()
        )
    }
}
