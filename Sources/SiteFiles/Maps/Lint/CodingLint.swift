// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Codings that a device has and that look right while they are not: sums with holes, folded power factors.
struct CodingLint {
    let points: [PlacedPoint]

    var findings: [LintFinding] { points.flatMap { [hole($0), folded($0)].compactMap(\.self) } }

    /// A part that cannot count up to the next larger one, so that values between would never be shown.
    private func hole(_ entry: PlacedPoint) -> LintFinding? {
        guard case .combined(let parts) = entry.point.type else { return nil }
        let ordered = parts.sorted { ($0.factor, $1.offset) < ($1.factor, $0.offset) }
        for (part, next) in zip(ordered, ordered.dropFirst()) {
            guard let most = part.type.rawRange?.upperBound else { continue }
            let reach = (most + 1) * Double(part.factor)
            guard reach < Double(next.factor) else { continue }
            let address = Int(entry.point.address) + part.offset
            return LintFinding(
                rule: .parts,
                point: entry.point.name,
                place: entry.place(of: "parts"),
                message: "the part at \(address) ends at \(NumberText.short(reach - Double(part.factor))), short of "
                    + "the \(next.factor) that one more of the next part means; check its type and the factors"
            )
        }
        return nil
    }

    /// A floating point power factor that nothing keeps within -1...1.
    private func folded(_ entry: PlacedPoint) -> LintFinding? {
        let point = entry.point
        guard point.type.isFloat, point.name.contains("power_factor"), point.powerFactor == nil else { return nil }
        if let range = point.validRange, range.lowerBound >= -1, range.upperBound <= 1 { return nil }
        return LintFinding(
            rule: .powerFactor,
            point: point.name,
            place: entry.place(of: "valid_range"),
            message: "meters that tell four quadrants in one number send a power factor as up to 2; write "
                + "'power_factor: four_quadrant' where the document says so, else 'valid_range: [-1, 1]'"
        )
    }
}

extension RegisterType {
    var isCombined: Bool {
        if case .combined = self { true } else { false }
    }

    /// Whether the type does not tell where a total of it starts again.
    var hidesItsEnd: Bool {
        if case .signed = self { true } else { isCombined }
    }
}
