// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// What one look at a device showed of one point of its map.
package struct ProbedPoint: Hashable, Sendable {
    /// The point's canonical name.
    package let name: String
    /// The unit the map gives the point.
    package let unit: SourceUnit
    /// The words as they came; empty where none did.
    package var words: [UInt16] = []
    /// The word of the scale-factor register; nil where the point has none, or it did not come.
    package var scaleFactorWord: UInt16?
    /// The value in the base unit; NaN where there is none, or the point is text.
    package var value = Double.nan
    /// The text of a string point.
    package var text: String?
    package var quality = Quality.bad
    package var cause: QualityCause
    /// From request to reply in seconds; nil where nothing was asked or answered.
    package var roundTripSeconds: Double?

    package init(name: String, unit: SourceUnit, cause: QualityCause) {
        self.name = name
        self.unit = unit
        self.cause = cause
    }
}

/// What a device said to the question which product it is.
package struct ProbedIdentity: Hashable, Sendable {
    /// The number or text in the identity registers; nil where they could not be read.
    package let answer: String?
    /// Whether the map accepts it.
    package let isAccepted: Bool
    /// Why they could not be read; ``QualityCause/none`` where they could.
    package let cause: QualityCause
}

/// What one look at a device showed.
package struct DeviceLook: Hashable, Sendable {
    /// The points in the map's order; points that are only written carry no words.
    package let points: [ProbedPoint]
    /// What the identity registers said; nil where the map names none.
    package let identity: ProbedIdentity?
    /// How many requests it took.
    package let requests: Int
    /// The device's models; nil for a map of fixed addresses, and where they were not found.
    package let chain: SunSpecChain?
    /// Why the models were not found; nil where they were, and where nothing was answered.
    package let chainFailure: SunSpecWalk.Failure?

    package init(
        points: [ProbedPoint],
        identity: ProbedIdentity?,
        requests: Int,
        chain: SunSpecChain? = nil,
        chainFailure: SunSpecWalk.Failure? = nil
    ) {
        self.points = points
        self.identity = identity
        self.requests = requests
        self.chain = chain
        self.chainFailure = chainFailure
    }

    /// The map with the addresses that its points have on this device.
    package func placed(_ map: DeviceMap) -> DeviceMap { chain.map { map.placed(on: $0) } ?? map }

    /// Whether the device answers, but refuses every address of the map.
    package var isRefusedThroughout: Bool {
        let read = points.filter { $0.cause != .notAvailable || !$0.words.isEmpty }
        return !read.isEmpty && read.allSatisfy { $0.words.isEmpty }
    }
}
