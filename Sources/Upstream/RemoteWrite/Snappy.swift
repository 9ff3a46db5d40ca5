// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import CSnappy

/// The block format of Snappy, which is how remote write compresses a request.
enum Snappy {
    /// The compressed bytes; the library cannot fail on a buffer of the size it asks for.
    static func compress(_ bytes: [UInt8]) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: snappy_max_compressed_length(bytes.count)) { output, count in
            count = output.count
            let status = unsafe bytes.withUnsafeBytes { input in
                unsafe output.withMemoryRebound(to: CChar.self) { output in
                    unsafe snappy_compress(
                        input.bindMemory(to: CChar.self).baseAddress,
                        input.count,
                        output.baseAddress,
                        &count
                    )
                }
            }
            precondition(status == SNAPPY_OK, "snappy refused a buffer of the size it asked for")
        }
    }
}
