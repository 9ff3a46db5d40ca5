// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The stable name of a point, `device/point` in lower snake and kebab case: `chiller-1/chilled_water_setpoint`.
package struct PointID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The device's identifier in the site file.
    package let device: String
    /// The canonical point name from the device map.
    package let point: String

    package init(device: String, point: String) {
        self.device = device
        self.point = point
    }

    /// Reads `device/point`; nil where there is not exactly one slash with text on both sides.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        self.init(device: String(parts[0]), point: String(parts[1]))
    }

    package var description: String { "\(device)/\(point)" }

    package static func < (left: Self, right: Self) -> Bool {
        left.device == right.device ? left.point < right.point : left.device < right.device
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let identifier = PointID(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(text)' is not a point; write device/point"
            )
        }
        self = identifier
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// The place of a point in a site's list of points, and so of its reading in every process image of that site.
package struct PointIndex: Hashable, Comparable, Sendable {
    /// The position, counted from 0, in ``SiteDescription/points``.
    package let position: Int

    package init(_ position: Int) { self.position = position }

    package static func < (left: Self, right: Self) -> Bool { left.position < right.position }
}
