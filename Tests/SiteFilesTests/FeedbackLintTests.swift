// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import SiteFiles
import TestKit
import Testing

/// What `maps lint` says of the point that shows a command's effect, and of the two times of a command.
struct FeedbackLintTests {
    /// The first point stands in line 10, behind a default of percent.
    static func problems(_ points: String) throws -> [String] {
        let lines = points.split(separator: "\n").map { "  \($0)\n" }.joined()
        let text =
            BrokenMapsTests.head + "numbering: zero_based\npoints:\n" + lines
            + "lint: {allow: [{rule: golden, reason: not what is tried here}]}\n"
            + "golden: [{point: run_status, words: [2], value: 1}]\n"
        let bench = try Workbench(["acme.yaml": text])
        let result = SiteFiles.lintMap(path: bench.directory.path("acme.yaml"))
        return bench.lines(result.loaded.problems, in: "acme.yaml")
    }

    /// What the vectors of the head need.
    static let state = "run_status: {address: 9, type: \"bit:1\"}\n"

    @Test(arguments: [
        (
            "chilled_water_setpoint: {address: 1, unit: degC, scale: 0.1, write: {range: [5, 20], feedback: "
                + "chilled_water_supply_temperature}}\n"
                + "chilled_water_supply_temperature: {address: 2, unit: degC, scale: 0.1}\n",
            "10:98: warning: 'feedback' chilled_water_supply_temperature is measured, and no controller keeps it"
        ),
        (
            "output_power: {address: 1, write: {range: [0, 9], feedback_settle: 30 s}}\n",
            "10:70: warning: 'feedback_settle' says how long 'feedback' may take, and there is none"
        ),
        (
            "output_power: {address: 1, readable: false, write: {range: [0, 9], feedback: thermal_power, "
                + "feedback_settle: 30 s}}\nthermal_power: {address: 2}\n",
            "10:112: warning: the command cannot be read back, so 'feedback' is its read-back; write 'settle'"
        ),
        (
            "output_power: {address: 1, write: {range: [0, 9], feedback: thermal_power, settle: 60 s}}\n"
                + "thermal_power: {address: 2}\n",
            "10:86: warning: 'settle' is how long the command's own register may take to show the value"
        ),
        (
            "output_power: {address: 1, readable: false, write: {range: [0, 9], feedback: run_status}}\n",
            "10:80: 'feedback' run_status is in boolean, the command in watts; they cannot be compared; name a point "
                + "in watts"
        ),
    ])
    func whatCannotShowACommandIsFoundWhereItStands(points: String, problem: String) throws {
        let problems = try Self.problems(points + Self.state)
        #expect(problems.count == 1 && problems.first?.hasPrefix(problem) == true, "\(problems)")
    }

    @Test(arguments: [
        "output_power: {address: 1, write: {range: [0, 9], feedback: run_status, feedback_settle: 60 s}}\n",
        "output_power: {address: 1, write: {range: [0, 9], feedback: thermal_power, settle: 5 s}}\n"
            + "thermal_power: {address: 2}\n",
        "output_power: {address: 1, readable: false, write: {range: [0, 9], feedback: thermal_power, settle: 60 s}}\n"
            + "thermal_power: {address: 2}\n",
        "chilled_water_setpoint: {address: 1, unit: degC, scale: 0.1, write: {range: [5, 20], feedback: "
            + "active_chilled_water_setpoint}}\nactive_chilled_water_setpoint: {address: 2, unit: degC, scale: 0.1}\n",
    ])
    func whatShowsACommandIsLetBe(points: String) throws {
        #expect(try Self.problems(points + Self.state) == [])
    }
}
