// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization

/// One request as a scripted peer received it.
struct PeerRequest: Sendable {
    /// Counts connections from 0.
    let connection: Int
    /// Counts requests over all connections from 0.
    let number: Int
    let bytes: [UInt8]

    var transaction: UInt16 { word(0) }
    var unit: UInt8 { bytes[6] }
    var function: UInt8 { bytes[7] }
    var address: UInt16 { word(8) }
    var count: Int { Int(word(10)) }

    /// A good reply with these registers.
    func reply(_ words: [UInt16]) -> [UInt8] {
        frame([function, UInt8(2 * words.count)] + words.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
    }

    /// A good reply in which each register holds its address.
    func echoAddresses() -> [UInt8] { reply((0..<count).map { address + UInt16($0) }) }

    func exception(_ code: UInt8) -> [UInt8] { frame([function | 0x80, code]) }

    func frame(_ body: [UInt8]) -> [UInt8] {
        [bytes[0], bytes[1], 0, 0, 0, UInt8(body.count + 1), unit] + body
    }

    private func word(_ position: Int) -> UInt16 { UInt16(bytes[position]) << 8 | UInt16(bytes[position + 1]) }
}

/// What a scripted peer does with a request.
enum PeerStep: Sendable {
    case send([UInt8])
    /// Waits before the next step: a slow device, or one that sends half a frame at a time.
    case pause(milliseconds: Int32)
    case close
}

/// A TCP server on 127.0.0.1 that answers requests of 12 bytes as a test tells it.
final class ScriptedPeer: Sendable {
    typealias Script = @Sendable (PeerRequest) -> [PeerStep]

    private struct State {
        var connections: [Int32] = []
        var accepted = 0
        var requests: [PeerRequest] = []
        var isStopped = false
    }

    let port: UInt16
    private let listener: Int32
    private let script: Script
    private let state = Mutex(State())
    private let acceptor = DispatchSemaphore(value: 0)

    /// Listens on a free port, or on one that an earlier peer had.
    init(port wanted: UInt16 = 0, _ script: @escaping Script) throws {
        self.script = script
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var on: Int32 = 1
        unsafe setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = wanted.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let outcome = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(listener, generic, length) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, generic, &length) == 0
            }
        }
        guard outcome else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EADDRINUSE) }
        port = UInt16(bigEndian: address.sin_port)
        let thread = Thread { [self] in accept() }
        thread.start()
    }

    deinit { stop() }

    var requests: [PeerRequest] { state.withLock { $0.requests } }
    var accepted: Int { state.withLock { $0.accepted } }

    /// Closes the listener and every connection, as a device that loses power but not its cable.
    func stop() {
        let wasStopped = state.withLock { state in
            defer { state.isStopped = true }
            for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
            return state.isStopped
        }
        guard !wasStopped else { return }
        shutdown(listener, Int32(SHUT_RDWR))
        acceptor.wait()
        close(listener)
    }

    private func accept() {
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            guard connection >= 0 else { break }
            let number: Int? = state.withLock { state in
                guard !state.isStopped else { return nil }
                state.connections.append(connection)
                state.accepted += 1
                return state.accepted - 1
            }
            guard let number else {
                close(connection)
                break
            }
            let thread = Thread { [self] in serve(connection, number) }
            thread.start()
        }
        acceptor.signal()
    }

    private func serve(_ connection: Int32, _ number: Int) {
        var on: Int32 = 1
        unsafe setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
        var buffer = [UInt8](repeating: 0, count: 12)
        serving: while unsafe recv(connection, &buffer, 12, Int32(MSG_WAITALL)) == 12 {
            let bytes = buffer
            let request = state.withLock { state in
                let request = PeerRequest(connection: number, number: state.requests.count, bytes: bytes)
                state.requests.append(request)
                return request
            }
            for step in script(request) {
                switch step {
                case .send(let bytes): _ = unsafe send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
                case .pause(let milliseconds): _ = poll(nil, 0, milliseconds)
                case .close: break serving
                }
            }
        }
        state.withLock { state in state.connections.removeAll { $0 == connection } }
        close(connection)
    }
}
