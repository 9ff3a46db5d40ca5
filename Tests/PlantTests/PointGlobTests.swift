// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Testing

@Suite("Point patterns")
struct PointGlobTests {
    @Test(
        "what matches what",
        arguments: [
            ("*", "cdu-1/supply_temperature", true),
            ("*a*b*a*", "xa/xbxax", true), ("*a*b*c", "a/b", false), ("**?*/?**", "ab/c", true),
            ("*/energy_total", "meter-12/energy_total", true),
            ("*/energy_total", "meter-12/energy_totals", false),
            ("cdu-?/*", "cdu-7/flow", true),
            ("cdu-?/*", "cdu-17/flow", false),
            ("cdu-*/s*y_temperature", "cdu-17/supply_temperature", true),
            ("cdu-1/flow", "cdu-1/flow", true),
            ("cdu-1/flow", "cdu-1/flow_rate", false),
            ("CDU-1/flow", "cdu-1/flow", false),
            ("*a*b*c*", "xxaxxbxxc", true),
            ("*a*b*c*", "xxaxxcxxb", false),
            ("", "a/b", false),
            ("**", "a/b", true),
            ("a/b?", "a/b", false),
        ]
    )
    func rows(pattern: String, name: String, expected: Bool) {
        #expect(PointGlob(pattern).matches(name) == expected)
    }

    @Test("a hostile pattern takes time in proportion, not exponentially", .timeLimit(.minutes(1)))
    func hostile() {
        let pattern = PointGlob(String(repeating: "*a", count: 60) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 4_000)))
    }
}
