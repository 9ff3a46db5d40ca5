// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant
import Synchronization

extension ModbusPoller {
    /// What polling each endpoint has been like, in the order of ``SiteDescription/endpoints``.
    ///
    /// Endpoints without devices are left out. Holds each worker's lock only while its plain counters are copied; to
    /// be called once a cycle or a scrape, from any thread.
    package func endpointMetrics() -> [EndpointMetrics] {
        var metrics: [(position: Int, metrics: EndpointMetrics)] = []
        for (shard, board) in zip(shards, boards) {
            let (cells, links) = board.contents.withLock { ($0.endpoints, $0.devices.map(\.link)) }
            for (cell, work) in zip(cells, shard.endpoints) {
                let own = work.boardDevices.map { links[$0] }
                let id = site.endpoints[work.plan.endpoint].id
                metrics.append((work.plan.endpoint, cell.metrics(of: id, devices: own)))
            }
        }
        return metrics.sorted { $0.position < $1.position }.map(\.metrics)
    }

    /// Takes what happened since the last call, oldest first: `device_link`, `scan_overrun`, `address_unreadable`,
    /// `identity_mismatch`, `identity_unconfirmed`, `identity_confirmed`.
    ///
    /// At most 1,024 are kept and ten a minute of each kind and device; ``droppedEvents`` counts what nobody took.
    package func takeEvents() -> [Event] { events.take() }

    /// How many events were dropped because nobody took the ones before.
    package var droppedEvents: Int { events.dropped }
}

extension ReadingBoard.EndpointCell {
    func metrics(of endpoint: String, devices: [DeviceStatus.Link]) -> EndpointMetrics {
        EndpointMetrics(
            endpoint: endpoint,
            link: link,
            cause: cause,
            devicesUp: devices.count { $0 == .up },
            devicesDegraded: devices.count { $0 == .degraded },
            devicesDown: devices.count { $0 == .down },
            connections: counters.connections,
            connectionLosses: counters.connectionLosses,
            requests: counters.requests,
            replies: counters.replies,
            timeouts: counters.timeouts,
            lateReplies: counters.lateReplies,
            duplicateReplies: counters.duplicateReplies,
            malformedReplies: counters.malformedReplies,
            exceptions: counters.exceptionCounts,
            overruns: counters.overruns,
            doubts: doubts.named,
            roundTrip: counters.roundTrip,
            scanLateness: counters.scanLateness
        )
    }
}
