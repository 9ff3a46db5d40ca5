// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Repetition in lists and mappings: one entry with `repeat: 1..76` stands for 76, `{n}` in its text for the number.
///
/// `{n}` may carry sums, differences, products and a width: `{n+100}`, `{33+39*n}`, `{n-1:02}`.
enum Repeats {
    /// The nodes with every `repeat` followed.
    static func expand(_ nodes: [YAMLNode], problems: ProblemCollector) -> [YAMLNode] {
        let entries = nodes.map { YAMLEntry(key: "", keyPlace: $0.place, value: $0) }
        return expand(entries, problems: problems).map(\.value)
    }

    /// The entries with every `repeat` followed, in keys and values.
    static func expand(_ entries: [YAMLEntry], problems: ProblemCollector) -> [YAMLEntry] {
        var result: [YAMLEntry] = []
        for entry in entries {
            guard let written = entry.value.entries, let clause = written.first(where: { $0.key == "repeat" }) else {
                result.append(entry)
                continue
            }
            guard let range = range.read(clause.value, "repeat", problems) else { continue }
            guard result.count + range.count <= Limits.repeatedEntries else {
                problems.error(
                    clause.value.place,
                    "'repeat' makes more than \(Limits.repeatedEntries) entries of this list; shorten the range"
                )
                continue
            }
            let body = YAMLNode(
                content: .mapping(written.filter { $0.key != "repeat" }),
                place: entry.value.place
            )
            for number in range { result.append(instance(of: entry, body: body, number: number, problems: problems)) }
        }
        return result
    }

    private static func instance(
        of entry: YAMLEntry,
        body: YAMLNode,
        number: Int,
        problems: ProblemCollector
    ) -> YAMLEntry {
        var keyPlace = entry.keyPlace
        keyPlace.repetition = number
        let value = body.repeated(number).mapText { text, isPlain, place in
            fill(text, isPlain: isPlain, with: number, at: place, problems: problems)
        }
        var key = entry.key
        if case .scalar(let filled, _) = fill(key, isPlain: true, with: number, at: keyPlace, problems: problems) {
            key = filled
        }
        return YAMLEntry(key: key, keyPlace: keyPlace, value: value)
    }

    /// `1..76`, or `{from: 1, to: 76}`.
    private static var range: Rule<ClosedRange<Int>> {
        Rule<ClosedRange<Int>> { node, key, problems in
            if case .mapping = node.content {
                let bounds = Rule<(Int?, Int?)>.mapping("a repeat") { fields in
                    (fields.required("from", .integer(0...1_000_000)), fields.required("to", .integer(0...1_000_000)))
                }
                guard case .some((let from?, let to?)) = bounds.read(node, key, problems) else { return nil }
                return checked(from, to, node, problems)
            }
            guard case .scalar(let text, _) = node.content else {
                problems.error(node.place, "'repeat' must be a range such as 1..76, but is \(node.kind)")
                return nil
            }
            let bounds = text.split(separator: ".", omittingEmptySubsequences: false)
            guard bounds.count == 3, bounds[1].isEmpty, let from = Int(bounds[0]), let to = Int(bounds[2]), from >= 0
            else {
                problems.error(node.place, "'repeat' must be a range such as 1..76, but is \(node.kind)")
                return nil
            }
            return checked(from, to, node, problems)
        }
    }

    private static func checked(
        _ from: Int,
        _ to: Int,
        _ node: YAMLNode,
        _ problems: ProblemCollector
    ) -> ClosedRange<Int>? {
        guard from <= to else {
            problems.error(node.place, "'repeat' runs from \(from) down to \(to); write the lower number first")
            return nil
        }
        return from...to
    }

    /// The text with every template filled in, which makes it plain, so that it may be a number.
    private static func fill(
        _ text: String,
        isPlain: Bool,
        with number: Int,
        at place: Place,
        problems: ProblemCollector
    ) -> YAMLNode.Content {
        var result = ""
        var rest = Substring(text)
        var isChanged = false
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let template = rest[rest.index(after: open)..<close]
            result += rest[..<open]
            guard let filled = value(of: template, number: number) else {
                problems.error(
                    place,
                    "the template '{\(String(template).shortened)}' cannot be filled in; "
                        + "use n, whole numbers, +, - and *, and a width, such as {n+100}, {33+39*n} or {n:02}"
                )
                return .broken
            }
            result += filled
            isChanged = true
            rest = rest[rest.index(after: close)...]
        }
        return .scalar(result + rest, isPlain: isPlain || isChanged)
    }

    /// The value of `n`, `n+100`, `33+39*n`, `15020+n-1`, or `n:02`; nil where the template is anything else.
    private static func value(of template: Substring, number: Int) -> String? {
        let parts = template.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var width = 0
        if parts.count == 2 {
            guard parts[1].first == "0", let digits = Int(parts[1]), (1...9).contains(digits) else { return nil }
            width = digits
        }
        var sum = 0
        var sign = 1
        var term = ""
        func take() -> Bool {
            var product = 1
            for factor in term.split(separator: "*", omittingEmptySubsequences: false) {
                guard let value = factor == "n" ? number : Int(factor), (0...1_000_000).contains(value) else {
                    return false
                }
                product *= value
                guard product <= 1_000_000 else { return false }
            }
            sum += sign * product
            term = ""
            return true
        }
        for character in parts[0] where character != " " {
            if character == "+" || character == "-" {
                guard take() else { return nil }
                sign = character == "+" ? 1 : -1
            } else {
                term.append(character)
            }
        }
        guard take(), parts[0].contains("n") else { return nil }
        let digits = String(abs(sum))
        let padded = String(repeating: "0", count: max(0, width - digits.count)) + digits
        return sum < 0 ? "-" + padded : padded
    }
}
