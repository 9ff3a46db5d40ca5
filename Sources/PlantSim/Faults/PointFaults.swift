// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// What is wrong with single points of a site: what they show, and what becomes of what is written to them.
package struct PointFaults: Sendable {
    /// A command that the device carries out later.
    private struct Delayed: Sendable {
        let due: Duration
        let point: Int
        let value: Double
    }

    private struct Watch: Sendable {
        let fault: WatchdogFault
        let period: Duration
        let home: Double
        /// The point that tells of the expiry.
        let alarm: Int?
        /// What was written last; nil before the first write, which starts the watchdog.
        var value: Double?
        /// Plant time since the start of the last write.
        var written = Duration.zero
        var isExpired = false

        init(_ fault: WatchdogFault, point: Int, site: SiteDescription) {
            let write = site.mapPoint(PointIndex(point)).write
            let device = site.points[point].id.device
            self.fault = fault
            // A point without a lease is only watched where the fault gives the period.
            period = fault.period ?? write?.lease ?? .zero
            home = write?.home ?? 0
            alarm = fault.alarmPoint.flatMap { site.index(of: PointID(device: device, point: $0))?.position }
        }
    }

    /// What a point has to be given, by the plant or by a device of its own will.
    package struct Change {
        /// Position of the point in the site.
        package let point: Int
        /// The value in the point's base unit.
        package let value: Double
    }

    private var stuck: Set<Int> = []
    private var drifts: [Int: (perHour: Double, since: Duration)] = [:]
    private var delays: [Int: Duration] = [:]
    private var watches: [Int: Watch] = [:]
    /// Points in the order in which their watchdogs are looked at.
    private var watched: [Int] = []
    /// Points that read 1 because a watchdog has expired.
    private var alarms: Set<Int> = []
    /// Points that were ever an alarm; they read 0 where the plant has nothing to say about them.
    private var alarmPoints: Set<Int> = []
    private var delayed: [Delayed] = []
    private var panels: Set<Int> = []
    private var biases: [Int: Double] = [:]
    private var noises: [Int: Double] = [:]
    private var random = SplitMix64(seed: 1, stream: "point-faults")
    /// Numbers of the faults that have let their devices restart.
    private var restarted: Set<Int> = []

    /// Delayed commands kept at a time.
    private static let mostDelayed = 10_000

    /// Takes over the faults that are on; those that were on before keep what they have gathered.
    ///
    /// - Returns: What somebody at a local panel sets now.
    package mutating func set(_ faults: [ScheduledFault], site: SiteDescription) -> [Change] {
        let panelsBefore = panels
        let watchesBefore = watches
        self = PointFaults(delayed: delayed, alarmPoints: alarmPoints, restarted: restarted, random: random)
        var changes: [Change] = []
        for fault in faults {
            for point in fault.points {
                switch fault.event.fault {
                case .stuck: stuck.insert(point)
                case .drift(let perHour): drifts[point] = (perHour, fault.begins)
                case .bias(let bias): biases[point, default: 0] += bias
                case .noise(let deviation): noises[point] = deviation
                case .restart(_, let value) where !restarted.contains(fault.number):
                    let write = site.mapPoint(PointIndex(point)).write
                    if let value = value ?? write?.restartValue ?? write?.home {
                        changes.append(Change(point: point, value: value))
                    }
                case .write(.slow(let delay)): delays[point] = delay
                case .write(.localPanel(let value)):
                    panels.insert(point)
                    if let value, !panelsBefore.contains(point) { changes.append(Change(point: point, value: value)) }
                case .watchdog(let watchdog):
                    watches[point] = watchesBefore[point] ?? Watch(watchdog, point: point, site: site)
                    watched.append(point)
                case .latency, .reply, .connectionLimit, .write, .restart: break
                }
            }
            if case .restart = fault.event.fault { restarted.insert(fault.number) }
        }
        alarmPoints.formUnion(watches.values.compactMap(\.alarm))
        alarms = Set(watches.values.filter(\.isExpired).compactMap(\.alarm))
        return changes
    }

    private init(delayed: [Delayed], alarmPoints: Set<Int>, restarted: Set<Int>, random: SplitMix64) {
        self.delayed = delayed
        self.alarmPoints = alarmPoints
        self.restarted = restarted
        self.random = random
    }

    package init() {}

    /// Whether anything happens as time passes.
    package var needsSteps: Bool { !watches.isEmpty || !delayed.isEmpty }

    /// What the point shows in the place of the truth; nil where neither is known.
    package mutating func shown(_ truth: Double?, at point: Int, elapsed: Duration) -> Double? {
        if alarmPoints.contains(point) { return alarms.contains(point) ? 1 : truth ?? 0 }
        guard var value = truth else { return nil }
        if let drift = drifts[point] { value += drift.perHour * (elapsed - drift.since).inSeconds / 3_600 }
        if let bias = biases[point] { value += bias }
        if let deviation = noises[point] { value += deviation * random.normal() }
        return value
    }

    /// Whether the point keeps showing what it showed.
    package func isStuck(_ point: Int) -> Bool { stuck.contains(point) }

    /// Takes a command that a client wrote.
    ///
    /// - Returns: What the plant is to be told now; nil where it is told later.
    package mutating func accept(_ value: Double, at point: Int, elapsed: Duration) -> Change? {
        if watches[point] != nil {
            watches[point]?.value = value
            watches[point]?.written = elapsed
            watches[point]?.isExpired = false
            if let alarm = watches[point]?.alarm { alarms.remove(alarm) }
        }
        guard let delay = delays[point] else { return Change(point: point, value: value) }
        if delayed.count < Self.mostDelayed {
            delayed.append(Delayed(due: elapsed + delay, point: point, value: value))
        }
        return nil
    }

    /// What happens by itself at a plant time.
    package mutating func step(to elapsed: Duration) -> [Change] {
        var changes = delayed.filter { $0.due <= elapsed }.map { Change(point: $0.point, value: $0.value) }
        if !changes.isEmpty { delayed.removeAll { $0.due <= elapsed } }
        for point in watched {
            guard let watch = watches[point], let value = watch.value else { continue }
            let isExpired = elapsed - watch.written >= watch.period
            switch watch.fault.action {
            case .fallBack where isExpired:
                changes.append(Change(point: point, value: watch.home))
                watches[point]?.value = nil
            case .fallBack: break
            // The plant's own watchdog follows the map: it never sees the time run out.
            case .hold, .alarmOnly, .none: changes.append(Change(point: point, value: value))
            }
            if isExpired, !watch.isExpired, watch.fault.action != .none {
                watches[point]?.isExpired = true
                if let alarm = watch.alarm { alarms.insert(alarm) }
            }
        }
        return changes
    }
}
