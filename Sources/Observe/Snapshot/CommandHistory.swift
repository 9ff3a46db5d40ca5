// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The newest decision, command and outcome of every point that ever had one.
///
/// A decision is taken every minute or when a loop steps, a question is asked at any time: so what explains a
/// point is kept until something newer replaces it. Bounded by the points of the site.
struct CommandHistory: Sendable {
    struct Chain: Sendable {
        var decision: Decision?
        var command: Command?
        var outcome: WriteOutcome?
    }

    private var chains: [PointIndex: Chain] = [:]
    /// Writes that ended since the agent started, in the order of ``results``.
    private(set) var outcomeCounts = [Int](repeating: 0, count: Self.results.count)

    static let results: [WriteOutcome.Result] = [.confirmed, .refused, .notTaken, .noReply, .blocked]

    func chain(of point: PointIndex) -> Chain { chains[point] ?? Chain() }

    /// The newest decision of each point, in the order of the site's points.
    var decisions: [Decision] {
        chains.sorted { $0.key < $1.key }.compactMap(\.value.decision)
    }

    /// Takes in what one cycle decided; points the site does not have are left out.
    mutating func add(_ record: CycleRecord, site: SiteDescription) {
        for decision in record.decisions {
            guard let point = site.index(of: decision.point) else { continue }
            chains[point, default: Chain()].decision = decision
        }
        for command in record.commands {
            guard let point = site.index(of: command.point) else { continue }
            chains[point, default: Chain()].command = command
        }
        for outcome in record.outcomes {
            if let result = Self.results.firstIndex(of: outcome.result) { outcomeCounts[result] += 1 }
            guard let point = site.index(of: outcome.point) else { continue }
            chains[point, default: Chain()].outcome = outcome
        }
    }
}
