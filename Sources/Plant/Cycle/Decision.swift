// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// What was decided for one point in one cycle, and who bound it.
package struct Decision: Hashable, Sendable, Codable {
    package let point: PointID
    /// What the loop wished, in the point's base unit.
    package let wish: Double
    /// What came out of arbitration, in the point's base unit.
    package let value: Double
    /// The loop or rule the wish came from.
    package let origin: String
    package let reason: Reason
    /// The layers that moved the wish, outermost first; empty where it passed unchanged.
    package let boundBy: [Binding]
    /// Whether it was sent, or only recorded because the loop is advisory.
    package let isSent: Bool

    package init(
        point: PointID,
        wish: Double,
        value: Double,
        origin: String,
        reason: Reason,
        boundBy: [Binding],
        isSent: Bool
    ) {
        self.point = point
        self.wish = wish
        self.value = value
        self.origin = origin
        self.reason = reason
        self.boundBy = boundBy
        self.isSent = isSent
    }
}

/// A limit that moved a wish.
package struct Binding: Hashable, Sendable, Codable {
    package let layer: ArbitrationLayer
    package let reason: Reason

    package init(layer: ArbitrationLayer, reason: Reason) {
        self.layer = layer
        self.reason = reason
    }
}

/// Who may shrink what a point may be, strongest first.
package enum ArbitrationLayer: String, CaseIterable, Sendable, Codable {
    case safety
    case equipmentProtection = "equipment_protection"
    case `operator`
    case optimiser
}

/// Whether a loop acts.
package enum LoopMode: String, CaseIterable, Sendable, Codable {
    case off
    case hand
    /// Computes and records, never writes.
    case advisory
    case automatic
}

/// What one loop is doing.
package struct LoopStatus: Hashable, Sendable, Codable {
    package let id: String
    package let kind: LoopKind
    package let mode: LoopMode
    /// The state of the sequence in its own words, lower snake case: `free_cooling`, `export_running`.
    package let state: String
    package let reason: Reason
    /// Plant time at which the state was entered.
    package let since: Timestamp

    package init(id: String, kind: LoopKind, mode: LoopMode, state: String, reason: Reason, since: Timestamp) {
        self.id = id
        self.kind = kind
        self.mode = mode
        self.state = state
        self.reason = reason
        self.since = since
    }
}
