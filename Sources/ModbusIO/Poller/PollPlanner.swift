// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// What one worker polls, and where its results go on its board.
struct ShardPlan: Sendable {
    var endpoints: [EndpointWork] = []
    /// Position in ``SiteDescription/devices`` of each device on the board.
    var devices: [Int] = []
    /// How many points the board holds.
    var points = 0
    /// How many of them need a memory to be judged by.
    var watches = 0
}

/// One endpoint with the way from its replies to the board.
struct EndpointWork: Sendable {
    let plan: EndpointPlan
    let host: String
    let port: UInt16
    /// When the first connection attempt is made, in nanoseconds after the start.
    let firstAttempt: Int64
    let seed: UInt64
    /// The identifiers of the endpoint's devices.
    let deviceNames: [String]
    /// Where each of the endpoint's devices stands on the board.
    let boardDevices: [Int]
    /// Where the first point of each of the endpoint's devices stands on the board.
    let firstCells: [Int]
    /// Where the points of each group of the session go.
    let targets: [GroupTargets]
}

/// How the words of a group's replies become cells of the board.
struct GroupTargets: Sendable {
    /// What all devices of a map share.
    let shared: MapTargets
    /// Where the memory of the device's first watched point stands on the board.
    let firstWatch: Int
    /// Where the first point of the device's map stands on the board.
    let firstCell: Int

    func cell(_ position: Int) -> Int { firstCell + shared.mapPoints[position] }
}

/// What is made of the words of one group of a map; a class, so that a reply costs one reference to it.
final class MapTargets: Sendable {
    let decoder: BlockDecoder
    /// The position of each point of the group's plan in the device map's points.
    let mapPoints: [Int]
    /// What the map says about believing each of them.
    let doubts: [PointDoubts]
    /// Whether the values of each of them are judged by what was read before; empty where those of none are.
    let isWatched: [Bool]
    /// On which settings of the device the meaning of its points depends; empty where that of none does.
    let settings: [SettingRule]

    init(_ plan: ReadPlan, of map: DeviceMap, doubts: [PointDoubts]) {
        mapPoints = plan.points.map(\.mapPoint)
        decoder = BlockDecoder(mapPoints.map { map.points[$0] })
        self.doubts = doubts
        let seesMoves = map.points.contains { $0.flatLineAfter != nil }
        let isWatched = doubts.map { seesMoves || $0.watch != nil }
        self.isWatched = isWatched.contains(true) ? isWatched : []
        settings = SettingRule.rules(of: plan, map)
    }
}

/// Works a site out for polling: plans, intervals in wall time, phases, and who polls what.
struct PollPlanner {
    let site: SiteDescription
    let clock: any PlantClock
    let seed: UInt64
    private let firstPoint: [Int]

    init(site: SiteDescription, clock: any PlantClock, seed: UInt64) {
        self.site = site
        self.clock = clock
        self.seed = seed
        var firstPoint: [Int] = []
        var next = 0
        for device in site.devices {
            firstPoint.append(next)
            next += site.maps[device.map].points.count
        }
        self.firstPoint = firstPoint
    }

    /// Plant time between two reads of a class of a device: never shorter than a cycle.
    static func interval(_ device: DeviceDescription, _ pollClass: PollClass, of site: SiteDescription) -> Duration {
        max(device.interval(pollClass), site.effectiveCycleInterval)
    }

    /// Deals the endpoints out to so many workers, the next one always to the worker with the fewest points.
    ///
    /// - Throws: ``ModbusProblem`` for a point that no permitted read can cover.
    func shards(_ count: Int) throws(ModbusProblem) -> [ShardPlan] {
        var shards = Array(repeating: ShardPlan(), count: max(1, count))
        var reads: [[PollClass: MapReads]] = []
        for map in site.maps { reads.append(try self.reads(of: map)) }
        var devices: [[Int]] = Array(repeating: [], count: site.endpoints.count)
        for (position, device) in site.devices.enumerated() { devices[device.endpoint].append(position) }
        var grids = 0
        for (endpoint, members) in devices.enumerated() where !members.isEmpty {
            let lightest = shards.indices.min { shards[$0].points < shards[$1].points } ?? 0
            add(endpoint, members, reads: reads, grids: &grids, to: &shards[lightest])
        }
        return shards.filter { !$0.endpoints.isEmpty }
    }

    private func reads(of map: DeviceMap) throws(ModbusProblem) -> [PollClass: MapReads] {
        let planner = ReadPlanner(limits: map.limits, mapName: map.name)
        var reads: [PollClass: MapReads] = [:]
        var watches = 0
        for pollClass in PollClass.allCases {
            let plan = try planner.plan(map, pollClass: pollClass)
            guard !plan.points.isEmpty else { continue }
            if map.sunSpec != nil {
                reads[pollClass] = MapReads(plan: plan, targets: MapTargets(searched: plan, of: map))
                continue
            }
            let doubts = plan.points.map { point in
                var doubts = PointDoubts(map.points[point.mapPoint], of: map)
                if doubts.needsWatch {
                    doubts.watch = watches
                    watches += 1
                }
                return doubts
            }
            reads[pollClass] = MapReads(plan: plan, targets: MapTargets(plan, of: map, doubts: doubts))
        }
        return reads
    }

    private func add(
        _ endpoint: Int,
        _ members: [Int],
        reads: [[PollClass: MapReads]],
        grids: inout Int,
        to shard: inout ShardPlan
    ) {
        let offset = Double(seed % 1_000) / 1_000
        var plans: [DevicePlan] = []
        var targets: [GroupTargets] = []
        var boardDevices: [Int] = []
        var firstCells: [Int] = []
        for member in members {
            let device = site.devices[member]
            let map = site.maps[device.map]
            let own = PollClass.allCases.compactMap { pollClass in
                reads[device.map][pollClass].map { (pollClass: pollClass, reads: $0) }
            }
            targets += own.map {
                GroupTargets(shared: $0.reads.targets, firstWatch: shard.watches, firstCell: shard.points)
            }
            let groups = own.enumerated().map { position, group in
                GroupPlan(
                    interval: wall(Self.interval(device, group.pollClass, of: site)),
                    phase: ScanGrid.phase(grids + position, offset: offset),
                    reads: group.reads.plan
                )
            }
            grids += groups.count
            let search = map.sunSpec.map { _ in ModelSearch(map: map, pollClasses: own.map(\.pollClass)) }
            plans.append(DevicePlan(device: member, unit: device.unit, map: map, groups: groups, search: search))
            shard.watches += search == nil ? own.reduce(0) { $0 + $1.reads.watches } : map.points.count
            boardDevices.append(shard.devices.count)
            firstCells.append(shard.points)
            shard.devices.append(member)
            shard.points += map.points.count
        }
        let limits = members.map { site.maps[site.devices[$0].map].limits }
        let plan = EndpointPlan(
            endpoint: endpoint,
            devices: plans,
            settleTime: limits.map(\.pauseAfterConnect.wholeNanoseconds).max() ?? 0,
            requestPause: limits.map(\.pauseBetweenRequests.wholeNanoseconds).max() ?? 0
        )
        let spread = Double(min(plan.fastestInterval, 1_000_000_000))
        shard.endpoints.append(
            EndpointWork(
                plan: plan,
                host: site.endpoints[endpoint].host,
                port: site.endpoints[endpoint].port,
                firstAttempt: Int64(spread * ScanGrid.phase(endpoint, offset: offset)),
                seed: seed &+ UInt64(endpoint) &* 0x9E37_79B9_7F4A_7C15,
                deviceNames: members.map { site.devices[$0].id },
                boardDevices: boardDevices,
                firstCells: firstCells,
                targets: targets
            )
        )
    }

    private func wall(_ plant: Duration) -> Int64 {
        max(1_000_000, clock.wallDuration(ofPlant: plant).wholeNanoseconds)
    }
}

/// The reads of one poll class of a map, with the way to decode them.
private struct MapReads {
    let plan: ReadPlan
    let targets: MapTargets

    /// How many of the points need a memory.
    var watches: Int { targets.doubts.count { $0.watch != nil } }
}

extension DevicePlan {
    fileprivate init(device: Int, unit: UInt8, map: DeviceMap, groups: [GroupPlan], search: ModelSearch?) {
        self.init(
            device: device,
            unit: unit,
            responseTimeout: max(1_000_000, map.limits.responseTimeout.wholeNanoseconds),
            timeoutFloor: map.limits.responseTimeoutFloor.wholeNanoseconds,
            groups: groups,
            identity: map.identity.map { IdentityReader($0, limits: map.limits) },
            search: search
        )
    }
}
