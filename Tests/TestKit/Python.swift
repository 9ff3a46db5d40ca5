// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The Python interpreter with the peers the tests check against.
package enum Python {
    /// The one that `packaging/setup.sh test` prepares, else `python3` on the path.
    package static let executable: String = {
        let prepared = Repository.path(".build/test-python/bin/python")
        return FileManager.default.isExecutableFile(atPath: prepared) ? prepared : "python3"
    }()
}
