// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Thermo

/// The devices between a simulated plant and an agent in virtual time, with all that is wrong with them.
///
/// They read and write as the agent's poller would tell it: what does not answer keeps its last reading, which grows
/// old, and takes no command; what was written and is not written again falls back as the device's map says, which the
/// plant's own command registers do. What only a wire can show, such as a late or garbled reply, does not exist here:
/// a request that gets no good reply counts as one without any.
struct VirtualDevices: Sendable {
    let site: SiteDescription
    private(set) var facility: Facility
    /// The truth behind every point that is looked at, by position in the site.
    private(set) var truth: [Reading]
    /// What the agent sees.
    private(set) var image: ProcessImage
    /// How the links are doing, in site order.
    private(set) var statuses: [DeviceStatus]

    private let start: Timestamp
    private let points: [PointIndex]
    private let plantFaults: [PlantFaultEvent]
    private var activePlantFaults = PlantFaults()
    private var schedule = FaultSchedule()
    private var pointFaults = PointFaults()
    private var writeFaults: [Int: WriteFault] = [:]
    /// By position of the device: the share of requests that get no good reply.
    private var lostShares: [Double]
    /// By position of the device: seconds without a good reply.
    private var silentSeconds: [Double]
    private var random: SplitMix64

    /// Readings older than this are stale, in plant time.
    private static let staleAfter = Duration.seconds(15)
    /// A device that was silent for so many seconds is down.
    private static let downAfter = 3.0

    /// - Parameters:
    ///   - site: the site.
    ///   - facility: its plant, at the start.
    ///   - scenario: what goes wrong.
    ///   - watched: Points that are looked at besides those that control works with.
    /// - Throws: A refusal where a fault fits nothing of the site.
    init(
        site: SiteDescription,
        facility: Facility,
        scenario: Scenario,
        watched: [PointIndex]
    ) throws(FaultSchedule.Refusal) {
        self.site = site
        self.facility = facility
        start = facility.time
        points = Set(SimulatedSite.controlPoints(of: site) + watched).sorted { $0.position < $1.position }
        plantFaults = scenario.plantFaults
        truth = Array(repeating: .notYetRead, count: site.points.count)
        image = ProcessImage(time: facility.time, readings: truth)
        statuses = site.devices.map { DeviceStatus(device: $0.id, link: .up, lastReply: facility.time) }
        lostShares = Array(repeating: 0, count: site.devices.count)
        silentSeconds = lostShares
        random = SplitMix64(seed: scenario.run.seed, stream: "virtual-devices")
        for event in scenario.faults {
            do throws(FaultSchedule.Refusal) { _ = try schedule.add(event, to: site, at: .zero) } catch {
                throw FaultSchedule.Refusal(text: "\(event.origin): \(error.text)")
            }
        }
    }

    /// Plant time since the start.
    var elapsed: Duration { facility.time - start }

    /// The plant moves on by `dt`, and what it shows then is read.
    mutating func advance(_ dt: Duration) {
        if !plantFaults.isEmpty {
            let faults = PlantFaults(plantFaults, at: elapsed, plant: site.plant)
            if faults != activePlantFaults {
                facility.apply(faults)
                activePlantFaults = faults
            }
        }
        facility.step(dt: dt)
        if let faults = schedule.changed(at: elapsed) { apply(faults) }
        if pointFaults.needsSteps {
            for change in pointFaults.step(to: elapsed) {
                facility.apply(PointIndex(change.point), value: change.value)
            }
        }
        facility.read(points, into: &truth)
        listen(dt.inSeconds)
        read()
    }

    private mutating func apply(_ faults: [ScheduledFault]) {
        for device in lostShares.indices { lostShares[device] = 0 }
        writeFaults = [:]
        for fault in faults {
            let lost = fault.event.fault.lostShare
            for device in fault.devices { lostShares[device] = max(lostShares[device], lost) }
            if case .write(let write) = fault.event.fault {
                for point in fault.points { writeFaults[point] = write }
            }
        }
        for change in pointFaults.set(faults, site: site) {
            facility.apply(PointIndex(change.point), value: change.value)
        }
    }

    /// Which devices answer this time.
    private mutating func listen(_ seconds: Double) {
        for device in lostShares.indices {
            let share = lostShares[device]
            let isLost = share >= 1 || (share > 0 && random.unit() < share)
            let before = silentSeconds[device]
            guard isLost || before > 0 else { continue }
            silentSeconds[device] = isLost ? before + seconds : 0
            let isDown = silentSeconds[device] >= Self.downAfter
            statuses[device] = DeviceStatus(
                device: site.devices[device].id,
                link: !isLost ? .up : isDown ? .down : .degraded,
                detail: isLost ? "no reply" : "",
                lastReply: isLost ? statuses[device].lastReply : facility.time
            )
        }
    }

    private mutating func read() {
        var readings = image.readings
        image = ProcessImage(time: facility.time, readings: [])
        for point in points {
            let position = point.position
            if silentSeconds[site.points[position].device] > 0 {
                readings[position] = readings[position].aged(at: facility.time, limit: Self.staleAfter)
                continue
            }
            if pointFaults.isStuck(position), let held = readings[position].usableValue {
                readings[position] = Reading(value: held, sourceTime: facility.time)
                continue
            }
            let shown = pointFaults.shown(truth[position].usableValue, at: position, elapsed: elapsed)
            readings[position] =
                shown.map { Reading(value: $0, sourceTime: facility.time) } ?? .bad(.notAvailable, at: facility.time)
        }
        image = ProcessImage(time: facility.time, readings: readings)
    }

    /// Writes commands to their devices.
    ///
    /// - Returns: One outcome per command.
    mutating func carryOut(_ commands: [Command]) -> [WriteOutcome] {
        commands.compactMap { command in
            site.index(of: command.point).map { carryOut(command, at: $0) }
        }
    }

    private mutating func carryOut(_ command: Command, at index: PointIndex) -> WriteOutcome {
        func outcome(_ result: WriteOutcome.Result, readBack: Double?, _ detail: String) -> WriteOutcome {
            WriteOutcome(
                point: command.point,
                value: command.value,
                readBack: readBack,
                result: result,
                detail: detail,
                time: image.time,
                durationSeconds: 0
            )
        }
        guard silentSeconds[site.points[index.position].device] <= 0 else {
            return outcome(.noReply, readBack: nil, "no reply to the write")
        }
        let present = facility.value(of: index)
        var value = command.value
        switch writeFaults[index.position] {
        case .ignored, .localPanel: return outcome(.notTaken, readBack: present, "the device keeps its value")
        case .clamped(let range): value = min(max(value, range.lowerBound), range.upperBound)
        case .wornOut: return outcome(.refused, readBack: nil, "exception 4, device failure")
        case .slow, nil: break
        }
        if let change = pointFaults.accept(value, at: index.position, elapsed: elapsed) {
            facility.apply(PointIndex(change.point), value: change.value)
        }
        guard value == command.value else { return outcome(.notTaken, readBack: value, "the device cut the value") }
        return outcome(.confirmed, readBack: value, "")
    }
}

extension DeviceFault {
    /// The share of requests that get no good reply.
    fileprivate var lostShare: Double {
        switch self {
        case .reply(.late, _), .reply(.drip, _), .reply(.duplicate, _), .reply(.wordSwap, _): 0
        case .reply(_, let share): share.fraction
        case .restart: 1
        case .connectionLimit(let limit): limit == 0 ? 1 : 0
        case .latency, .stuck, .drift, .bias, .noise, .write, .watchdog: 0
        }
    }
}
