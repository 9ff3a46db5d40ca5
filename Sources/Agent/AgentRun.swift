// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Logging
import ModbusIO
import Observe
import Plant
import ServiceLifecycle
import SiteFiles
import Store
import UnixSignals

/// Wires the adapters to the cycle and runs until a signal ends it.
package enum AgentRun {
    /// The version shown by `--version`, the API and metrics.
    package static let version = "0.1.0"

    /// Runs the agent of one site.
    ///
    /// - Parameters:
    ///   - options: what the command line asked for.
    ///   - logger: where the agent says what it does.
    ///   - ready: called once with the address that HTTP is served on.
    /// - Throws: ``AgentProblem`` where the site cannot be run; an adapter's own problem where the world is at fault.
    package static func run(
        _ options: AgentOptions,
        logger: Logger,
        ready: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws {
        let site = try loadSite(options)
        let store = try Store(directory: options.storeDirectory, site: site)
        let clock = try await makeClock(site: site, store: store)
        var engine = try CycleEngine(site: site)
        let shellEvents = EventBuffer()
        await restore(&engine, from: store, into: shellEvents, at: clock.now())
        let box = EngineBox(engine)
        let queue = RecordQueue()
        let inbox = RequestInbox()
        let latest = LatestCycle(site: site, version: version)
        let poller = try ModbusPoller(site: site, clock: clock)
        logger.info(
            "site \(site.id)",
            metadata: [
                "devices": .stringConvertible(site.devices.count),
                "points": .stringConvertible(site.points.count),
                "endpoints": .stringConvertible(site.endpoints.count),
                "cycle": .stringConvertible(site.effectiveCycleInterval),
            ]
        )
        let observe = try ObserveService(
            latest: latest,
            listen: options.listen,
            commandSocket: CommandSocket(path: options.commandSocket ?? options.storeDirectory + "/command.socket") {
                await inbox.submit($0)
            },
            logger: logger,
            onListening: { if case .http(let address) = $0 { ready(address.description) } }
        )
        let cycle = CycleService(
            site: site,
            clock: clock,
            poller: poller,
            engine: box,
            inbox: inbox,
            authority: Authority(role: options.isAdvisoryOnly ? .standby : .active, epoch: 1),
            latest: latest,
            queue: queue,
            shellEvents: shellEvents,
            logger: logger
        )
        let writer = StoreService(store: store, queue: queue, engine: box, shellEvents: shellEvents, logger: logger)
        // Stopped in reverse: the cycle first, the store last, so that every record is kept.
        try await ServiceGroup(
            services: [writer, PollerService(poller: poller), observe, cycle],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        ).run()
    }

    private static func loadSite(_ options: AgentOptions) throws(AgentProblem) -> SiteDescription {
        let loaded = SiteFiles.loadSite(path: options.sitePath, mapDirectories: options.mapDirectories)
        guard let site = loaded.value else {
            throw AgentProblem(
                options.sitePath,
                "the site has problems:\n" + loaded.problems.map(\.description).joined(separator: "\n")
            )
        }
        return site
    }

    private static let clockState = "clock"

    /// The clock the site asks for; a simulated one goes on from the anchor of its first start.
    private static func makeClock(site: SiteDescription, store: Store) async throws -> any PlantClock {
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

    /// Goes on from the restart file; an unreadable one is reported and left behind.
    private static func restore(
        _ engine: inout CycleEngine,
        from store: Store,
        into events: EventBuffer,
        at time: Timestamp
    ) async {
        do {
            guard let bytes = try await store.loadState(StoreService.engineState) else { return }
            engine.restore(try JSONDecoder().decode(EngineSnapshot.self, from: Data(bytes)))
        } catch {
            events.append(
                Event(
                    time: time,
                    kind: "restart_file_unreadable",
                    subject: "store",
                    message: "the restart file could not be used, totals and windows begin anew: \(error)"
                )
            )
        }
    }
}
