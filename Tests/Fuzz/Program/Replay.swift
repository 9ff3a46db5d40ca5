// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

#if !THERMOCLINE_LIBFUZZER
    import Foundation
    import FuzzProperties

    /// Tries inputs without a fuzzer, as one does with a finding: `thermocline-fuzz frame|codec|map FILE...`.
    ///
    /// `make fuzz` builds the same program with `-sanitize=fuzzer` and THERMOCLINE_LIBFUZZER, and libFuzzer drives it.
    @main
    enum Replay {
        /// Status 1 where a file breaks the property.
        static func main() {
            let arguments = CommandLine.arguments
            guard arguments.count >= 2, let property = FuzzProperty(rawValue: arguments[1]) else {
                FileHandle.standardError.write(Data("usage: thermocline-fuzz frame|codec|map FILE...\n".utf8))
                exit(2)
            }
            var broken = 0
            for file in arguments.dropFirst(2) {
                let bytes = FileManager.default.contents(atPath: file)
                let violation = bytes.map { property.violation([UInt8]($0)) } ?? "cannot be read"
                print("\(file): \(violation ?? "holds")")
                if violation != nil { broken += 1 }
            }
            exit(broken == 0 ? 0 : 1)
        }
    }
#endif
