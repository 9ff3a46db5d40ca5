// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

extension ControlCycle {
    /// All that must survive a restart.
    package func snapshot() -> ControlSnapshot {
        ControlSnapshot(
            site: siteID,
            time: lastTime,
            epoch: epoch,
            modes: modes.entries,
            states: watches.enumerated().compactMap { loop, watch in
                watch.map {
                    ControlSnapshot.SavedLoop(loop: loops.descriptions[loop].id, state: $0.state, since: $0.since)
                }
            },
            loops: loops.snapshot(),
            points: points.points.indices.map {
                ControlSnapshot.SavedPoint(point: points.points[$0].id, state: writes.states[$0])
            },
            alarms: alarms
        )
    }

    /// Goes on from a snapshot of the same site; points and loops that are no longer there are left out.
    ///
    /// What was sent is refreshed again once the device still shows it and its lease has not run out; else the point is
    /// taken over anew.
    package mutating func restore(_ snapshot: ControlSnapshot) {
        guard snapshot.site == siteID else { return }
        lastTime = snapshot.time
        restoredAt = snapshot.time
        epoch = snapshot.epoch
        modes.restore(snapshot.modes)
        for saved in snapshot.states {
            guard let loop = loops.descriptions.firstIndex(where: { $0.id == saved.loop }) else { continue }
            watches[loop] = LoopWatch(state: saved.state, since: saved.since)
        }
        loops.restore(snapshot.loops)
        for saved in snapshot.points {
            if let slot = slotByID[saved.point] { writes.states[slot] = saved.state }
        }
        alarms = snapshot.alarms
    }

    /// On the first cycle after a restart: decides which of the values sent before still stand.
    mutating func resumeAfterRestart(at time: Timestamp) {
        guard let savedAt = restoredAt else { return }
        restoredAt = nil
        for slot in points.points.indices {
            writes.states[slot].resume(points.points[slot], savedAt: savedAt, now: time)
        }
    }
}
