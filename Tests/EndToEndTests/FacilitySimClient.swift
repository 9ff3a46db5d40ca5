// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization

/// A blocking Modbus/TCP client that believes nothing: it gives back the bytes as they came.
final class RawModbusClient {
    private let descriptor: Int32
    private var transaction: UInt16 = 0

    /// Connects to a port of this machine; reading gives up after `timeout` seconds of wall time.
    init(port: UInt16, timeout: Int = 10) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: timeout, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var on: Int32 = 1
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let descriptor = descriptor
        let outcome = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard outcome == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .ECONNREFUSED) }
    }

    deinit { close(descriptor) }

    /// The body behind the unit id of the reply to a request of function and data; nil where the server closed.
    func ask(unit: UInt8, _ body: [UInt8]) -> [UInt8]? {
        transaction &+= 1
        let head = [UInt8(transaction >> 8), UInt8(transaction & 0xFF), 0, 0, 0, UInt8(body.count + 1), unit]
        guard unsafe send(descriptor, head + body, 7 + body.count, Int32(MSG_NOSIGNAL)) == 7 + body.count,
            let header = take(7), header[0...1] == head[0...1], let rest = take(Int(header[5]) - 1)
        else { return nil }
        return rest
    }

    /// The words of a read of holding registers; nil for an exception or a closed connection.
    func holdingRegisters(unit: UInt8, _ address: UInt16, _ count: UInt16) -> [UInt16]? {
        words(function: 3, unit: unit, address, count)
    }

    /// The words of a read of input registers; nil for an exception or a closed connection.
    func inputRegisters(unit: UInt8, _ address: UInt16, _ count: UInt16) -> [UInt16]? {
        words(function: 4, unit: unit, address, count)
    }

    private func words(function: UInt8, unit: UInt8, _ address: UInt16, _ count: UInt16) -> [UInt16]? {
        let body = [function, UInt8(address >> 8), UInt8(address & 0xFF), UInt8(count >> 8), UInt8(count & 0xFF)]
        guard let reply = ask(unit: unit, body), reply.first == function, reply.count == 2 + 2 * Int(count) else {
            return nil
        }
        return (0..<Int(count)).map { UInt16(reply[2 + 2 * $0]) << 8 | UInt16(reply[3 + 2 * $0]) }
    }

    private func take(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return unsafe recv(descriptor, &bytes, count, Int32(MSG_WAITALL)) == count ? bytes : nil
    }
}

/// Wall time that moves only when a test moves it.
final class SharedWall: Sendable {
    private let elapsed = Mutex(Duration.zero)

    var now: Duration { elapsed.withLock { $0 } }

    func pass(_ duration: Duration) { elapsed.withLock { $0 += duration } }
}

/// Two meters behind one endpoint, each of a rack, and a CDU behind another.
enum SmallHall {
    /// One plant second per wall second.
    static let realTime = "simulation: {start: \"2026-03-01T06:00:00Z\", time_scale: 1}"

    /// The site file, with its section on simulation.
    static func site(_ simulation: String = realTime) -> String {
        """
        site: {id: s, name: S, jurisdiction: SE}
        \(simulation)
        endpoints:
          - {id: meters, host: 127.0.0.1, port: 15020}
          - {id: cdus, host: 127.0.0.1, port: 15021}
        devices:
          - {id: meter-1, equipment: rack-1, endpoint: meters, unit: 1, map: schneider_iem3000}
          - {id: meter-2, equipment: rack-2, endpoint: meters, unit: 2, map: schneider_iem3000}
          - {id: cdu-1, endpoint: cdus, unit: 1, map: simulated_cdu}
        racks:
          - {repeat: 1..2, id: "rack-{n}", hall: hall-1, power: 132 kW, liquid_share: 87 %}
        """
    }
}
