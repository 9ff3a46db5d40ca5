// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Looks at one device again and again over one connection, which is made anew where it was lost.
///
/// Blocks the thread that asks; not to be shared between threads.
package final class ProbeSession {
    /// Requests without reply in a row after which the rest is not asked any more.
    private static let silenceLimit = 2
    /// How long connecting may take, in nanoseconds: three seconds.
    static let connectLimit: Int64 = 3_000_000_000

    private let probe: DeviceProbe
    private var link: ProbeLink?

    /// One look while it is going on.
    private struct Progress {
        /// The map as it stands on the device.
        var map: DeviceMap
        var plan: ReadPlan
        var walk: SunSpecWalk?
        var points: [ProbedPoint]
        var memory: BlockMemory
        var identity: ProbedIdentity?
        var requests = 0
        var silences = 0
        var hasAnswered = false
        /// Why the rest is not asked; ``QualityCause/none`` while it is.
        var failure = QualityCause.none
    }

    /// Prepares looks; nothing is connected before the first.
    package init(_ probe: DeviceProbe) { self.probe = probe }

    /// Reads every readable point once, texts and identity included, and waits for it.
    ///
    /// A refused block is halved until the addresses that cannot be read stand alone.
    ///
    /// - Throws: ``ModbusProblem`` where nothing answers, with what was tried.
    package func look() throws(ModbusProblem) -> DeviceLook {
        var link: ProbeLink
        if let open = self.link.take() {
            link = open
        } else {
            link = try ProbeLink(
                host: probe.host,
                port: probe.port,
                limits: probe.map.limits,
                within: Self.connectLimit
            )
        }
        var progress = Progress(
            map: probe.map,
            plan: probe.plan,
            walk: probe.map.sunSpec.map { _ in SunSpecWalk() },
            points: probe.map.points.map { ProbedPoint(name: $0.name, unit: $0.unit, cause: .notAvailable) },
            memory: BlockMemory(plan: probe.plan, retryNanoseconds: EndpointSession.refusalRetry)
        )
        if progress.walk != nil {
            askModels(over: &link, &progress)
            try place(&progress)
        }
        for planned in progress.plan.points { progress.points[planned.mapPoint].cause = .notYetRead }
        askIdentity(over: &link, &progress)
        askPoints(over: &link, &progress)
        if progress.failure == .none { self.link = consume link } else { link.close() }
        if !progress.hasAnswered, progress.requests > 0 {
            throw nothing(progress.failure == .none ? .timeout : progress.failure)
        }
        for position in progress.points.indices where progress.points[position].cause == .notYetRead {
            progress.points[position].cause = progress.failure
        }
        judgeSettings(&progress)
        return DeviceLook(
            points: progress.points,
            identity: progress.identity,
            requests: progress.requests,
            chain: progress.walk?.chain,
            chainFailure: progress.walk?.failure
        )
    }

    /// Walks the device's models, as far as it answers.
    private func askModels(over link: inout ProbeLink, _ progress: inout Progress) {
        while progress.failure == .none, case .read(let range)? = progress.walk?.step {
            progress.requests += 1
            switch link.read(ReadBlock(of: range), unit: probe.unit, within: probe.responseLimit) {
            case .words(let words, _):
                (progress.hasAnswered, progress.silences) = (true, 0)
                progress.walk?.answered(words)
            case .exception(let exception, _):
                if exception.isUnitUnreachable {
                    progress.failure = exception.cause
                } else {
                    (progress.hasAnswered, progress.silences) = (true, 0)
                    progress.walk?.refused()
                }
            case .silence:
                progress.silences += 1
                if progress.silences >= Self.silenceLimit { progress.failure = .timeout }
            case .broken(let cause):
                progress.failure = cause
            }
        }
    }

    /// Plans the reads for the models that were found, or none where there are none.
    private func place(_ progress: inout Progress) throws(ModbusProblem) {
        if let chain = progress.walk?.chain {
            progress.map = probe.map.placed(on: chain)
            let planner = ReadPlanner(limits: progress.map.limits, mapName: progress.map.name)
            progress.plan = try planner.plan(progress.map) { _ in true }
        } else {
            progress.plan = ReadPlan(points: [], blocks: [])
            let cause = progress.walk?.failure?.cause ?? progress.failure
            for position in progress.points.indices { progress.points[position].cause = cause }
        }
        progress.memory = BlockMemory(plan: progress.plan, retryNanoseconds: EndpointSession.refusalRetry)
    }

    private func askIdentity(over link: inout ProbeLink, _ progress: inout Progress) {
        guard let block = probe.identityBlock else { return }
        progress.requests += 1
        let cause: QualityCause
        switch link.read(block, unit: probe.unit, within: probe.responseLimit) {
        case .words(let words, _):
            progress.hasAnswered = true
            progress.identity = probe.identify(words)
            return
        case .exception(let exception, _):
            cause = exception.cause
            if exception.isUnitUnreachable { progress.failure = cause } else { progress.hasAnswered = true }
        case .silence:
            cause = .timeout
            progress.silences += 1
        case .broken(let reason):
            cause = reason
            progress.failure = reason
        }
        progress.identity = ProbedIdentity(answer: nil, isAccepted: false, cause: cause)
    }

    private func askPoints(over link: inout ProbeLink, _ progress: inout Progress) {
        var position = 0
        while progress.failure == .none, let entry = progress.memory.next(from: position, at: .now()) {
            let block = progress.memory.entries[entry].block
            position = entry + 1
            progress.requests += 1
            switch link.read(block, unit: probe.unit, within: probe.responseLimit) {
            case .words(let words, let roundTrip):
                (progress.hasAnswered, progress.silences) = (true, 0)
                note(words, of: block, roundTrip: roundTrip, in: &progress)
            case .exception(let exception, let roundTrip):
                if exception.isUnitUnreachable {
                    progress.failure = exception.cause
                    break
                }
                (progress.hasAnswered, progress.silences) = (true, 0)
                if exception.isLasting,
                    progress.memory.refused(entry, exception: exception.code, at: .now()) == .halved
                {
                    position = entry
                } else {
                    note(exception.cause, of: block, roundTrip: roundTrip, in: &progress)
                }
            case .silence:
                progress.silences += 1
                note(.timeout, of: block, roundTrip: nil, in: &progress)
                if progress.silences >= Self.silenceLimit { progress.failure = .timeout }
            case .broken(let cause):
                progress.failure = cause
            }
        }
    }

    private func note(_ cause: QualityCause, of block: ReadBlock, roundTrip: Int64?, in progress: inout Progress) {
        for planned in progress.plan.points[block.points] {
            progress.points[planned.mapPoint].cause = cause
            progress.points[planned.mapPoint].roundTripSeconds = roundTrip.map { Double($0) / 1e9 }
        }
    }

    private func note(_ words: [UInt16], of block: ReadBlock, roundTrip: Int64, in progress: inout Progress) {
        for planned in progress.plan.points[block.points] {
            let start = planned.address - Int(block.address)
            let own = Array(words[start..<start + planned.count])
            let mapPoint = progress.map.points[planned.mapPoint]
            let codec = RegisterCodec(mapPoint)
            let isText = mapPoint.type.isText
            var point = progress.points[planned.mapPoint]
            point.words = own
            point.scaleFactorWord = planned.scaleFactorAddress.map { words[$0 - Int(block.address)] }
            let decoded = codec.decode(own, scaleFactorWord: point.scaleFactorWord)
            point.value = decoded.value
            point.text = isText ? codec.decodeText(own) : nil
            point.quality = isText || decoded.isGood ? .good : .bad
            point.cause = isText ? .none : decoded.cause
            point.roundTripSeconds = Double(roundTrip) / 1e9
            progress.points[planned.mapPoint] = point
        }
    }

    /// Takes the values that mean something else while the device is set otherwise than the map says.
    private func judgeSettings(_ progress: inout Progress) {
        for planned in progress.plan.points {
            guard let condition = progress.map.points[planned.mapPoint].validWhile,
                progress.points[planned.mapPoint].quality == .good,
                let setting = progress.points.first(where: { $0.name == condition.point }), setting.quality == .good,
                !condition.range.contains(setting.value)
            else { continue }
            progress.points[planned.mapPoint].value = .nan
            progress.points[planned.mapPoint].quality = .bad
            progress.points[planned.mapPoint].cause = .settingDiffers
        }
    }

    private func nothing(_ cause: QualityCause) -> ModbusProblem {
        ModbusProblem(
            what:
                "connected, but unit \(probe.unit) gave no answer to reads of map '\(probe.map.name)': \(cause.words)",
            place: "\(probe.host) port \(probe.port)",
            remedy: "check the unit id (--unit, or --scan to find it), the map (--map), and the wiring behind a gateway"
        )
    }
}
