// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Testing

@Suite("Canonical names")
struct CanonicalNamesTests {
    @Test("every name of the loops and key figures is on the list, in its unit", arguments: PointName.units.map(\.name))
    func known(name: String) throws {
        let unit = PointName.units.first { $0.name == name }?.unit
        #expect(try #require(CanonicalNames.entry(for: name)).unit == unit)
    }

    @Test("each stands once, well formed, as its own pattern")
    func unique() {
        #expect(Set(CanonicalNames.all.map(\.pattern)).count == CanonicalNames.all.count)
        for name in CanonicalNames.all {
            let filled = name.pattern.split(separator: "_").map { part in
                switch part {
                case "{n}": "12"
                case "{l}": "l3"
                case "{ll}": "l3_l1"
                default: String(part)
                }
            }.joined(separator: "_")
            #expect(CanonicalNames.entry(for: filled) == name, "\(name.pattern)")
            #expect(filled.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" }, "\(name.pattern)")
        }
    }

    @Test(
        "numbers and phases are parts of a pattern",
        arguments: [
            ("fan_2_speed", "fan_{n}_speed"), ("active_power_l3", "active_power_{l}"),
            ("voltage_l1_l2", "voltage_{ll}"), ("circuit_12_current_l1", "circuit_{n}_current_{l}"),
            ("active_power", "active_power"), ("level_l4", "level_l4"),
        ]
    )
    func pattern(name: String, pattern: String) {
        #expect(CanonicalNames.pattern(of: name) == pattern)
    }

    @Test("a name that nobody agreed on is not on the list", arguments: ["activepower", "power", "supply_temp", ""])
    func unknown(name: String) {
        #expect(CanonicalNames.entry(for: name) == nil)
    }
}
