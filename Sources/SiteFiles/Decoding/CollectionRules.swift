// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
    /// A list of values, with `repeat` followed.
    ///
    /// Entries that are wrong are left out after their problem is collected, so that what refers to the others can
    /// be checked; with `asWhole` one wrong entry spoils the list.
    static func list<Element>(
        of element: Rule<Element>,
        named name: String,
        atMost limit: Int,
        asWhole: Bool = false
    ) -> Rule where Value == [Element] {
        Rule { node, key, problems in
            guard case .sequence(let written) = node.content else {
                problems.error(node.place, "'\(key)' must be a list ('- ...' lines), but is \(node.kind)")
                return nil
            }
            let nodes = Repeats.expand(written, problems: problems)
            guard fits(nodes.count, limit, key, node.place, problems) else { return nil }
            let values = nodes.compactMap { element.read($0, name, problems) }
            return asWhole && values.count < nodes.count ? nil : values
        }
    }

    /// A mapping from names to values, in the order of the file, with `repeat` followed in the values.
    static func entries<Element>(
        atMost limit: Int,
        _ element: @escaping (_ name: String, _ place: Place) -> Rule<Element>
    ) -> Rule where Value == [Element] {
        Rule { node, key, problems in
            guard case .mapping(let written) = node.content else {
                problems.error(node.place, "'\(key)' must be a mapping from names to values, but is \(node.kind)")
                return nil
            }
            let entries = Repeats.expand(written, problems: problems)
            guard fits(entries.count, limit, key, node.place, problems) else { return nil }
            return entries.compactMap { element($0.key, $0.keyPlace).read($0.value, $0.key, problems) }
        }
    }

    private static func fits(
        _ count: Int,
        _ limit: Int,
        _ key: String,
        _ place: Place,
        _ problems: ProblemCollector
    ) -> Bool {
        if count <= limit { return true }
        problems.error(place, "'\(key)' has \(count) entries, more than the \(limit) that are allowed")
        return false
    }

    /// A list of exactly two values, `[low, high]`, the first not above the second.
    static func range<Bound: Comparable>(of bound: Rule<Bound>) -> Rule where Value == ClosedRange<Bound> {
        Rule { node, key, problems in
            guard case .sequence(let nodes) = node.content, nodes.count == 2 else {
                problems.error(node.place, "'\(key)' must be a list of two values, [low, high], but is \(node.kind)")
                return nil
            }
            let low = bound.read(nodes[0], key, problems)
            let high = bound.read(nodes[1], key, problems)
            guard let low, let high else { return nil }
            guard low <= high else {
                problems.error(node.place, "'\(key)' begins above its end; write the lower value first")
                return nil
            }
            return low...high
        }
    }
}
