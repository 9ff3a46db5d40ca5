// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The read-only pages: from a request and what is published to an answer, without a socket in sight.
package struct Routes: Sendable {
    private let latest: LatestCycle
    private let layout: StatusLayout
    private let exposition: TextExposition

    package init(latest: LatestCycle) {
        self.latest = latest
        layout = StatusLayout(site: latest.site, version: latest.version)
        exposition = TextExposition(site: latest.site, version: latest.version)
    }

    /// The answer to a request; reading only, so every method but GET and HEAD is refused.
    package func answer(_ query: WebQuery) -> WebAnswer {
        guard Self.paths.contains(query.path) else {
            return .failure(404, "no page at \(query.path.prefix(200))", hint: "the pages are listed at /")
        }
        guard query.method == "GET" || query.method == "HEAD" else {
            var answer = WebAnswer.failure(
                405,
                "\(query.method.prefix(20)) is not allowed here",
                hint: "this server only shows; commands go through the command socket"
            )
            answer.allow = "GET, HEAD"
            return answer
        }
        guard !query.hasBody else {
            return .failure(413, "a request to read carries no body", hint: "leave the body out")
        }
        return page(query)
    }

    /// Every path served, in the order the status page lists them.
    package static let paths = [
        "/", "/metrics", "/-/healthy", "/-/ready", "/api/v1/status", "/api/v1/points", "/api/v1/kpis", "/api/v1/racks",
        "/api/v1/loops", "/api/v1/devices", "/api/v1/alarms", "/api/v1/decisions", "/api/v1/why", "/api/v1/site",
    ]

    private func page(_ query: WebQuery) -> WebAnswer {
        let state = latest.snapshot()
        switch query.path {
        case "/":
            return StatusPage.answer(
                report: state.honestRecord.map(layout.report),
                site: latest.site,
                version: latest.version,
                isCurrent: state.isCurrent
            )
        case "/metrics":
            let format = MetricFormat.negotiated(accept: query.accept)
            var answer = WebAnswer(contentType: format.contentType, body: exposition.render(state, format: format))
            answer.vary = "Accept"
            return answer
        case "/-/healthy":
            return HealthPages.healthy(state)
        case "/-/ready":
            return HealthPages.ready(state)
        default:
            guard let record = state.honestRecord else {
                return .failure(503, "no cycle has been finished yet", hint: "ask again in a few seconds")
            }
            return data(query, record: record, history: state.history)
        }
    }

    private func data(_ query: WebQuery, record: CycleRecord, history: CommandHistory) -> WebAnswer {
        switch query.path {
        case "/api/v1/points": points(query, record: record)
        case "/api/v1/kpis": .json(record.kpis)
        case "/api/v1/racks": .json(layout.rackReports(record))
        case "/api/v1/loops": .json(record.loops)
        case "/api/v1/devices": .json(record.devices)
        case "/api/v1/alarms": .json(record.alarms)
        case "/api/v1/decisions": .json(history.decisions)
        case "/api/v1/why": why(query, record: record, history: history)
        case "/api/v1/site": .json(SiteReport(site: latest.site, record: record, version: latest.version))
        default: .json(layout.report(record))
        }
    }

    private func points(_ query: WebQuery, record: CycleRecord) -> WebAnswer {
        guard query.parameters.contains(where: { $0.name == "glob" }) else {
            return .json(layout.pointReports(record, matching: nil))
        }
        guard let text = query.parameter("glob"), !text.isEmpty, text.utf8.count <= PointGlob.maximumLength else {
            return .failure(
                400,
                "glob is empty, broken or longer than \(PointGlob.maximumLength) bytes",
                hint: "write a pattern such as rack-*/active_power, percent-encoded"
            )
        }
        return .json(layout.pointReports(record, matching: PointGlob(text)))
    }

    private func why(_ query: WebQuery, record: CycleRecord, history: CommandHistory) -> WebAnswer {
        guard let text = query.parameter("point"), let point = PointID(text) else {
            return .failure(400, "point is missing or is not device/point", hint: "write ?point=DEVICE/POINT")
        }
        guard let index = latest.site.index(of: point) else {
            return .failure(
                404,
                "the site has no point \(text.prefix(200))",
                hint: "/api/v1/points?glob=* lists all points"
            )
        }
        let chain = history.chain(of: index)
        let origin = chain.decision?.origin ?? chain.command?.origin
        return .json(
            WhyReport(
                point: point,
                reading: layout.reading(at: index, in: record),
                decision: chain.decision,
                command: chain.command,
                outcome: chain.outcome,
                loop: record.loops.first { $0.id == origin }
            )
        )
    }
}
