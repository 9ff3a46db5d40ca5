// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Checks that need all points of a map.
struct MapChecks {
    let points: [PlacedPoint]
    let names: NameRegistry
    let limits: RequestLimits
    /// The function codes the product answers; empty where the map does not list them.
    let functions: [UInt8]
    let problems: ProblemCollector

    func run() {
        checkFeedback()
        checkProhibitedRanges()
        checkReadSizes()
        checkFunctions()
    }

    private func checkFunctions() {
        guard !functions.isEmpty else { return }
        for entry in points where entry.point.isReadable {
            let code = entry.point.table.readFunction
            guard !functions.contains(code) else { continue }
            problems.error(
                entry.place(of: "table"),
                "table \(entry.point.table.rawValue) of point '\(entry.point.name)' is read with function \(code), "
                    + "which 'functions' does not list; correct one of them"
            )
        }
    }

    private func checkFeedback() {
        for entry in points {
            guard let place = entry.feedbackPlace, let feedback = entry.point.write?.feedback else { continue }
            guard names.position(of: feedback) != nil else {
                let hint = NearestName.hint(for: feedback, in: names.names, called: "the points")
                problems.error(place, "'feedback' names no point of this map: '\(feedback)'; \(hint)")
                continue
            }
            guard let other = points.first(where: { $0.point.name == feedback }) else { continue }
            // That a machine runs says something of any command above zero that can be read back itself.
            let isRunStatus = other.point.baseUnit == .boolean && entry.point.isReadable
            if other.point.baseUnit != entry.point.baseUnit, !isRunStatus {
                let unit = entry.point.baseUnit.rawValue
                problems.error(
                    place,
                    "'feedback' \(feedback) is in \(other.point.baseUnit.rawValue), the command in \(unit); "
                        + "they cannot be compared; name a point in \(unit)"
                        + (entry.point.isReadable ? ", or one that says whether the machine runs" : "")
                )
            }
        }
    }

    private func checkProhibitedRanges() {
        for entry in points {
            let own = RegisterRange(
                table: entry.point.table,
                address: entry.point.address,
                count: entry.point.type.registerCount
            )
            for range in limits.prohibited where range.overlaps(own) {
                problems.error(
                    entry.place,
                    "point '\(entry.point.name)' lies in the prohibited range "
                        + "\(range.address)...\(range.end - 1); remove one of them"
                )
            }
        }
    }

    private func checkReadSizes() {
        for entry in points where !entry.point.table.holdsBits {
            let count = entry.point.type.registerCount
            if let codes = entry.point.scaleFactorAddress, entry.point.scaleCodes != nil {
                checkSpan(entry, from: Int(codes))
            }
            if count > limits.maximumRegistersPerRead {
                problems.error(
                    entry.place,
                    "point '\(entry.point.name)' takes \(count) registers, more than the "
                        + "\(limits.maximumRegistersPerRead) one read may ask for; it could never be read"
                )
            }
        }
    }

    /// A value and the register that tells its unit must come in one read, or they might not belong together.
    private func checkSpan(_ entry: PlacedPoint, from code: Int) {
        let point = entry.point
        let first = min(Int(point.address), code)
        let span = RegisterRange(
            table: point.table,
            address: UInt16(first),
            count: max(Int(point.address) + point.type.registerCount, code + 1) - first
        )
        if span.count > limits.maximumRegistersPerRead {
            problems.error(
                entry.place(of: "coded_by"),
                "'coded_by' of point '\(point.name)' stands \(span.count) registers from end to end, more than one "
                    + "read of this device brings; write 'valid_while' with a point at \(code)"
            )
        } else if let range = limits.prohibited.first(where: { $0.overlaps(span) }) {
            problems.error(
                entry.place(of: "coded_by"),
                "'coded_by' of point '\(point.name)' needs a read across the prohibited addresses "
                    + "\(range.address)...\(range.end - 1); write 'valid_while' with a point at \(code)"
            )
        }
    }
}
