// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
package import Thermo

/// The parameters of a sequence: a struct whose properties start with the product's defaults.
package protocol SequenceParameters: Hashable, Sendable {
    /// The product's defaults.
    init()

    /// What a site may set, in the order of the documentation.
    static var fields: [ParameterField<Self>] { get }
}

/// One parameter as a site file names it: the name ends with the unit its number is in.
package struct ParameterField<Parameters: SequenceParameters>: Sendable {
    /// Lower snake case, ending with the unit: `enable_offset_kelvins`.
    package let name: String
    /// What it does and where its default comes from.
    package let summary: String
    /// The values a site may set, in the unit the name ends with.
    package let range: ClosedRange<Double>
    private let read: @Sendable (Parameters) -> Double
    private let write: @Sendable (inout Parameters, Double) -> Void

    /// A field whose number is made of, and makes, the value of a property.
    private init<Value>(
        _ name: String,
        _ path: any WritableKeyPath<Parameters, Value> & Sendable,
        _ range: ClosedRange<Double>,
        _ summary: String,
        read: @escaping @Sendable (Value) -> Double,
        make: @escaping @Sendable (Double) -> Value
    ) {
        self.name = name
        self.summary = summary
        self.range = range
        self.read = { read($0[keyPath: path]) }
        write = { $0[keyPath: path] = make($1) }
    }

    /// A temperature in degrees Celsius.
    package static func celsius(
        _ name: String,
        _ path: any WritableKeyPath<Parameters, Temperature> & Sendable,
        _ range: ClosedRange<Double>,
        _ summary: String
    ) -> Self {
        Self(name, path, range, summary, read: { $0.celsius }, make: { Temperature(celsius: $0) })
    }

    /// A temperature difference in kelvins.
    package static func kelvins(
        _ name: String,
        _ path: any WritableKeyPath<Parameters, TemperatureDifference> & Sendable,
        _ range: ClosedRange<Double>,
        _ summary: String
    ) -> Self {
        Self(name, path, range, summary, read: { $0.kelvins }, make: { TemperatureDifference(kelvins: $0) })
    }

    /// A time in seconds.
    package static func seconds(
        _ name: String,
        _ path: any WritableKeyPath<Parameters, Duration> & Sendable,
        _ range: ClosedRange<Double>,
        _ summary: String
    ) -> Self {
        Self(name, path, range, summary, read: { $0.inSeconds }, make: { .milliseconds(Int64(($0 * 1_000).rounded())) })
    }

    /// A share as a fraction, 0...1.
    package static func fraction(
        _ name: String,
        _ path: any WritableKeyPath<Parameters, Ratio> & Sendable,
        _ range: ClosedRange<Double>,
        _ summary: String
    ) -> Self {
        Self(name, path, range, summary, read: { $0.fraction }, make: { Ratio(fraction: $0) })
    }

    /// The product's default, in the unit the name ends with.
    package var defaultValue: Double { read(Parameters()) }

    /// The value in `parameters`, in the unit the name ends with.
    package func value(in parameters: Parameters) -> Double { read(parameters) }

    func set(_ value: Double, in parameters: inout Parameters) { write(&parameters, value) }
}

extension SequenceParameters {
    /// The defaults with what a loop of the site sets; what cannot be set becomes a problem.
    static func make(for loop: LoopDescription) -> (parameters: Self, problems: [ControlProblem]) {
        var parameters = Self()
        var problems: [ControlProblem] = []
        var seen: [String] = []
        for setting in loop.parameters {
            let subject = "loop \(loop.id), parameter \(setting.name)"
            guard let field = fields.first(where: { $0.name == setting.name }) else {
                let known = fields.map(\.name).joined(separator: ", ")
                problems.append(
                    ControlProblem(
                        subject: subject,
                        message: "\(loop.kind.rawValue) has no such parameter; it knows: \(known)"
                    )
                )
                continue
            }
            if seen.contains(setting.name) {
                problems.append(ControlProblem(subject: subject, message: "is set twice; keep one"))
                continue
            }
            seen.append(setting.name)
            guard field.range.contains(setting.value) else {
                let range = "\(Wording.plain(field.range.lowerBound))...\(Wording.plain(field.range.upperBound))"
                problems.append(
                    ControlProblem(
                        subject: subject,
                        message: "\(Wording.plain(setting.value)) is outside \(range), in the unit the name ends with"
                    )
                )
                continue
            }
            field.set(setting.value, in: &parameters)
        }
        return (parameters, problems)
    }
}
