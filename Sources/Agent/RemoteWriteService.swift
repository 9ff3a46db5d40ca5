// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Observe
import Plant
import ServiceLifecycle
import Upstream

/// Sends the site's series to one receiver until shutdown; what is not sent by then waits on disk for the next start.
struct RemoteWriteService: Service {
    /// The receiver's name in the site file.
    let receiver: String
    let writer: RemoteWriter

    /// One service for each receiver of the site, with a queue in a directory of its own below the store's.
    static func all(
        of site: SiteDescription,
        storeDirectory: String,
        version: String,
        clock: any PlantClock,
        events: EventBuffer
    ) throws(RemoteWriteProblem) -> [RemoteWriteService] {
        var services: [RemoteWriteService] = []
        for settings in site.remoteWrite {
            let writer = try RemoteWriter(
                site: site,
                settings: settings,
                queueDirectory: "\(storeDirectory)/remote-write/\(settings.id)",
                version: version,
                clock: clock,
                report: { events.append($0) }
            )
            services.append(RemoteWriteService(receiver: settings.id, writer: writer))
        }
        return services
    }

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await writer.run() }
            // The cycle has stopped by then, so no record comes after the last.
            try? await gracefulShutdown()
            writer.close()
        }
    }

    /// How sending is doing, as metrics of the receiver.
    var metrics: [AgentMetric] {
        writer.status().measurements.map { measurement in
            AgentMetric(
                name: measurement.name,
                kind: measurement.isCounter ? .counter : .gauge,
                help: measurement.help,
                labels: [AgentMetricLabel("receiver", receiver)]
                    + measurement.labels.map { AgentMetricLabel($0.name, $0.value) },
                value: measurement.value
            )
        }
    }
}
