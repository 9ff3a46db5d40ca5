// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// What a device needs to be asked before its points can be read: which SunSpec models it has, and where.
package struct ModelSearch: Sendable {
    /// The map whose points are to be found.
    package let map: DeviceMap
    /// The poll class of each of the device's groups.
    package let pollClasses: [PollClass]

    package init(map: DeviceMap, pollClasses: [PollClass]) {
        self.map = map
        self.pollClasses = pollClasses
    }
}

/// How far one device has come; a device that needs none of it has no such state.
struct DevicePreparation: Sendable {
    let search: ModelSearch
    var walk = SunSpecWalk()
    /// Whether the points may be read.
    var isReady = false
    /// When a walk that found nothing begins again.
    var restsUntil = MonotonicTime(nanoseconds: .min)
    /// Why the points cannot be read; ``QualityCause/none`` while that is not known, or they can.
    var cause = QualityCause.none
    /// What the reads of the groups are planned for; nil before the first walk came to its end.
    var chain: SunSpecChain?
    /// The map on ``chain`` until somebody takes it.
    var placed: DeviceMap?
    /// What the last walk came to, in words, until somebody takes it.
    var report: String?

    /// Wall time between two walks over a device that has nothing to find, in nanoseconds: one minute.
    static let retry: Int64 = 60_000_000_000

    init(_ search: ModelSearch) { self.search = search }

    /// The registers to read next; nil where nothing is to be asked now.
    func wanted(at now: MonotonicTime) -> RegisterRange? {
        guard !isReady, restsUntil <= now, case .read(let range) = walk.step else { return nil }
        return range
    }

    /// Begins anew: after a connect the device may be another one.
    mutating func restart() {
        walk = SunSpecWalk()
        isReady = false
        restsUntil = MonotonicTime(nanoseconds: .min)
    }

    /// Gives up for a while.
    mutating func rest(_ cause: QualityCause, _ words: String, at now: MonotonicTime) {
        if self.cause != cause { report = words }
        self.cause = cause
        walk = SunSpecWalk()
        restsUntil = now + Self.retry
    }

    /// Deals with the end of a walk, if it has come to one.
    ///
    /// - Returns: The reads of the device's groups where they are not what they were.
    mutating func conclude(at now: MonotonicTime) -> [ReadPlan]? {
        switch walk.step {
        case .read: return nil
        case .failed(let failure):
            rest(failure.cause, failure.words, at: now)
            return nil
        case .found(let found):
            return settle(on: found, at: now)
        }
    }

    private mutating func settle(on found: SunSpecChain, at now: MonotonicTime) -> [ReadPlan]? {
        guard found != chain else {
            isReady = true
            cause = .none
            return nil
        }
        let map = search.map.placed(on: found)
        let planner = ReadPlanner(limits: map.limits, mapName: map.name)
        let plans = search.pollClasses.compactMap { try? planner.plan(map, pollClass: $0) }
        guard plans.count == search.pollClasses.count, plans.contains(where: { !$0.points.isEmpty }) else {
            let words = "the device has SunSpec models \(found.description), of which map '\(map.name)' reads none"
            rest(.sunSpecModelsUnknown, words, at: now)
            return nil
        }
        report = "SunSpec models \(found.description)"
        chain = found
        placed = map
        isReady = true
        cause = .none
        return plans
    }
}
