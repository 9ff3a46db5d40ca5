// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// What a client may cost.
package struct ServerLimits: Hashable, Sendable {
    /// Connections served at once; more wait in the kernel's queue.
    package var connections: Int
    /// All header fields of a request together, in bytes.
    package var headerBytes: Int
    /// Header fields of a request.
    package var headerFields: Int
    /// The body of a command, in bytes.
    package var commandBytes: Int
    /// How long a connection may be silent, and how long the head of a request may take, in wall time.
    package var idleTimeout: Duration
    /// How long a request may take from its head until its answer is ready, in wall time.
    package var requestTimeout: Duration

    package init(
        connections: Int = 256,
        headerBytes: Int = 16_384,
        headerFields: Int = 64,
        commandBytes: Int = 65_536,
        idleTimeout: Duration = .seconds(30),
        requestTimeout: Duration = .seconds(20)
    ) {
        self.connections = connections
        self.headerBytes = headerBytes
        self.headerFields = headerFields
        self.commandBytes = commandBytes
        self.idleTimeout = idleTimeout
        self.requestTimeout = requestTimeout
    }
}
