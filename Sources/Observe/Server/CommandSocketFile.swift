// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// The file of the command socket: who may open it, what happens to one that is left over.
///
/// The socket is bound in a fresh directory that only the agent's user may enter, given its mode there, and then
/// renamed into place. So there is no moment at which it is open to more people than it should be, and what a
/// killed agent left behind is replaced in one step.
final class CommandSocketFile: Sendable {
    /// Owner and group may read and write, nobody else.
    static let mode: mode_t = 0o660
    /// `sun_path` of unix(7) less its end mark.
    static let maximumPathLength = 107

    let path: String
    /// Where the socket is bound before it is renamed to ``path``.
    let bindPath: String
    private let privateDirectory: String
    private let identity = Mutex<FileIdentity?>(nil)

    private struct FileIdentity: Hashable {
        let device: UInt
        let inode: UInt
    }

    init(path: String) throws(ObserveError) {
        self.path = path
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        privateDirectory = "\(directory)/.\(UInt32.random(in: .min ... .max))"
        bindPath = privateDirectory + "/s"
        guard path.utf8.count <= Self.maximumPathLength, bindPath.utf8.count <= Self.maximumPathLength,
            !path.isEmpty, !path.hasSuffix("/")
        else {
            throw ObserveError(
                "not usable as the path of a socket",
                at: "'\(path)'",
                remedy: "name a file in a directory whose path is shorter than \(Self.maximumPathLength - 14) bytes"
            )
        }
    }

    /// Makes sure nobody listens at the path, and makes the directory to bind in.
    func prepare() async throws {
        try await refuseIfTaken()
        do {
            try FileManager.default.createDirectory(
                atPath: privateDirectory,
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw ObserveError(
                "cannot write beside the socket: \(error.localizedDescription)",
                at: path,
                remedy: "create its directory and make it writable for the agent's user"
            )
        }
    }

    /// Gives the bound socket its mode and its name.
    func publish() throws(ObserveError) {
        guard unsafe chmod(bindPath, Self.mode) == 0, unsafe rename(bindPath, path) == 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw ObserveError("cannot put the socket in place: \(reason)", at: path, remedy: "check the directory")
        }
        let identity = Self.identity(of: path)
        self.identity.withLock { $0 = identity }
        removePrivateDirectory()
    }

    /// Removes the socket unless somebody else has put his own there meanwhile.
    func remove() {
        removePrivateDirectory()
        let own = identity.withLock { $0 }
        if let own, own == Self.identity(of: path) { _ = unsafe unlink(path) }
    }

    private func removePrivateDirectory() {
        _ = unsafe unlink(bindPath)
        _ = unsafe rmdir(privateDirectory)
    }

    private func refuseIfTaken() async throws {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw ObserveError("is there already and is not a socket", at: path, remedy: "name another path")
        }
        do {
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(.seconds(2))
                .connect(unixDomainSocketPath: path)
                .get()
            try? await channel.close()
        } catch let error as IOError
            where error.errnoCode == SystemErrors.connectionRefused || error.errnoCode == SystemErrors.noSuchFile
        {
            return
        } catch {
            throw ObserveError("is there, and may be in use: \(error)", at: path, remedy: "remove it or name another")
        }
        throw ObserveError(
            "another agent listens here",
            at: path,
            remedy: "stop the other agent or give this one its own socket"
        )
    }

    private static func identity(of path: String) -> FileIdentity? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        return FileIdentity(device: UInt(status.st_dev), inode: UInt(status.st_ino))
    }
}
