// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// What one run measures.
struct BenchOptions: Sendable {
    /// One endpoint a port of 127.0.0.1.
    var ports: [UInt16] = []
    /// Reads one device takes for a scan.
    var blocks = 4
    /// 16-bit points of one read.
    var registers = 125
    var intervalMilliseconds = 1_000
    /// How long the poller runs before anything is measured.
    var settleSeconds = 3
    var measuredSeconds = 10
    /// Threads of the poller; nil for its own choice.
    var workers: Int?
    /// Commands given during the measurement.
    var writes = 0

    static let usage = """
        usage: acquisition-bench --ports FILE [--blocks N] [--registers N] [--interval MILLISECONDS]
                                 [--settle SECONDS] [--seconds N] [--workers N] [--writes N]
        """

    /// Reads the command line, asking `portsIn` for the ports that a file lists; nil where it cannot be understood.
    init?(_ arguments: [String], portsIn: (String) -> [UInt16]?) {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard let text = rest.popFirst() else { return nil }
            if name == "--ports" {
                guard let listed = portsIn(text) else { return nil }
                ports = listed
                continue
            }
            guard let number = Int(text), number >= 0 else { return nil }
            switch name {
            case "--blocks": blocks = max(1, number)
            case "--registers": registers = min(125, max(1, number))
            case "--interval": intervalMilliseconds = max(1, number)
            case "--settle": settleSeconds = number
            case "--seconds": measuredSeconds = max(1, number)
            case "--workers": workers = max(1, number)
            case "--writes": writes = number
            default: return nil
            }
        }
        if ports.isEmpty { return nil }
    }
}
