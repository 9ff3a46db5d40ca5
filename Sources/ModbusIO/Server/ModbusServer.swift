// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import CModbus
import Dispatch
import Foundation
import Synchronization

/// A TCP address with the devices that answer behind it.
package struct ServedEndpoint: Sendable {
    /// An address in digits, or a name such as `localhost`.
    package var host: String
    /// 0 takes a free port; ``ModbusServer/port(ofEndpoint:)`` tells which.
    package var port: UInt16
    /// The device behind each unit id; any other unit id is answered with exception 0x0B, as a gateway does.
    package var units: [UInt8: RegisterBank]
    /// Brings the registers of a unit up to date; called on the serving thread before each request to it is carried
    /// out, so that an answer holds what the device measures at that moment and not what was put there a while ago.
    package var refresh: (@Sendable (UInt8) -> Void)?
    /// What is wrong with it, to be switched while it is served.
    package var faults: FaultSwitch?

    package init(
        host: String = "127.0.0.1",
        port: UInt16,
        units: [UInt8: RegisterBank],
        refresh: (@Sendable (UInt8) -> Void)? = nil,
        faults: FaultSwitch? = nil
    ) {
        self.host = host
        self.port = port
        self.units = units
        self.refresh = refresh
        self.faults = faults
    }
}

/// How much a server takes on.
package struct ServerLimits: Hashable, Sendable {
    /// Connections at a time over all endpoints; more are closed at once.
    package var connections: Int
    /// How long half a frame may wait for its other half, in wall time.
    package var frameTimeout: Duration

    package init(connections: Int = 8_192, frameTimeout: Duration = .seconds(10)) {
        self.connections = connections
        self.frameTimeout = frameTimeout
    }
}

/// What a server has seen since it started.
package struct ServerStatistics: Hashable, Sendable {
    package var acceptedConnections = 0
    package var refusedConnections = 0
    package var requests = 0
    package var exceptions = 0
    /// Connections closed because what came was no Modbus frame, or never became whole.
    package var brokenStreams = 0

    package init() {}
}

/// Where the serving thread leaves its counters for others.
final class StatisticsBox: Sendable {
    private let latest = Mutex(ServerStatistics())

    var statistics: ServerStatistics { latest.withLock { $0 } }

    func publish(_ statistics: ServerStatistics) { latest.withLock { $0 = statistics } }
}

/// Serves many devices on many ports with one thread, through libmodbus' server side.
///
/// Functions 1-6, 15, 16, 22 and 23. The sockets listen from the initialiser on, so that ports are known and an
/// address in use shows early; requests are answered between ``start()`` and ``stop()``. A server is started once.
package final class ModbusServer: Sendable {
    private enum Phase { case ready, running, stopped }

    private let ports: [UInt16]
    private let bell: Int32
    private let phase = Mutex(Phase.ready)
    /// Held by the serving thread for as long as it runs.
    private let loop: Mutex<ServerLoop?>
    private let isDone = DispatchSemaphore(value: 0)
    private let counters: StatisticsBox

    package init(
        endpoints: [ServedEndpoint],
        limits: ServerLimits = ServerLimits()
    ) throws(ModbusProblem) {
        let wanted = UInt64(endpoints.count + 64)
        let allowed = cmodbus_raise_file_limit(wanted + UInt64(limits.connections))
        guard allowed >= wanted else {
            throw ModbusProblem(
                what: "\(endpoints.count) endpoints need \(wanted) open files, \(allowed) are allowed",
                place: "Modbus server",
                remedy: "raise the hard limit (ulimit -Hn, LimitNOFILE)"
            )
        }
        // The lane first: it needs a low descriptor.
        let lane = try ReplyLane()
        var listeners: [ListeningSocket] = []
        do throws(ModbusProblem) {
            for endpoint in endpoints {
                listeners.append(try ListeningSocket(host: endpoint.host, port: endpoint.port))
            }
        } catch {
            for listener in listeners { close(listener.descriptor) }
            throw error
        }
        bell = cmodbus_bell_open()
        counters = StatisticsBox()
        ports = listeners.map(\.port)
        loop = Mutex(
            try ServerLoop(
                endpoints: endpoints,
                listeners: listeners,
                lane: lane,
                bell: bell,
                limits: limits,
                counters: counters
            )
        )
    }

    deinit { close(bell) }

    /// Starts to answer.
    ///
    /// - Throws: ``ModbusProblem`` where the server has been started before.
    package func start() throws(ModbusProblem) {
        let mayStart = phase.withLock { phase in
            defer { if phase == .ready { phase = .running } }
            return phase == .ready
        }
        guard mayStart else {
            throw ModbusProblem(
                what: "the server has been started before",
                place: "Modbus server",
                remedy: "make a new server"
            )
        }
        let thread = Thread { [self] in
            loop.withLock { $0?.run() }
            isDone.signal()
        }
        thread.name = "modbus-server"
        thread.start()
    }

    /// Stops to answer and closes every socket.
    ///
    /// Returns when that is done. May be called more than once.
    package func stop() {
        let before = phase.withLock { phase in
            defer { phase = .stopped }
            return phase
        }
        if before == .running {
            cmodbus_bell_ring(bell)
            isDone.wait()
        }
        loop.withLock { $0 = nil }
    }

    /// What the server has seen until now.
    package var statistics: ServerStatistics { counters.statistics }

    /// The port an endpoint listens on.
    package func port(ofEndpoint index: Int) -> UInt16 { ports[index] }
}
