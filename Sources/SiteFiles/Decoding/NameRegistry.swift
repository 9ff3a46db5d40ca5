// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The names of one kind of thing in a file: each given once, referred to anywhere.
final class NameRegistry {
    private let kind: String
    /// The names in the order of the file.
    private(set) var names: [String] = []
    private var places: [String: Place] = [:]
    private var positions: [String: Int] = [:]

    /// - Parameter kind: What the names stand for, in the singular: "device".
    init(_ kind: String) { self.kind = kind }

    /// The position of a name, or nil.
    func position(of name: String) -> Int? { positions[name] }

    /// Where a name was given, or nil.
    func place(of name: String) -> Place? { places[name] }

    /// Takes a name; false, with a problem, where it was given before.
    func define(_ name: String, at place: Place, problems: ProblemCollector) -> Bool {
        if let first = places[name] {
            let firstPlace = first.seen(from: place.file)
            problems.error(
                place,
                "the \(kind) '\(name)' was given before, at \(firstPlace); every \(kind) needs its own name"
            )
            return false
        }
        positions[name] = names.count
        places[name] = place
        names.append(name)
        return true
    }

    /// An identifier that is taken as a new name.
    var definition: Rule<String> {
        Rule { [self] node, key, problems in
            guard let name = Rule<String>.identifier.read(node, key, problems),
                define(name, at: node.place, problems: problems)
            else { return nil }
            return name
        }
    }

    /// A name that must have been given.
    var reference: Rule<String> {
        Rule { [self] node, key, problems in
            guard let name = Rule<String>.text(upTo: 64).read(node, key, problems) else { return nil }
            guard positions[name] != nil else {
                let hint = NearestName.hint(for: name, in: names, called: "the \(kind)s")
                problems.error(node.place, "there is no \(kind) '\(name.shortened)'; \(hint)")
                return nil
            }
            return name
        }
    }
}
