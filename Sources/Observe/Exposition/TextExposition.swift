// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// The metrics page of one site: every name and label put together once, values filled in on each request.
///
/// Pure: the same state gives the same bytes. One pass over the families in the order of their names, into one
/// buffer; no text is built per series but the digits of its value.
package struct TextExposition: Sendable {
    private let families: [Entry]
    private let familyNames: Set<String>
    private let sizeEstimate: Int

    private enum Entry: Sendable {
        case points(PointSeries)
        case own(AgentFamily)

        var name: String {
            switch self {
            case .points(let series): series.family.name
            case .own(let family): family.family.name
            }
        }
    }

    package init(site: SiteDescription, version: String) {
        let own = AgentFamily.all(site: site, version: version)
        let points = PointFamilies(site: site).families
        families = (own.map(Entry.own) + points.map(Entry.points)).sorted { $0.name < $1.name }
        familyNames = Set(families.map(\.name))
        sizeEstimate = 16_384 + points.reduce(0) { $0 + $1.textSize + 256 } + site.devices.count * 1_024
    }

    /// The page for what is published now.
    ///
    /// Before the first cycle, and when cycles have stopped coming, only what the agent says of itself is shown.
    package func render(_ state: PublishedState, format: MetricFormat) -> [UInt8] {
        var buffer = ExpositionBuffer(format, capacity: sizeEstimate)
        var extra = ExtraFamilies.of(state.metrics, taken: familyNames)[...]
        for entry in families {
            while let next = extra.first, next.family.name < entry.name {
                next.write(to: &buffer)
                extra.removeFirst()
            }
            switch entry {
            case .points(let series):
                guard state.isCurrent, let record = state.record else { continue }
                series.write(record.image, to: &buffer)
            case .own(let family):
                guard state.isCurrent || !family.isMeasured else { continue }
                buffer.begin(family.family)
                family.write(state, &buffer)
            }
        }
        for next in extra { next.write(to: &buffer) }
        return buffer.finished()
    }
}
