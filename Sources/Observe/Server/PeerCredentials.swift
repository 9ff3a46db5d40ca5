// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore

/// Who is at the other end of a Unix domain socket, as the kernel tells it (unix(7), SO_PEERCRED).
///
/// The numbers are those at the time of connect(2); the client cannot choose them.
struct PeerCredentials: Hashable, Sendable, CustomStringConvertible {
    let userID: UInt32
    let groupID: UInt32
    let processID: Int32

    var description: String { "uid=\(userID) gid=\(groupID) pid=\(processID)" }

    /// Asks the kernel for the peer of a connection; nil where it is not a Unix domain socket.
    static func of(_ channel: any Channel) async -> PeerCredentials? {
        guard let provider = channel as? any SocketOptionProvider else { return nil }
        // struct ucred is pid_t, uid_t, gid_t, 32 bits each; a tuple of one type lies in memory as a C array does.
        let answer: EventLoopFuture<(Int32, Int32, Int32)> = provider.unsafeGetSocketOption(
            level: Int(SOL_SOCKET),
            name: SO_PEERCRED
        )
        // Sockets of other families answer with pid 0, which no process has.
        guard let (processID, userID, groupID) = try? await answer.get(), processID > 0 else { return nil }
        return PeerCredentials(
            userID: UInt32(bitPattern: userID),
            groupID: UInt32(bitPattern: groupID),
            processID: processID
        )
    }
}
