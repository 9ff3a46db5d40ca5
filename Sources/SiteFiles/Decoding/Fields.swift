// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The entries of one mapping, taken out by name; whatever nobody asks for is an unknown key.
final class Fields {
    /// Where the mapping begins.
    let place: Place
    let problems: ProblemCollector
    private let what: String
    private let entries: [YAMLEntry]
    private var known: [String] = []
    /// Whether the value of any key was wrong; the whole is given up then, so that no default hides it.
    fileprivate private(set) var isBroken = false

    fileprivate init(_ entries: [YAMLEntry], what: String, place: Place, problems: ProblemCollector) {
        self.entries = entries
        self.what = what
        self.place = place
        self.problems = problems
    }

    /// The value of a key that must be there; nil, with a problem, where it is missing or wrong.
    func required<Value>(_ key: String, _ rule: Rule<Value>) -> Value? {
        guard let node = node(key) else {
            problems.error(place, "\(what) needs '\(key)'; add it")
            return nil
        }
        return read(node, key, rule)
    }

    /// The value of a key that may be missing; nil, with a problem, where it is wrong.
    func optional<Value>(_ key: String, _ rule: Rule<Value>) -> Value? {
        guard let node = node(key) else { return nil }
        if node.isEmpty {
            problems.error(node.place, "'\(key)' has no value; give one or remove the key")
            isBroken = true
            return nil
        }
        return read(node, key, rule)
    }

    /// The value of a key, or what the product uses where it is missing or, with a problem, wrong.
    func optional<Value>(_ key: String, _ rule: Rule<Value>, default value: Value) -> Value {
        optional(key, rule) ?? value
    }

    /// Whether the key is there.
    func has(_ key: String) -> Bool { entries.contains { $0.key == key } }

    /// Where the value of a key stands; the mapping's own place where the key is missing.
    func place(of key: String) -> Place { entries.first { $0.key == key }?.value.place ?? place }

    private func read<Value>(_ node: YAMLNode, _ key: String, _ rule: Rule<Value>) -> Value? {
        var value: Value?
        if case .broken = node.content { value = nil } else { value = rule.read(node, key, problems) }
        if value == nil { isBroken = true }
        return value
    }

    private func node(_ key: String) -> YAMLNode? {
        if !known.contains(key) { known.append(key) }
        return entries.first { $0.key == key }?.value
    }

    fileprivate func reportUnknownKeys() {
        for entry in entries where !known.contains(entry.key) {
            // `{summary: sum, all phases}` gives the key `all phases` without a value.
            let hint =
                entry.value.isEmpty && entry.key.contains(" ")
                ? "a text with a comma must stand in quotes"
                : NearestName.hint(for: entry.key, in: known, called: "its keys")
            problems.error(entry.keyPlace, "\(what) has no key '\(entry.key.shortened)'; \(hint)")
        }
    }
}

extension Rule {
    /// A mapping that `build` takes apart; `what` names it with its article: "a meter".
    ///
    /// `build` must ask for every key before it gives up, or the ones left are reported as unknown.
    static func mapping(_ what: String, _ build: @escaping (Fields) -> Value?) -> Rule {
        Rule { node, _, problems in
            guard case .mapping(let entries) = node.content else {
                problems.error(node.place, "\(what) must be a mapping of keys to values, but this is \(node.kind)")
                return nil
            }
            let fields = Fields(entries, what: what, place: node.place, problems: problems)
            let value = build(fields)
            fields.reportUnknownKeys()
            return fields.isBroken ? nil : value
        }
    }
}
