// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The bytes of a metrics page while it is written, front to back, once.
struct ExpositionBuffer {
    private(set) var bytes: [UInt8] = []
    let format: MetricFormat

    private var family: MetricFamily?
    private var isHeadWritten = false

    init(_ format: MetricFormat, capacity: Int) {
        self.format = format
        bytes.reserveCapacity(capacity)
    }

    /// Turns to the next family; its head is written before its first sample, and not at all where none comes.
    mutating func begin(_ family: MetricFamily) {
        self.family = family
        isHeadWritten = false
    }

    /// Writes a sample whose name and labels have been put together before; includes the blank behind them.
    mutating func sample(_ nameAndLabels: ArraySlice<UInt8>, _ value: Double) {
        guard isWritable(value) else { return }
        writeHead()
        bytes.append(contentsOf: nameAndLabels)
        Self.append(value, to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Writes a sample of the present family.
    ///
    /// - Parameters:
    ///   - labels: Label pairs without braces, as ``labels(_:)`` makes them; empty for none.
    ///   - value: The value, in the family's unit.
    ///   - suffix: What a histogram's sample adds to the family's name.
    mutating func sample(_ labels: [UInt8] = [], _ value: Double, suffix: String = "") {
        guard isWritable(value) else { return }
        writeNameAndLabels(labels, suffix: suffix)
        Self.append(value, to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Writes a sample with every digit of a whole number.
    mutating func sample(_ labels: [UInt8], whole value: Int64) {
        guard isWritable(Double(value)) else { return }
        writeNameAndLabels(labels, suffix: "")
        bytes.append(contentsOf: String(value).utf8)
        bytes.append(UInt8(ascii: "\n"))
    }

    /// The page with its end mark.
    consuming func finished() -> [UInt8] {
        if format == .openMetrics { bytes.append(contentsOf: "# EOF\n".utf8) }
        return bytes
    }

    /// Counters are finite and never negative; a gauge may be anything but "not a number", which means no value.
    private func isWritable(_ value: Double) -> Bool {
        family?.kind == .counter ? value.isFinite && value >= 0 : !value.isNaN
    }

    private mutating func writeNameAndLabels(_ labels: [UInt8], suffix: String) {
        writeHead()
        guard let family else { return }
        bytes.append(contentsOf: family.sampleName.utf8)
        bytes.append(contentsOf: suffix.utf8)
        if !labels.isEmpty {
            bytes.append(UInt8(ascii: "{"))
            bytes.append(contentsOf: labels)
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: " "))
    }

    private mutating func writeHead() {
        guard !isHeadWritten, let family else { return }
        isHeadWritten = true
        let name = family.headName(format)
        bytes.append(contentsOf: "# HELP \(name) ".utf8)
        Self.appendEscaped(family.help, quotes: format == .openMetrics, to: &bytes)
        bytes.append(contentsOf: "\n# TYPE \(name) \(family.typeWord(format))\n".utf8)
        if format == .openMetrics, !family.unit.isEmpty, family.kind != .stateSet, family.kind != .info {
            bytes.append(contentsOf: "# UNIT \(name) \(family.unit)\n".utf8)
        }
    }

    /// Label pairs in the order given, values escaped, without braces.
    static func labels(_ pairs: [(name: String, value: String)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in pairs {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: name.utf8)
            bytes.append(contentsOf: "=\"".utf8)
            appendEscaped(value, quotes: true, to: &bytes)
            bytes.append(UInt8(ascii: "\""))
        }
        return bytes
    }

    /// Appends text with backslash and line feed escaped, and quotation marks where asked.
    static func appendEscaped(_ text: String, quotes: Bool, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
            case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\"") where quotes: bytes.append(contentsOf: "\\\"".utf8)
            default: bytes.append(byte)
            }
        }
    }

    /// Appends the shortest digits that read back as the same number; whole numbers without a point.
    static func append(_ value: Double, to bytes: inout [UInt8]) {
        if let whole = Int64(exactly: value), whole.magnitude < 1_000_000_000_000_000 {
            bytes.append(contentsOf: String(whole).utf8)
        } else if value.isFinite {
            bytes.append(contentsOf: value.description.utf8)
        } else {
            bytes.append(contentsOf: (value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf").utf8)
        }
    }
}
