// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant

extension RemoteWriteSettings {
    /// Refuses settings that could never work.
    ///
    /// - Throws: ``RemoteWriteProblem`` for the first thing that is wrong.
    package func check() throws(RemoteWriteProblem) {
        guard let parts = URLComponents(string: url), parts.scheme == "http" || parts.scheme == "https",
            let host = parts.host, !host.isEmpty, parts.user == nil, parts.fragment == nil
        else {
            throw RemoteWriteProblem(
                "this is not the address of a remote-write receiver",
                at: "'\(url.prefix(200))'",
                remedy: "write http://HOST:PORT/api/v1/write, with credentials in a setting of their own"
            )
        }
        if queueDirectory.isEmpty {
            throw RemoteWriteProblem("no directory is given", at: "queue directory", remedy: "name one")
        }
        if queueByteBudget < 65_536 {
            throw RemoteWriteProblem("less than 64 KiB is given", at: "queue byte budget", remedy: "give more")
        }
        if !(1...100_000).contains(batchSamples) {
            throw RemoteWriteProblem("\(batchSamples) is out of range", at: "batch samples", remedy: "give 1 to 100000")
        }
        let times = [
            ("sample interval", sampleInterval), ("connect time limit", connectTimeLimit),
            ("request time limit", requestTimeLimit), ("first retry delay", firstRetryDelay),
            ("longest retry delay", longestRetryDelay),
        ]
        for (name, time) in times where time < .milliseconds(1) || time > .seconds(86_400) {
            throw RemoteWriteProblem("\(time) is out of range", at: name, remedy: "give between 1 ms and a day")
        }
        try checkLabels()
    }

    private func checkLabels() throws(RemoteWriteProblem) {
        var seen: Set<String> = []
        for label in externalLabels {
            guard label.name.wholeMatch(of: /[a-zA-Z_][a-zA-Z0-9_]*/) != nil, !label.name.hasPrefix("__") else {
                throw RemoteWriteProblem(
                    "this cannot be the name of a label",
                    at: "external label '\(label.name)'",
                    remedy: "use letters, digits and underscores, not two underscores at the start"
                )
            }
            guard seen.insert(label.name).inserted else {
                throw RemoteWriteProblem(
                    "the label is given twice",
                    at: "external label '\(label.name)'",
                    remedy: "give it once"
                )
            }
        }
    }
}
