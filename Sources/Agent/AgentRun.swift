// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

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
    ///   - ready: called once with the address of HTTP, when it and the command socket are open.
    /// - Throws: ``AgentProblem`` where the site or an option is at fault; an adapter's own problem, which says what,
    ///   where and what to do, where the world is: the store, a surface's address, the limit of open files.
    package static func run(
        _ options: AgentOptions,
        logger: Logger,
        ready: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws {
        let (site, files) = try loadSite(options, logger: logger)
        // All that can be wrong with the site is found before anything is opened.
        var engine = try CycleEngine(site: site)
        let store = try Store(directory: options.storeDirectory, site: site)
        let clock = try await Restart.clock(of: site, store: store)
        let shellEvents = EventBuffer()
        let events =
            await Restart.resume(&engine, from: store, at: clock.now())
            + Restart.keepDocuments(files, in: store, at: clock.now())
        for event in events { shellEvents.append(event) }
        let parts = Parts(
            site: site,
            clock: clock,
            store: store,
            engine: EngineBox(engine),
            shellEvents: shellEvents,
            poller: try poller(of: site, clock: clock),
            remoteWrites: try RemoteWriteService.all(
                of: site,
                storeDirectory: options.storeDirectory,
                version: version,
                clock: clock,
                events: shellEvents
            )
        )
        logger.info(
            "site \(site.id)",
            metadata: [
                "devices": .stringConvertible(site.devices.count),
                "points": .stringConvertible(site.points.count),
                "endpoints": .stringConvertible(site.endpoints.count),
                "cycle": .stringConvertible(site.effectiveCycleInterval),
            ]
        )
        try await ServiceGroup(
            services: services(parts, options, logger: logger, ready: ready),
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        ).run()
    }

    private struct Parts {
        let site: SiteDescription
        let clock: any PlantClock
        let store: Store
        let engine: EngineBox
        let shellEvents: EventBuffer
        let poller: ModbusPoller
        let remoteWrites: [RemoteWriteService]
    }

    /// The services in the order in which they start.
    ///
    /// They are stopped in reverse: the cycle first, the store last, so that every record is kept.
    private static func services(
        _ parts: Parts,
        _ options: AgentOptions,
        logger: Logger,
        ready: @escaping @Sendable (String) -> Void
    ) throws -> [any Service] {
        let queue = RecordQueue()
        let inbox = RequestInbox()
        let counters = AgentCounters()
        let surfaces = Surfaces(count: 2)
        let latest = LatestCycle(site: parts.site, version: version)
        let store = StoreService(
            store: parts.store,
            queue: queue,
            engine: parts.engine,
            shellEvents: parts.shellEvents,
            counters: counters,
            logger: logger
        )
        let observe = try observe(latest, inbox, options, logger: logger) { listening in
            if let address = surfaces.note(listening) { ready(address) }
        }
        let cycle = CycleService(
            site: parts.site,
            clock: parts.clock,
            poller: parts.poller,
            engine: parts.engine,
            inbox: inbox,
            authority: Authority(role: options.isAdvisoryOnly ? .standby : .active, epoch: 1),
            latest: latest,
            queue: queue,
            remoteWrites: parts.remoteWrites,
            counters: counters,
            surfaces: surfaces,
            shellEvents: parts.shellEvents,
            logger: logger
        )
        return [store] + parts.remoteWrites + [PollerService(poller: parts.poller), observe, cycle]
    }

    private static func observe(
        _ latest: LatestCycle,
        _ inbox: RequestInbox,
        _ options: AgentOptions,
        logger: Logger,
        onListening: @escaping @Sendable (Listening) -> Void
    ) throws(AgentProblem) -> ObserveService {
        let path = options.commandSocket ?? options.storeDirectory + "/command.socket"
        do {
            return try ObserveService(
                latest: latest,
                listen: options.listen,
                commandSocket: CommandSocket(path: path) { await inbox.submit($0) },
                logger: logger,
                onListening: onListening
            )
        } catch {
            throw AgentProblem("command socket \(error.place)", "\(error.what); \(error.remedy), with --socket PATH")
        }
    }

    private static func poller(of site: SiteDescription, clock: any PlantClock) throws(AgentProblem) -> ModbusPoller {
        do {
            return try ModbusPoller(site: site, clock: clock)
        } catch {
            throw AgentProblem("site \(site.id)", "\(error)")
        }
    }

    /// The site with the files it was made from.
    private static func loadSite(
        _ options: AgentOptions,
        logger: Logger
    ) throws(AgentProblem) -> (SiteDescription, files: [String]) {
        let loaded = SiteFiles.loadSite(path: options.sitePath, mapDirectories: options.mapDirectories)
        guard let site = loaded.value else {
            throw AgentProblem(
                options.sitePath,
                "the site has problems:\n" + loaded.problems.map(\.description).joined(separator: "\n")
            )
        }
        for problem in loaded.problems { logger.warning("\(problem)") }
        return (site, loaded.files)
    }
}
