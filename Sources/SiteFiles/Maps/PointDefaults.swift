// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The keys that a point takes from `defaults` where it does not give them itself.
enum PointDefaults {
    /// What a default says of numbers and has no meaning for a bit, an enumeration or a text.
    private static let keysOfNumbers: Set<String> = [
        "unit", "scale", "offset", "scale_factor_address", "coded_by", "sentinels", "power_factor", "valid_range",
        "flat_line_after", "rate_limit", "valid_while",
    ]

    /// The point with the defaults it takes.
    static func apply(_ defaults: [YAMLEntry], to node: YAMLNode) -> YAMLNode {
        guard case .mapping(let own) = node.content else { return node }
        let isNumber = isNumber(own)
        let added = defaults.filter { entry in
            !own.contains { $0.key == entry.key } && (isNumber || !keysOfNumbers.contains(entry.key))
        }
        var merged = node
        merged.content = .mapping(own + added)
        return merged
    }

    private static func isNumber(_ entries: [YAMLEntry]) -> Bool {
        func text(_ key: String) -> String {
            guard case .scalar(let text, _)? = entries.first(where: { $0.key == key })?.value.content else { return "" }
            return text
        }
        let type = text("type")
        let isCoded = type == "bool" || RegisterType(spelling: type).map { $0.isText || $0.isTruthValue } == true
        let holdsBits = RegisterTable(rawValue: text("table"))?.holdsBits == true
        return !isCoded && !holdsBits && !entries.contains { $0.key == "labels" }
    }
}
