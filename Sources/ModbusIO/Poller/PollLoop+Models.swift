// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Synchronization

/// Devices whose models are found after each connect.
extension PollLoop {
    /// Hands the reply to a step of a device's preparation on.
    mutating func prepared(
        _ slot: Slot,
        _ request: OutstandingRequest,
        at now: MonotonicTime,
        plantTime: Timestamp
    ) {
        let words = Array(wire.words.prefix(request.request.block.count))
        slot.session.prepared(words, at: now, plantTime: plantTime)
        placeModels(slot)
    }

    /// Sends the points of devices whose models have changed their way, before the first of them is read.
    mutating func placeModels(_ slot: Slot) {
        for device in slot.work.plan.devices.indices where slot.work.plan.devices[device].search != nil {
            if let map = slot.session.takePlacement(ofDevice: device) { place(device, of: slot, by: map) }
            if let report = slot.session.takePreparationReport(ofDevice: device) {
                tell("sunspec_models", slot, device, report, at: clock.now())
            }
        }
    }

    private func place(_ device: Int, of slot: Slot, by map: DeviceMap) {
        for group in slot.session.groups(ofDevice: device) {
            let before = slot.targets[group]
            slot.targets[group] = GroupTargets(
                shared: MapTargets(searched: slot.session.reads(ofGroup: group), of: map),
                firstWatch: before.firstWatch,
                firstCell: before.firstCell
            )
        }
        let first = slot.work.firstCells[device]
        board.contents.withLock { contents in
            for (position, point) in map.points.enumerated() {
                if !point.isReadable {
                    contents.cells[first + position] = ReadingBoard.Cell(failure: .notAvailable)
                } else if contents.cells[first + position].failure == .notAvailable {
                    contents.cells[first + position].failure = .none
                }
            }
        }
    }
}

extension MapTargets {
    /// The targets of a map whose points a device may have or lack: each point has a memory of its own.
    convenience init(searched plan: ReadPlan, of map: DeviceMap) {
        let doubts = plan.points.map { point in
            var doubts = PointDoubts(map.points[point.mapPoint], of: map)
            if doubts.needsWatch { doubts.watch = point.mapPoint }
            return doubts
        }
        self.init(plan, of: map, doubts: doubts)
    }
}
