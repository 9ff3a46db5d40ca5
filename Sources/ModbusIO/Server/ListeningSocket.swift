// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import CModbus
import Glibc

/// A socket that listens for clients of one endpoint.
struct ListeningSocket: Sendable {
    let descriptor: Int32
    let port: UInt16

    /// Listens on a host given in digits or by name; port 0 takes a free one.
    init(host: String, port: UInt16) throws(ModbusProblem) {
        let place = "\(host):\(port)"
        var address = cmodbus_address()
        guard
            unsafe cmodbus_numeric_address(host, port, &address) == 0
                || cmodbus_resolve(host, port, &address) == 0
        else {
            throw ModbusProblem(
                what: "the host name is not known",
                place: place,
                remedy: "give an address such as 127.0.0.1"
            )
        }
        descriptor = unsafe cmodbus_listen(&address, 128)
        guard descriptor >= 0 else { throw Self.problem(errno, place: place, port: port) }
        self.port = cmodbus_local_port(descriptor)
    }

    private static func problem(_ code: Int32, place: String, port: UInt16) -> ModbusProblem {
        switch code {
        case EADDRINUSE:
            ModbusProblem(
                what: "the address is in use by another program",
                place: place,
                remedy: "stop that program (ss -ltnp shows it) or take another port"
            )
        case EADDRNOTAVAIL:
            ModbusProblem(
                what: "this machine has no such address",
                place: place,
                remedy: "take 127.0.0.1 or an address that 'ip address' lists"
            )
        case EACCES:
            ModbusProblem(
                what: "ports below 1024 need a privilege",
                place: place,
                remedy: "take a port of 1024 or more"
            )
        case EMFILE, ENFILE:
            ModbusProblem(
                what: "the limit of open files is reached",
                place: place,
                remedy: "raise it (ulimit -n, LimitNOFILE)"
            )
        default:
            ModbusProblem(
                what: "listening failed with error \(code): \(unsafe String(cString: strerror(code)))",
                place: place,
                remedy: "check the address and the machine's network"
            )
        }
    }
}
