// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

#if THERMOCLINE_LIBFUZZER
    import Foundation
    import FuzzProperties

    /// What libFuzzer, which brings the program's main along, calls with one input after another.
    ///
    /// The environment variable THERMOCLINE_FUZZ names the property: `frame`, `codec` or `map`.
    @_cdecl("LLVMFuzzerTestOneInput")
    func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
        let input = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
        // A trap is what libFuzzer takes for a finding.
        if let violation = property.violation(input) { fatalError("\(property.rawValue): \(violation)") }
        return 0
    }

    private let property: FuzzProperty = {
        let name = ProcessInfo.processInfo.environment["THERMOCLINE_FUZZ"] ?? ""
        guard let property = FuzzProperty(rawValue: name) else {
            FileHandle.standardError.write(Data("set THERMOCLINE_FUZZ to frame, codec or map\n".utf8))
            exit(2)
        }
        return property
    }()
#endif
