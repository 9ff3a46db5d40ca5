// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import KPI
package import Plant
package import Store

/// What a start takes over from the run before it, and what it leaves for later readers.
///
/// Nothing here stops a start: what cannot be used is left behind, and an event says so.
package enum Restart {
    /// Name of the engine's restart file in the store.
    package static let engineState = "engine"
    private static let clockState = "clock"

    /// The clock the site asks for; a simulated one goes on from the anchor of its first start.
    package static func clock(of site: SiteDescription, store: Store) async throws -> any PlantClock {
        guard let simulation = site.simulation else { return SystemPlantClock() }
        if let bytes = try await store.loadState(clockState),
            let anchor = try? JSONDecoder().decode(ClockAnchor.self, from: Data(bytes))
        {
            return ScaledPlantClock(anchor: anchor, timeScale: simulation.timeScale)
        }
        let anchor = ClockAnchor(wall: .wallNow, plant: simulation.start)
        try await store.saveState(clockState, [UInt8](JSONEncoder().encode(anchor)))
        return ScaledPlantClock(anchor: anchor, timeScale: simulation.timeScale)
    }

    /// Makes a fresh engine go on where the store ends.
    ///
    /// The restart file is up to a minute older than the last stored cycle after a crash, and may be missing; so the
    /// totals of that cycle, which were acknowledged, are a floor for those of the engine.
    ///
    /// - Returns: what could not be taken over, to be recorded with the first cycle.
    package static func resume(_ engine: inout CycleEngine, from store: Store, at time: Timestamp) async -> [Event] {
        var events: [Event] = []
        func report(_ kind: String, _ message: String) {
            events.append(Event(time: time, kind: kind, subject: "store", message: message))
        }
        var restored: Timestamp?
        do {
            if let bytes = try await store.loadState(engineState) {
                let snapshot = try JSONDecoder().decode(EngineSnapshot.self, from: Data(bytes))
                engine.restore(snapshot)
                restored = snapshot.kpi.time
            }
        } catch {
            report("restart_file_unreadable", "the restart file could not be used, windows begin anew: \(error)")
        }
        do {
            guard let stored = try await store.newestTotals() else { return events }
            engine.resume(from: stored.totals)
            if restored.map({ $0 < stored.time }) ?? true {
                let windows = restored.map { "windows from the restart file of \($0.iso8601)" } ?? "windows begin anew"
                report(
                    "unclean_stop",
                    "the agent did not stop in order: totals go on from \(stored.time.iso8601), \(windows)"
                )
            }
        } catch {
            report("totals_unreadable", "the stored totals could not be used: \(error)")
        }
        return events
    }

    /// Keeps the site's files as they are now, each version once.
    ///
    /// Files are named relative to the site file where they stand below its directory, else by their last component.
    ///
    /// - Parameters:
    ///   - paths: the files the site was made from, the site file first.
    ///   - store: where they are kept.
    ///   - time: plant time of the start.
    /// - Returns: which of them could not be kept.
    package static func keepDocuments(_ paths: [String], in store: Store, at time: Timestamp) async -> [Event] {
        guard let first = paths.first else { return [] }
        let root = URL(fileURLWithPath: first).deletingLastPathComponent().standardizedFileURL.path + "/"
        var events: [Event] = []
        for path in paths {
            let url = URL(fileURLWithPath: path).standardizedFileURL
            let name = url.path.hasPrefix(root) ? String(url.path.dropFirst(root.count)) : url.lastPathComponent
            do {
                try await store.saveSiteDocument(name, [UInt8](Data(contentsOf: url)), at: time)
            } catch {
                let message = "this version of \(name) is not kept in the store: \(error)"
                events.append(Event(time: time, kind: "document_not_kept", subject: name, message: message))
            }
        }
        return events
    }
}
