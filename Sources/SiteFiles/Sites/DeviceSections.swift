// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The sections that say where devices answer and what they are.
extension SiteDecoder {
    var endpoint: Rule<EndpointDescription> {
        .mapping("an endpoint") { [endpointNames] fields in
            let id = fields.required("id", endpointNames.definition)
            let host = fields.required("host", Self.host)
            let port = fields.optional("port", .integer(1...65_535, "TCP ports"), default: 502)
            guard let id, let host else { return nil }
            return EndpointDescription(id: id, host: host, port: UInt16(port))
        }
    }

    var device: Rule<DeviceDescription> {
        .mapping("a device") { [self] fields in
            let id = fields.required("id", deviceNames.definition)
            let equipment = fields.optional("equipment", .identifier)
            let endpoint = fields.required("endpoint", endpointNames.reference)
            let unit = fields.optional("unit", .integer(0...255, "Modbus unit ids"))
            let map = fields.required("map", library.reference)
            if let map { reportTemplate(map, at: fields.place(of: "map")) }
            let intervals = fields.optional("intervals", Self.intervals, default: [:])
            let overrides = PointOverrides(map: map.map { library.maps[$0] })
            let changed = fields.optional("points", overrides.rule)
            guard let id, let endpoint, let position = endpointNames.position(of: endpoint), let map else { return nil }
            return DeviceDescription(
                id: id,
                equipment: equipment,
                endpoint: position,
                unit: unit.map { UInt8($0) } ?? library.maps[map].usualUnit,
                map: changed.map { library.add($0) } ?? map,
                intervals: intervals
            )
        }
    }

    /// A template has the product's points, but no register of it is known to be right.
    private func reportTemplate(_ position: Int, at place: Place) {
        let map = library.maps[position]
        guard map.confirmation == .template, reportedTemplates.insert(position).inserted else { return }
        problems.warning(
            place,
            "map '\(map.name)' is a template, whose registers are to be filled in from the vendor's list; copy it "
                + "under another name, fill it in, and set its 'confirmation'"
        )
    }

    /// A host name, an IPv4 address or an IPv6 address without brackets.
    private static var host: Rule<String> {
        Rule<String>.text(upTo: 253).check { text in
            let isWellFormed = text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"),
                    UInt8(ascii: "_"):
                    true
                default: false
                }
            }
            // One colon is that of a port; an IPv6 address has at least two.
            let hasPort = text.utf8.count { $0 == UInt8(ascii: ":") } == 1
            return isWellFormed && !hasPort
                ? nil : "is '\(text.shortened)', which is no host name or address; the port has its own key"
        }
    }

    private static var intervals: Rule<[PollClass: Duration]> {
        Rule<[PollClass: Duration]>.mapping("'intervals'") { fields in
            var intervals: [PollClass: Duration] = [:]
            for pollClass in PollClass.allCases {
                intervals[pollClass] = fields.optional(
                    pollClass.rawValue,
                    .duration(.milliseconds(50)...(.seconds(86_400)))
                )
            }
            return intervals
        }
    }

    /// Whether a host is this machine whatever the network looks like.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return parts.count == 4 && parts.allSatisfy { $0 != nil } && parts[0] == 127
    }
}
