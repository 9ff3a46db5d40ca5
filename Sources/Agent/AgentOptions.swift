// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Observe

/// What `thermocline run` was asked for.
package struct AgentOptions: Sendable {
    /// Path of the site file.
    package var sitePath: String
    /// Directories searched for device maps, first match wins.
    package var mapDirectories: [String]
    /// Directory of the store; created where it does not exist.
    package var storeDirectory: String
    package var listen: ListenAddress
    /// Path of the command socket; nil for `command.socket` in the store's directory.
    package var commandSocket: String?
    /// Whether every loop stays advisory whatever the store remembers.
    package var isAdvisoryOnly: Bool

    package init(
        sitePath: String,
        mapDirectories: [String],
        storeDirectory: String,
        listen: ListenAddress,
        commandSocket: String? = nil,
        isAdvisoryOnly: Bool = false
    ) {
        self.sitePath = sitePath
        self.mapDirectories = mapDirectories
        self.storeDirectory = storeDirectory
        self.listen = listen
        self.commandSocket = commandSocket
        self.isAdvisoryOnly = isAdvisoryOnly
    }
}
