// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Synchronization

/// Who writes to a device.
struct WriteRoute: Sendable {
    let worker: Int
    /// Position among the worker's endpoints.
    let endpoint: Int
    /// Position among the endpoint's devices.
    let device: Int

    /// The routes to all devices, in the order of ``SiteDescription/devices``.
    static func all(_ shards: [ShardPlan], devices: Int) -> [WriteRoute] {
        var routes = Array(repeating: WriteRoute(worker: 0, endpoint: 0, device: 0), count: devices)
        for (worker, shard) in shards.enumerated() {
            for (endpoint, work) in shard.endpoints.enumerated() {
                for (position, device) in work.plan.devices.enumerated() {
                    routes[device.device] = WriteRoute(worker: worker, endpoint: endpoint, device: position)
                }
            }
        }
        return routes
    }
}

extension ModbusPoller {
    /// Has commands written and read back, over the connections that are polled; never waits for the network.
    ///
    /// Each command has exactly one outcome. One for a point that cannot be written, with a value its map does not
    /// allow, or without the right to write is blocked before anything leaves; so is one that lapses before its turn,
    /// and one that a newer command for the same point overtakes. May be called from any thread.
    package func submit(_ commands: [Command]) {
        guard !commands.isEmpty else { return }
        let now = MonotonicTime.now()
        let plantTime = clock.now()
        let inboxes = self.inboxes.withLock { $0 }
        var mail: [[WriteMail]] = Array(repeating: [], count: inboxes.count)
        var ended: [WriteOutcome] = []
        for command in commands {
            do throws(WriteRefusal) {
                let (route, target) = try target(of: command)
                guard mail.indices.contains(route.worker) else {
                    ended.append(outcome(of: command, .noReply, "endpoint down: polling does not run", at: plantTime))
                    continue
                }
                let order = WriteOrder(
                    point: command.point,
                    value: command.value,
                    target: target,
                    accepted: now,
                    expires: now + wallNanoseconds(command.expires - plantTime)
                )
                mail[route.worker].append(WriteMail(endpoint: route.endpoint, order: order))
            } catch {
                ended.append(outcome(of: command, .blocked, error.detail, at: plantTime))
            }
        }
        if !ended.isEmpty { outcomes.append(ended) }
        for (inbox, letters) in zip(inboxes, mail) where !letters.isEmpty && !inbox.post(letters) {
            outcomes.append(
                letters.map { letter in
                    let end = WriteEnd(
                        point: letter.order.point,
                        value: letter.order.value,
                        readBack: nil,
                        result: .noReply,
                        detail: "endpoint down: polling stops",
                        duration: 0
                    )
                    return WriteOutcome(end, at: plantTime)
                }
            )
        }
    }

    /// Takes how writes ended since the last call, in the order they ended.
    ///
    /// At most 4,096 are kept; ``droppedOutcomes`` counts older ones that nobody took.
    package func takeOutcomes() -> [WriteOutcome] { outcomes.take() }

    /// How many outcomes were dropped because nobody took them.
    package var droppedOutcomes: Int { outcomes.dropped }

    /// Where and how a command is written.
    private func target(of command: Command) throws(WriteRefusal) -> (route: WriteRoute, target: WriteTarget) {
        let epoch = command.authority.epoch
        let newest = newestEpoch.withLock { newest in
            newest = max(newest, epoch)
            return newest
        }
        guard command.authority.mayWrite else { throw WriteRefusal("this agent is on standby and may not write") }
        guard epoch == newest else {
            throw WriteRefusal("epoch \(epoch) of the right to write is over: it is \(newest)")
        }
        guard let index = site.index(of: command.point) else { throw WriteRefusal("the site has no such point") }
        let point = site[index]
        let target = try WriteTarget(
            map: site.maps[site.devices[point.device].map],
            mapPoint: point.mapPoint,
            device: writeRoutes[point.device].device,
            settle: wallNanoseconds(site.mapPoint(index).write?.settle ?? .zero)
        )
        if let refusal = target.refusal(of: command.value) { throw WriteRefusal(refusal) }
        return (writeRoutes[point.device], target)
    }

    private func wallNanoseconds(_ plant: Duration) -> Int64 { clock.wallDuration(ofPlant: plant).wholeNanoseconds }

    private func outcome(
        of command: Command,
        _ result: WriteOutcome.Result,
        _ detail: String,
        at time: Timestamp
    ) -> WriteOutcome {
        WriteOutcome(
            point: command.point,
            value: command.value,
            readBack: nil,
            result: result,
            detail: detail,
            time: time,
            durationSeconds: 0
        )
    }
}
