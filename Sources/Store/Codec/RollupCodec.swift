// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// What one series did in one roll-up interval.
struct RollupSummary: Equatable {
    /// How many cycles had a usable value.
    var count = 0
    var minimum = Double.infinity
    var maximum = -Double.infinity
    var last = 0.0
    var sum = 0.0

    /// The arithmetic mean over the cycles with a usable value.
    var mean: Double { sum / Double(count) }

    mutating func add(_ value: Double) {
        count += 1
        minimum = min(minimum, value)
        maximum = max(maximum, value)
        last = value
        sum += value
    }

    /// Takes in a later part of the same interval.
    mutating func add(_ later: RollupSummary) {
        guard later.count > 0 else { return }
        count += later.count
        minimum = min(minimum, later.minimum)
        maximum = max(maximum, later.maximum)
        last = later.last
        sum += later.sum
    }
}

/// Roll-ups of one interval as bytes.
///
/// Roll-up format 1: byte 1; number of cycles the interval has when none is missed; then for each series
///
///     number   cycles with a usable value times 4, plus 2 where all values were the same, plus 1 where the values
///              are whole numbers of the series' ``ValueModel``; nothing follows where no cycle had a value
///     ...      whole numbers: minimum, maximum less minimum, last less minimum, all signed
///     ...      else: minimum, maximum and last as eight bytes each
///     ...      mean: for an integer register the sum of all less minimum, in steps of the register, which is a
///              whole number; else eight bytes
///
/// Where all values were the same only the minimum is kept.
enum RollupCodec {
    static func encode(_ summaries: [RollupSummary], models: [ValueModel], expected: Int) -> [UInt8] {
        var writer = ByteWriter()
        writer.append(byte: 1)
        writer.append(count: expected)
        for (summary, model) in zip(summaries, models) { encode(summary, model, to: &writer) }
        return writer.bytes
    }

    static func decode(
        _ bytes: [UInt8],
        models: [ValueModel]
    ) throws(CodecError) -> (summaries: [RollupSummary], expected: Int) {
        var reader = ByteReader(bytes)
        let format = try reader.byte()
        guard format == 1 else { throw CodecError(detail: "roll-up format \(format) is not known to this release") }
        let expected = try reader.count(limit: 1_000_000)
        var summaries: [RollupSummary] = []
        summaries.reserveCapacity(models.count)
        for model in models { summaries.append(try decode(model, from: &reader)) }
        guard reader.isAtEnd else { throw CodecError(detail: "a roll-up has bytes behind its end") }
        return (summaries, expected)
    }

    private static func encode(_ summary: RollupSummary, _ model: ValueModel, to writer: inout ByteWriter) {
        guard summary.count > 0 else { return writer.append(0) }
        let isConstant = summary.minimum.bitPattern == summary.maximum.bitPattern
        let header = UInt64(summary.count) << 2 | (isConstant ? 2 : 0)
        guard let minimum = model.code(summary.minimum.bitPattern),
            let maximum = model.code(summary.maximum.bitPattern),
            let last = model.code(summary.last.bitPattern)
        else {
            writer.append(header)
            writer.append(fixed: summary.minimum.bitPattern)
            guard !isConstant else { return }
            for value in [summary.maximum, summary.last, summary.mean] { writer.append(fixed: value.bitPattern) }
            return
        }
        writer.append(header | 1)
        writer.append(signed: minimum)
        guard !isConstant else { return }
        writer.append(signed: maximum &- minimum)
        writer.append(signed: last &- minimum)
        if case .steps(let line) = model {
            let steps = (line.register(summary.mean) - Double(minimum)) * Double(summary.count)
            writer.append(signed: Int64(steps.rounded()))
        } else {
            writer.append(fixed: summary.mean.bitPattern)
        }
    }

    private static func decode(_ model: ValueModel, from reader: inout ByteReader) throws(CodecError) -> RollupSummary {
        let header = try reader.number()
        guard header >> 2 > 0 else { return RollupSummary() }
        var summary = RollupSummary()
        summary.count = Int(header >> 2)
        let isConstant = header & 2 != 0
        var mean: Double
        if header & 1 == 0 {
            var numbers: [Double] = []
            for _ in 0..<(isConstant ? 1 : 4) { numbers.append(Double(bitPattern: try reader.fixed())) }
            summary.minimum = numbers[0]
            summary.maximum = numbers[isConstant ? 0 : 1]
            summary.last = numbers[isConstant ? 0 : 2]
            mean = numbers[isConstant ? 0 : 3]
        } else {
            let minimum = try reader.signed()
            summary.minimum = Double(bitPattern: model.bits(minimum))
            summary.maximum = summary.minimum
            summary.last = summary.minimum
            mean = summary.minimum
            if !isConstant {
                summary.maximum = Double(bitPattern: model.bits(minimum &+ (try reader.signed())))
                summary.last = Double(bitPattern: model.bits(minimum &+ (try reader.signed())))
                if case .steps(let line) = model {
                    mean = line.value(Double(minimum) + Double(try reader.signed()) / Double(summary.count))
                } else {
                    mean = Double(bitPattern: try reader.fixed())
                }
            }
        }
        summary.sum = mean * Double(summary.count)
        return summary
    }
}
