// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// One value of a YAML file with the place it stands at.
struct YAMLNode {
    enum Content {
        /// Text as written; plain where it stands without quotes, so that it may be a number.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([YAMLEntry])
        /// What a problem was collected about already; no rule says more.
        case broken
    }

    var content: Content
    var place: Place

    /// Whether nothing stands there: no text at all, `~` or `null`.
    var isEmpty: Bool {
        guard case .scalar(let text, let isPlain) = content, isPlain else { return false }
        return text.isEmpty || text == "~" || text == "null"
    }

    /// The entries where the node is a mapping.
    var entries: [YAMLEntry]? {
        guard case .mapping(let entries) = content else { return nil }
        return entries
    }

    /// What stands there, as a message names it.
    var kind: String {
        switch content {
        case .scalar(let text, let isPlain):
            if isEmpty { return "empty" }
            return isPlain ? "'\(text.shortened)'" : "the text '\(text.shortened)'"
        case .sequence: return "a list"
        case .mapping(let entries):
            // `unit: {n}` without quotes is a mapping to YAML.
            if entries.count == 1, entries[0].value.isEmpty {
                return "a mapping (a template such as {n} must stand in quotes)"
            }
            return "a mapping"
        case .broken: return "broken"
        }
    }

    /// The node with every scalar's text replaced; keys stay.
    func mapText(_ transform: (_ text: String, _ isPlain: Bool, _ place: Place) -> Content) -> YAMLNode {
        var copy = self
        switch content {
        case .scalar(let text, let isPlain):
            copy.content = transform(text, isPlain, place)
        case .sequence(let nodes):
            copy.content = .sequence(nodes.map { $0.mapText(transform) })
        case .mapping(let entries):
            copy.content = .mapping(
                entries.map { YAMLEntry(key: $0.key, keyPlace: $0.keyPlace, value: $0.value.mapText(transform)) }
            )
        case .broken: break
        }
        return copy
    }

    /// The node with every place marked as coming out of a `repeat`.
    func repeated(_ number: Int) -> YAMLNode {
        var copy = self
        copy.place.repetition = number
        switch content {
        case .scalar, .broken: break
        case .sequence(let nodes): copy.content = .sequence(nodes.map { $0.repeated(number) })
        case .mapping(let entries):
            copy.content = .mapping(
                entries.map { entry in
                    var place = entry.keyPlace
                    place.repetition = number
                    return YAMLEntry(key: entry.key, keyPlace: place, value: entry.value.repeated(number))
                }
            )
        }
        return copy
    }
}

/// One key of a mapping with its value.
struct YAMLEntry {
    var key: String
    var keyPlace: Place
    var value: YAMLNode
}

extension String {
    /// The text cut to what a one-line message bears.
    var shortened: String {
        let line = split(separator: "\n", omittingEmptySubsequences: false).first.map(String.init) ?? ""
        return line.count > 40 ? line.prefix(40) + "..." : line
    }
}
