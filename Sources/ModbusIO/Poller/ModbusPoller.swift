// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import CModbus
import Dispatch
import Foundation
package import Plant
import Synchronization

/// One thread with its loop.
final class PollWorker: Sendable {
    let inbox: Inbox
    /// Held by the polling thread for as long as it runs.
    private let loop: Mutex<PollLoop>
    private let isDone = DispatchSemaphore(value: 0)

    init(
        _ shard: ShardPlan,
        board: ReadingBoard,
        outcomes: OutcomeQueue,
        events: PollEvents,
        clock: any PlantClock,
        resolver: Resolver,
        start: MonotonicTime
    ) throws(ModbusProblem) {
        inbox = try Inbox()
        loop = Mutex(
            try PollLoop(
                shard,
                board: board,
                outcomes: outcomes,
                events: events,
                inbox: inbox,
                clock: clock,
                resolver: resolver,
                start: start
            )
        )
    }

    func start(name: String) {
        let thread = Thread { [self] in
            unsafe cmodbus_name_thread(name)
            loop.withLock { $0.run() }
            isDone.signal()
        }
        thread.start()
    }

    /// Asks the thread to end; ``join()`` waits for it.
    func stop() { inbox.stop() }

    func join() { isDone.wait() }
}

/// Reads every device of a site over Modbus/TCP on its own schedule and keeps the newest readings at hand.
///
/// A few threads each multiplex many sockets with epoll. An endpoint that refuses, vanishes, stalls or talks
/// nonsense harms no other: see ``EndpointSession`` for the rules of one connection.
package final class ModbusPoller: Sendable {
    let site: SiteDescription
    let clock: any PlantClock
    let shards: [ShardPlan]
    /// Where each device is written, in the order of ``SiteDescription/devices``.
    let writeRoutes: [WriteRoute]
    /// How writes ended, until they are taken.
    let outcomes = OutcomeQueue()
    /// What happened, until it is taken.
    let events = PollEvents()
    /// The newest epoch of all commands.
    let newestEpoch = Mutex(Int.min)
    /// One a worker while polling; empty else.
    let inboxes = Mutex<[Inbox]>([])
    let boards: [ReadingBoard]
    private let resolver = Resolver()
    private let workers = Mutex<[PollWorker]>([])
    /// For each device, the position of its first point in ``SiteDescription/points``.
    private let firstPoints: [Int]
    /// For each device, what its map accepts as its identity; nil where it names no registers for it.
    private let expectedIdentities: [String?]
    /// For each point, the age in milliseconds of plant time beyond which it is stale.
    private let ageLimits: [Int64]

    /// Works out what to read when; touches no network.
    ///
    /// - Parameters:
    ///   - site: The site whose devices are read.
    ///   - clock: The plant's clock: intervals are plant time, and readings are stamped with it.
    ///   - workers: Threads; by default one for every 1,024 endpoints, at most four and no more than there are cores.
    ///     One is good for tens of thousands of requests a second; more only wake up more often for fewer replies each.
    ///   - seed: Decides phases, jitter and first transaction ids; the same seed gives the same schedule.
    /// - Throws: ``ModbusProblem`` for a point that no permitted read can cover.
    package init(
        site: SiteDescription,
        clock: any PlantClock,
        workers: Int? = nil,
        seed: UInt64 = 0x7468_6572_6D6F_636C
    ) throws(ModbusProblem) {
        self.site = site
        self.clock = clock
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let wanted = workers ?? min(4, cores, (site.endpoints.count + 1_023) / 1_024)
        shards = try PollPlanner(site: site, clock: clock, seed: seed).shards(max(1, wanted))
        writeRoutes = WriteRoute.all(shards, devices: site.devices.count)
        boards = shards.map { ReadingBoard($0) }
        var firstPoints: [Int] = []
        var ageLimits: [Int64] = []
        for device in site.devices {
            firstPoints.append(ageLimits.count)
            for point in site.maps[device.map].points {
                let interval = PollPlanner.interval(device, point.pollClass, of: site)
                ageLimits.append(3 * interval.wholeMilliseconds)
            }
        }
        self.firstPoints = firstPoints
        self.ageLimits = ageLimits
        expectedIdentities = site.devices.map { device in
            site.maps[device.map].identity.map { IdentityReader($0).expected }
        }
    }

    deinit { stop() }

    /// Starts to poll; does nothing where it polls already.
    ///
    /// - Throws: ``ModbusProblem`` where the process may not open enough files.
    package func start() throws(ModbusProblem) {
        try raiseFileLimit()
        let start = MonotonicTime.now()
        try workers.withLock { workers throws(ModbusProblem) in
            guard workers.isEmpty else { return }
            var started: [PollWorker] = []
            for (position, shard) in shards.enumerated() {
                started.append(
                    try PollWorker(
                        shard,
                        board: boards[position],
                        outcomes: outcomes,
                        events: events,
                        clock: clock,
                        resolver: resolver,
                        start: start
                    )
                )
            }
            for (position, worker) in started.enumerated() { worker.start(name: "modbus-\(position)") }
            workers = started
            inboxes.withLock { $0 = started.map(\.inbox) }
        }
    }

    /// Stops polling and closes every connection.
    ///
    /// Returns when that is done. Writes handed over before still leave, if they can within two seconds; without any
    /// it takes no time-out. Readings stay and grow stale.
    package func stop() {
        workers.withLock { workers in
            for worker in workers { worker.stop() }
            for worker in workers { worker.join() }
            inboxes.withLock { $0 = [] }
            workers = []
        }
    }

    /// The newest readings, in the order of the site's points, as they must be seen at `now` in plant time.
    ///
    /// Never waits for the network. A value stands for three of its poll intervals after its reply and is then
    /// stale, with the cause of the newest failure; a point that never had a value is bad with that cause.
    package func readings(at now: Timestamp) -> [Reading] {
        var readings = Array(repeating: Reading.notYetRead, count: ageLimits.count)
        for (shard, board) in zip(shards, boards) {
            var cell = 0
            for (slot, device) in shard.devices.enumerated() {
                let first = firstPoints[device]
                let limits = ageLimits[first..<first + site.maps[site.devices[device].map].points.count]
                // A lock a device, because a worker with a reply waits for it.
                board.contents.withLock { contents in
                    contents.copy(from: cell, ofDevice: slot, limits: limits, at: now, into: &readings)
                }
                cell += limits.count
            }
        }
        return readings
    }

    /// How every device is doing, in the order of the site's devices.
    package func deviceStatuses() -> [DeviceStatus] {
        var states = Array(repeating: (state: DeviceState(), found: ""), count: site.devices.count)
        for (shard, board) in zip(shards, boards) {
            board.contents.withLock { contents in
                for (slot, device) in shard.devices.enumerated() {
                    states[device] = (contents.devices[slot], contents.found[slot])
                }
            }
        }
        return site.devices.indices.map { device in
            states[device].state.status(
                of: site.devices[device].id,
                expected: expectedIdentities[device],
                found: states[device].found
            )
        }
    }

    private func raiseFileLimit() throws(ModbusProblem) {
        let need = FileNeed(endpoints: shards.reduce(0) { $0 + $1.endpoints.count }, workers: shards.count)
        // More than the need lets sockets leave the low descriptors to those who wait with select(2).
        let allowed = cmodbus_raise_file_limit(UInt64(max(need.files + 1_024, 65_536)))
        if let problem = need.problem(allowed: allowed, site: site.id) { throw problem }
    }
}

/// How many files polling needs to have open at once.
package struct FileNeed: Hashable, Sendable {
    /// Left to the rest of the process: store, inbound and outbound connections.
    private static let others = 256

    package let endpoints: Int
    package let workers: Int

    package init(endpoints: Int, workers: Int) {
        self.endpoints = endpoints
        self.workers = workers
    }

    /// One socket an endpoint, five descriptors a worker, and those left to others.
    package var files: Int { endpoints + 5 * workers + Self.others }

    /// What to tell the user where fewer are allowed, or nil.
    package func problem(allowed: UInt64, site: String) -> ModbusProblem? {
        guard allowed < UInt64(files) else { return nil }
        return ModbusProblem(
            what: "\(endpoints) endpoints need \(files) open files, but the limit is \(allowed)",
            place: "site '\(site)'",
            remedy: "raise the hard limit of open files to \(files) (LimitNOFILE= in the service, ulimit -Hn)"
        )
    }
}
