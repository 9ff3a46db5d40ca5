// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant

/// Builds a ``DeviceMap`` from a map file.
enum MapDecoder {
    /// Reads one map file; its problems are collected, and nil is returned where nothing can be made of it.
    static func load(path: String, problems: ProblemCollector) -> DeviceMap? {
        guard let tree = YAMLFile.read(path, problems: problems) else { return nil }
        let file = URL(fileURLWithPath: path).lastPathComponent
        let name = file.hasSuffix(".yaml") ? String(file.dropLast(5)) : file
        if Rule<String>.pointName.read(
            YAMLNode(content: .scalar(name, isPlain: true), place: .start(of: path)),
            "the map's file name",
            problems
        ) == nil {
            return nil
        }
        return Rule<DeviceMap>.mapping("a device map") { decode($0, name: name, tree: tree) }
            .read(tree, name, problems)
    }

    private static func decode(_ fields: Fields, name: String, tree: YAMLNode) -> DeviceMap? {
        let format = fields.required("format", .integer(1...1, "the version of the map format"))
        let title = fields.optional("title", .text(upTo: 200), default: "")
        let vendor = fields.required("vendor", .text(upTo: 100))
        let model = fields.required("model", .text(upTo: 100))
        let category = fields.required("category", Rule<DeviceCategory>.word)
        let confirmation = fields.required("confirmation", Rule<Confirmation>.word)
        let sources = fields.required("sources", .list(of: .text(upTo: 1_000), named: "a source", atMost: 50))
        let limits = fields.optional("limits", requestLimits, default: RequestLimits())
        let identity = fields.optional("identity", identityProbe)
        let numbering = fields.optional("numbering", Rule<Numbering>.word)
        let defaults = fields.optional("defaults", mappingEntries) ?? []
        let decoder = MapPointDecoder(defaults: defaults, numbering: numbering)
        let points = fields.required("points", .entries(atMost: Limits.pointsPerMap, decoder.point(named:at:))) ?? []
        if points.isEmpty, fields.has("points"), !fields.problems.hasErrors {
            fields.problems.error(fields.place(of: "points"), "a device map needs at least one point; add one")
        }
        MapChecks(points: points, names: decoder.names, limits: limits, problems: fields.problems).run()
        let golden = fields.optional(
            "golden",
            .list(
                of: GoldenVectors.vector(points: points.map(\.point), names: decoder.names),
                named: "a golden vector",
                atMost: 10_000
            ),
            default: []
        )
        if golden.isEmpty, !fields.has("golden") {
            fields.problems.warning(
                fields.place,
                "the map has no 'golden' vectors, so nothing proves its coding; add some"
            )
        }
        guard format != nil, let vendor, let model, let category, let confirmation, let sources else { return nil }
        return DeviceMap(
            name: name,
            title: title.isEmpty ? "\(vendor) \(model)" : title,
            vendor: vendor,
            model: model,
            category: category,
            confirmation: confirmation,
            sources: sources,
            limits: limits,
            identity: identity,
            points: points.map(\.point),
            goldenVectors: golden
        )
    }

    private static var mappingEntries: Rule<[YAMLEntry]> {
        Rule<[YAMLEntry]> { node, key, problems in
            guard case .mapping(let entries) = node.content else {
                problems.error(node.place, "'\(key)' must be a mapping of point keys to values, but is \(node.kind)")
                return nil
            }
            return entries
        }
    }

    // MARK: Limits and identity

    private static var requestLimits: Rule<RequestLimits> {
        Rule<RequestLimits>.mapping("'limits'") { fields in
            let standard = RequestLimits()
            let timeout = Rule<Duration>.duration(.milliseconds(10)...(.seconds(60)), example: "500 ms")
            let pause = Rule<Duration>.duration(.zero ... .seconds(60), example: "20 ms")
            return RequestLimits(
                maximumRegistersPerRead: fields.optional(
                    "maximum_registers_per_read",
                    .integer(1...125, "what one Modbus read can carry"),
                    default: standard.maximumRegistersPerRead
                ),
                maximumBitsPerRead: fields.optional(
                    "maximum_bits_per_read",
                    .integer(1...2_000, "what one Modbus read can carry"),
                    default: standard.maximumBitsPerRead
                ),
                maximumGap: fields.optional("maximum_gap", .integer(0...124), default: standard.maximumGap),
                oneRequestPerPoint: fields.optional("one_request_per_point", .boolean, default: false),
                prohibited: fields.optional(
                    "prohibited",
                    .list(of: prohibitedRange, named: "a prohibited range", atMost: 200),
                    default: []
                ),
                responseTimeout: fields.optional("response_timeout", timeout, default: standard.responseTimeout),
                pauseAfterConnect: fields.optional("pause_after_connect", pause, default: .zero),
                pauseBetweenRequests: fields.optional("pause_between_requests", pause, default: .zero)
            )
        }
    }

    private static var prohibitedRange: Rule<RegisterRange> {
        Rule<RegisterRange>.mapping("a prohibited range") { fields in
            let table = fields.required("table", Rule<RegisterTable>.word)
            let from = fields.required("from", .integer(0...65_535, "addresses on the wire"))
            let to = fields.required("to", .integer(0...65_535, "addresses on the wire"))
            guard let table, let from, let to else { return nil }
            guard from <= to else {
                fields.problems.error(fields.place(of: "to"), "'to' is below 'from'; write the lower address first")
                return nil
            }
            return RegisterRange(table: table, address: UInt16(from), count: to - from + 1)
        }
    }

    private static var identityProbe: Rule<IdentityProbe> {
        Rule<IdentityProbe>.mapping("'identity'") { fields in
            let table = fields.required("table", Rule<RegisterTable>.word)
            let address = fields.required("address", .integer(0...65_535, "addresses on the wire"))
            let type = fields.required("type", .registerType)
            let accepted = fields.required(
                "accept",
                .list(of: .text(upTo: 100), named: "accept", atMost: 100, asWhole: true)
            )
            guard let table, let address, let type, let accepted else { return nil }
            guard !accepted.isEmpty else {
                fields.problems.error(
                    fields.place(of: "accept"),
                    "'accept' is empty, so no device would ever fit; list values"
                )
                return nil
            }
            if !type.isText, let wrong = accepted.first(where: { NumberText.integer($0) == nil }) {
                fields.problems.error(
                    fields.place(of: "accept"),
                    "'accept' must list whole numbers for type \(type.spelling), but has '\(wrong.shortened)'"
                )
                return nil
            }
            let values = type.isText ? accepted : accepted.compactMap { NumberText.integer($0).map(String.init) }
            return IdentityProbe(table: table, address: UInt16(address), type: type, accepted: values)
        }
    }
}

extension Rule where Value == String {
    /// A canonical point name: lower snake case, at most 64 characters, a letter first.
    static var pointName: Rule {
        Rule.text(upTo: 64).check { text in
            let isWellFormed = text.utf8.enumerated().allSatisfy { position, byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): position > 0
                default: false
                }
            }
            return isWellFormed ? nil : "is '\(text.shortened)'; write lower snake case, such as 'active_power'"
        }
    }
}
