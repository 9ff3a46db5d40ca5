// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// How one kind of value is read from a node: the piece that decoders are put together from.
///
/// A rule never throws. It gives the value, or collects why there is none; `key` names the value in messages.
struct Rule<Value> {
    let read: (_ node: YAMLNode, _ key: String, _ problems: ProblemCollector) -> Value?

    init(_ read: @escaping (_ node: YAMLNode, _ key: String, _ problems: ProblemCollector) -> Value?) {
        self.read = read
    }

    /// The rule with its value turned into another one.
    func map<Other>(_ transform: @escaping (Value) -> Other) -> Rule<Other> {
        Rule<Other> { node, key, problems in read(node, key, problems).map(transform) }
    }

    /// The rule with a further check: the message says what is wrong with the value, nil where nothing is.
    func check(_ message: @escaping (Value) -> String?) -> Rule<Value> {
        Rule { node, key, problems in
            guard let value = read(node, key, problems) else { return nil }
            guard let message = message(value) else { return value }
            problems.error(node.place, "'\(key)' \(message)")
            return nil
        }
    }

    /// The rule that also gives the place.
    var placed: Rule<Placed<Value>> {
        Rule<Placed<Value>> { node, key, problems in
            read(node, key, problems).map { Placed(value: $0, place: node.place) }
        }
    }
}

/// A value with the place it was read from.
struct Placed<Value> {
    let value: Value
    let place: Place
}

extension Rule {
    /// The text of a scalar with whether it stands without quotes; `expected` ends the sentence "must be ...".
    static func scalar(
        _ node: YAMLNode,
        _ key: String,
        expected: String,
        _ problems: ProblemCollector
    ) -> (text: String, isPlain: Bool)? {
        if case .broken = node.content { return nil }
        guard case .scalar(let text, let isPlain) = node.content, !node.isEmpty else {
            problems.error(node.place, "'\(key)' must be \(expected), but is \(node.kind)")
            return nil
        }
        return (text, isPlain)
    }
}
