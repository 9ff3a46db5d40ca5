// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The section `groups`: things that come together, such as a row's CDU, its racks, their meters, written once.
///
/// ```yaml
/// groups:
///   - repeat: {row: 1..10}
///     coolant_distribution_units: [{id: "cdu-{row}", capacity: 1350 kW}]
///     racks: [{repeat: 1..10, id: "rack-{10*row-10+n:03}", power: 132 kW, coolant_distribution_unit: "cdu-{row}"}]
/// ```
///
/// A group holds lists of other sections. They are joined to those sections, once per number; lists of equipment go to
/// `plant`. The number's name is free, so that a `repeat` inside may use `{n}`.
struct SiteGroups {
    let problems: ProblemCollector

    /// Sections at the top that a group may add to.
    static let sections = ["endpoints", "devices", "racks", "meters"]
    /// Lists of `plant` that a group may add to.
    static let equipment = [
        "coolant_distribution_units", "immersion_tanks", "air_handlers", "outdoor_air_handlers", "chillers",
        "cooling_towers", "dry_coolers", "heat_pumps",
    ]

    /// The sections of a site with every group's lists joined to them.
    func expand(_ entries: [YAMLEntry]) -> [YAMLEntry] {
        guard let groups = entries.first(where: { $0.key == "groups" }) else { return entries }
        var result = entries.filter { $0.key != "groups" }
        guard case .sequence(let nodes) = groups.value.content else {
            problems.error(groups.value.place, "'groups' must be a list ('- ...' lines), but is \(groups.value.kind)")
            return result
        }
        var made = 0
        for node in nodes {
            guard let body = node.entries else {
                problems.error(node.place, "a group must be a mapping of lists, but this is \(node.kind)")
                continue
            }
            for instance in instances(of: body, at: node.place) {
                for entry in instance.entries ?? [] {
                    if case .sequence(let list) = entry.value.content { made += list.count }
                    guard made <= Limits.repeatedEntries else {
                        problems.error(node.place, "groups make more than \(Limits.repeatedEntries) entries")
                        return result
                    }
                    join(entry, into: &result)
                }
            }
        }
        return result
    }

    // MARK: One group

    private func instances(of body: [YAMLEntry], at place: Place) -> [YAMLNode] {
        let lists = body.filter { entry in
            if entry.key == "repeat" { return false }
            let known = Self.sections + Self.equipment
            guard known.contains(entry.key) else {
                let hint = NearestName.hint(for: entry.key, in: known + ["repeat"], called: "its keys")
                problems.error(entry.keyPlace, "a group has no key '\(entry.key.shortened)'; \(hint)")
                return false
            }
            guard case .sequence = entry.value.content else {
                problems.error(
                    entry.value.place,
                    "'\(entry.key)' must be a list ('- ...' lines), but is \(entry.value.kind)"
                )
                return false
            }
            return true
        }
        let group = YAMLNode(content: .mapping(lists), place: place)
        guard let clause = body.first(where: { $0.key == "repeat" }) else { return [group] }
        guard let (name, range) = number(clause.value) else { return [] }
        let inner = innerRepeat(of: group)
        if name == "n", let inner {
            problems.error(
                inner,
                "this 'repeat' and that of the group around it both count n; name the group's number, such as "
                    + "repeat: {row: 1..10}, and write {row} for it"
            )
            return []
        }
        let veiled = group.mapText { text, isPlain, _ in .scalar(Self.veil(text, from: name), isPlain: isPlain) }
        guard case .mapping(var entries) = veiled.content else { return [] }
        entries.append(YAMLEntry(key: "repeat", keyPlace: clause.keyPlace, value: range))
        let repeated = YAMLNode(content: .mapping(entries), place: place)
        return Repeats.expand([repeated], problems: problems).map { node in
            let number = node.place.repetition ?? 0
            return node.mapText { text, isPlain, _ in
                .scalar(Self.unveil(text, name: name, number: number), isPlain: isPlain)
            }
        }
    }

    /// The name that a group's number goes by, and its range.
    private func number(_ node: YAMLNode) -> (name: String, range: YAMLNode)? {
        guard let entries = node.entries, !entries.contains(where: { $0.key == "from" || $0.key == "to" }) else {
            return ("n", node)
        }
        let isName = entries.first.map { $0.key.wholeMatch(of: /[a-z]{1,20}/) != nil } ?? false
        guard entries.count == 1, isName else {
            problems.error(
                node.place,
                "'repeat' of a group must be a range such as 1..10, or one with a name of lower-case letters, such as "
                    + "{row: 1..10}"
            )
            return nil
        }
        return (entries[0].key, entries[0].value)
    }

    private func innerRepeat(of group: YAMLNode) -> Place? {
        for list in group.entries ?? [] {
            guard case .sequence(let nodes) = list.value.content else { continue }
            for node in nodes {
                if let clause = node.entries?.first(where: { $0.key == "repeat" }) { return clause.keyPlace }
            }
        }
        return nil
    }

    // MARK: Templates

    /// Braces that the filling in of the group's number shall not see: private use, so in no file that is text.
    private static let open: Character = "\u{E010}"
    private static let close: Character = "\u{E011}"

    /// The text with the group's number called `n`, and templates that need another number too, or only, veiled.
    private static func veil(_ text: String, from name: String) -> String {
        guard name != "n" else { return text }
        return changed(text, from: "{", to: "}") { template in
            let words = template.split { !$0.isLetter }
            let isOwn = words.contains { $0 == name } && words.allSatisfy { $0 == name }
            return isOwn ? "{\(template.replacing(name, with: "n"))}" : "\(open)\(template)\(close)"
        }
    }

    /// The veiled templates as they were, with the group's number in place of its name.
    private static func unveil(_ text: String, name: String, number: Int) -> String {
        changed(text, from: open, to: close) { template in
            var result = ""
            var word = ""
            for character in template + "}" {
                if character.isLetter {
                    word.append(character)
                    continue
                }
                result += word == name ? String(number) : word
                word = ""
                result.append(character)
            }
            return "{" + result
        }
    }

    private static func changed(
        _ text: String,
        from open: Character,
        to close: Character,
        _ change: (Substring) -> String
    ) -> String {
        var result = ""
        var rest = Substring(text)
        while let start = rest.firstIndex(of: open), let end = rest[start...].firstIndex(of: close) {
            result += rest[..<start] + change(rest[rest.index(after: start)..<end])
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    // MARK: Joining

    private func join(_ entry: YAMLEntry, into entries: inout [YAMLEntry]) {
        guard Self.equipment.contains(entry.key) else { return Self.append(entry, to: &entries) }
        let position = entries.firstIndex { $0.key == "plant" } ?? entries.endIndex
        if position == entries.endIndex {
            let plant = YAMLNode(content: .mapping([]), place: entry.keyPlace)
            entries.append(YAMLEntry(key: "plant", keyPlace: entry.keyPlace, value: plant))
        }
        // A section that is no mapping has a problem of its own later.
        guard case .mapping(var parts) = entries[position].value.content else { return }
        Self.append(entry, to: &parts)
        entries[position].value.content = .mapping(parts)
    }

    private static func append(_ entry: YAMLEntry, to entries: inout [YAMLEntry]) {
        guard let position = entries.firstIndex(where: { $0.key == entry.key }) else { return entries.append(entry) }
        guard case .sequence(let first) = entries[position].value.content,
            case .sequence(let second) = entry.value.content
        else { return }
        entries[position].value.content = .sequence(first + second)
    }
}
