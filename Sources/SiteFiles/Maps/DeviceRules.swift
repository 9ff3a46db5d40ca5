// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// What a map says of the device as a whole.
enum DeviceRules {
    /// `limits`: what a device bears.
    static var requestLimits: Rule<RequestLimits> {
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
                evenReads: fields.optional("even_reads", .boolean, default: false),
                wholeBlocks: fields.optional(
                    "whole_blocks",
                    .list(of: range("a whole block"), named: "a whole block", atMost: 200),
                    default: []
                ),
                prohibited: fields.optional(
                    "prohibited",
                    .list(of: range("a prohibited range"), named: "a prohibited range", atMost: 200),
                    default: []
                ),
                responseTimeout: fields.optional("response_timeout", timeout, default: standard.responseTimeout),
                responseTimeoutFloor: fields.optional(
                    "response_timeout_floor",
                    timeout,
                    default: standard.responseTimeoutFloor
                ),
                pauseAfterConnect: fields.optional("pause_after_connect", pause, default: .zero),
                pauseBetweenRequests: fields.optional("pause_between_requests", pause, default: .zero)
            )
        }
    }

    private static func range(_ what: String) -> Rule<RegisterRange> {
        Rule<RegisterRange>.mapping(what) { fields in
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

    /// `identity`: the registers that tell whether the device is the product.
    static var identityProbe: Rule<IdentityProbe> {
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

    /// `functions`: the function codes the product answers.
    static var functions: Rule<[UInt8]> {
        let codes = [1, 2, 3, 4, 5, 6, 15, 16, 22, 23]
        let code = Rule<Int>.integer(1...127, "Modbus function codes").check { code in
            codes.contains(code) ? nil : "is \(code), which reads or writes no point; the codes are \(codes)"
        }
        return Rule<[Int]>.list(of: code, named: "functions", atMost: codes.count, asWhole: true)
            .check { $0.isEmpty ? "is empty, so nothing could be read; list codes or remove the key" : nil }
            .map { $0.map { UInt8($0) } }
    }
}
