// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization

/// A Unix socket that answers lines of text, one client after the other; only its owner may connect.
final class ControlSocket: Sendable {
    private let path: String
    private let listener: Int32
    private let isDone = DispatchSemaphore(value: 0)
    /// The client that is served now, -1 for none, and whether the end has come.
    private let state = Mutex((client: Int32(-1), isStopped: false))

    private static let longestLine = 4_096
    /// Wall seconds a client may be silent before the next one has its turn.
    private static let patience = 60

    /// Listens at a path; a socket that an earlier run left there is replaced.
    init(path: String, _ answer: @escaping @Sendable (String) -> [String]) throws(SimulatorProblem) {
        self.path = path
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw .input(["\(path): a socket's path has at most 107 bytes; take a shorter one"])
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        if unsafe connectOrBind(listener, &address, Glibc.connect) == 0 {
            close(listener)
            throw .world("\(path): another program answers there; take another path")
        }
        if errno == ECONNREFUSED { _ = unsafe unlink(path) }
        let mask = umask(0o177)
        let outcome = unsafe connectOrBind(listener, &address, Glibc.bind)
        umask(mask)
        guard outcome == 0, listen(listener, 4) == 0 else {
            let cause = unsafe String(cString: strerror(errno))
            close(listener)
            throw .world("\(path): the control socket cannot be made: \(cause); check the directory")
        }
        let thread = Thread { [self] in
            serve(answer)
            isDone.signal()
        }
        thread.name = "control"
        thread.start()
    }

    /// Ends the socket and takes its file away.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            if state.client >= 0 { shutdown(state.client, Int32(SHUT_RDWR)) }
        }
        shutdown(listener, Int32(SHUT_RDWR))
        isDone.wait()
        close(listener)
        unsafe unlink(path)
    }

    private func serve(_ answer: (String) -> [String]) {
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else {
                if errno == EINTR || errno == ECONNABORTED { continue }
                return
            }
            let mayServe = state.withLock { state in
                if !state.isStopped { state.client = client }
                return !state.isStopped
            }
            if mayServe { serve(client, answer) }
            state.withLock { $0.client = -1 }
            close(client)
        }
    }

    private func serve(_ client: Int32, _ answer: (String) -> [String]) {
        var limit = timeval(tv_sec: Self.patience, tv_usec: 0)
        unsafe setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1_024)
        while true {
            let count = unsafe recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            for byte in buffer.prefix(count) {
                guard byte == UInt8(ascii: "\n") else {
                    line.append(byte)
                    if line.count > Self.longestLine { return }
                    continue
                }
                let reply = Array((answer(String(decoding: line, as: UTF8.self)).joined(separator: "\n") + "\n").utf8)
                line.removeAll()
                guard unsafe send(client, reply, reply.count, Int32(MSG_NOSIGNAL)) == reply.count else { return }
            }
        }
    }
}

/// Calls `connect` or `bind` with a Unix address.
private func connectOrBind(
    _ descriptor: Int32,
    _ address: inout sockaddr_un,
    _ call: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
) -> Int32 {
    unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe call(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}
