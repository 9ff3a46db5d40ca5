// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// The pages that a supervisor asks: is the agent alive, is it of use.
enum HealthPages {
    /// Healthy until cycles stop coming; the time before the first one counts as healthy.
    static func healthy(_ state: PublishedState) -> WebAnswer {
        guard let age = state.age, !state.isCurrent else { return .text("Thermocline is healthy.") }
        return .failure(
            503,
            "no cycle has been finished for \(Int(age.inSeconds)) s",
            hint: "look at the agent's log; restart the agent if it stays silent"
        )
    }

    /// Ready when cycles come and at least one device answers.
    static func ready(_ state: PublishedState) -> WebAnswer {
        guard let record = state.record else {
            return .failure(503, "no cycle has been finished yet", hint: "ask again in a few seconds")
        }
        guard state.isCurrent else { return healthy(state) }
        let answering = record.devices.count { $0.link == .up || $0.link == .degraded }
        guard answering > 0 else {
            return .failure(
                503,
                "none of \(record.devices.count) devices answers",
                hint: "/api/v1/devices says why; check addresses and network"
            )
        }
        return .text("Thermocline is ready: \(answering) of \(record.devices.count) devices answer.")
    }
}
