// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The right to write to a store's directory, held by one process at a time.
///
/// An advisory lock on `store.lock`; the kernel drops it when the process ends, however it ends.
final class StoreLock {
    private let descriptor: Int32

    /// Takes the lock.
    ///
    /// - Throws: `busy` where another process holds it, `notWritable` or `unavailable` where the file cannot be made.
    init(directory: String) throws(StoreProblem) {
        let path = directory + "/store.lock"
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.problem(path, errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            _ = close(descriptor)
            throw Self.problem(path, code)
        }
        self.descriptor = descriptor
    }

    deinit { _ = close(descriptor) }

    private static func problem(_ path: String, _ code: Int32) -> StoreProblem {
        if code == EWOULDBLOCK {
            return StoreProblem(
                .busy,
                file: path,
                detail: "another process writes to this store",
                advice: "stop the other agent, or give this one a directory of its own"
            )
        }
        let isRefused = code == EROFS || code == EACCES || code == EPERM
        return StoreProblem(
            isRefused ? .notWritable : code == ENOSPC ? .diskFull : .unavailable,
            file: path,
            detail: "cannot be opened for writing (\(unsafe String(cString: strerror(code))))",
            advice: isRefused
                ? "give the agent's user write access to the directory, or remount the disk writable"
                : "check that the directory exists and that its disk is mounted, healthy and not full"
        )
    }
}
