// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// How the identity of a map's product is read and judged.
package struct IdentityReader: Hashable, Sendable {
    /// Characters of an answer that are shown at most.
    static let shownCharacters = 64
    /// Accepted answers that are named at most.
    static let shownAnswers = 6

    private let probe: IdentityProbe
    private let registers: WholeRead
    /// The read of the identity registers.
    package let block: ReadBlock
    /// What the map accepts, for people.
    package let expected: String

    package init(_ probe: IdentityProbe, limits: RequestLimits = RequestLimits()) {
        self.probe = probe
        let count = probe.table.holdsBits ? 1 : probe.type.registerCount
        registers = WholeRead(
            RegisterRange(table: probe.table, address: probe.address, count: count),
            limits: limits
        )
        block = ReadBlock(of: registers.range)
        let answers = probe.accepted.prefix(Self.shownAnswers).map { probe.type.isText ? "'\($0)'" : $0 }
        let more = probe.accepted.count > Self.shownAnswers ? " or \(probe.accepted.count - answers.count) more" : ""
        expected = answers.joined(separator: " or ") + more
    }

    /// What the reply to the read says.
    package func judge(_ reply: [UInt16]) -> ProbedIdentity {
        let words = registers.words(reply)
        let point = MapPoint(
            name: "identity",
            table: probe.table,
            address: probe.address,
            type: probe.type,
            unit: SourceUnit("count", .count)
        )
        let codec = RegisterCodec(point)
        if probe.type.isText {
            let text = codec.decodeText(words)
            let isAccepted = probe.accepted.contains { text.hasPrefix($0) }
            return ProbedIdentity(answer: text, isAccepted: isAccepted, cause: .none)
        }
        let decoded = codec.decode(words)
        guard decoded.isGood, let number = Int64(exactly: decoded.value) else {
            return ProbedIdentity(answer: nil, isAccepted: false, cause: decoded.cause)
        }
        let isAccepted = probe.accepted.contains { Self.number($0) == decoded.value }
        return ProbedIdentity(answer: "\(number)", isAccepted: isAccepted, cause: .none)
    }

    /// A wrong answer as an operator is shown it: the number in both bases, text in quotes and not without end.
    ///
    /// Control characters are gone from the text already; see ``RegisterCodec/decodeText(_:)-([UInt16])``.
    package func shown(_ identity: ProbedIdentity) -> String {
        guard let answer = identity.answer else { return "nothing readable (\(identity.cause.words))" }
        guard probe.type.isText else {
            let hexadecimal = UInt64(answer).map { " (0x\(String($0, radix: 16, uppercase: true)))" }
            return answer + (hexadecimal ?? "")
        }
        guard !answer.isEmpty else { return "an empty text" }
        let shown = answer.prefix(Self.shownCharacters)
        return "'\(shown)\(shown.count < answer.count ? "..." : "")'"
    }

    /// A number as a map writes it: decimal, or hexadecimal behind `0x`.
    private static func number(_ text: String) -> Double? {
        let isHexadecimal = text.hasPrefix("0x") || text.hasPrefix("0X")
        return isHexadecimal ? UInt64(text.dropFirst(2), radix: 16).map { Double($0) } : Double(text)
    }
}
