// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import TestKit
import Testing

/// Replies of devices that do not answer as they should, byte for byte as a client gets them.
///
/// Unit 1 is the sick one; unit 0 answers on the same endpoint and has nothing.
struct ServerReplyFaultTests {
    /// `ask` sends a request in hexadecimal and prints what comes; `take` receives until nothing comes any more.
    private static let prelude = """
        import socket, sys, time
        address = ("127.0.0.1", int(sys.argv[1]))
        def connect(timeout=10):
            s = socket.create_connection(address, timeout=timeout)
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return s
        def take(s, count):
            data = b""
            while len(data) < count:
                try: part = s.recv(count - len(data))
                except ConnectionResetError: return "reset"
                except TimeoutError: return data.hex() + " silence"
                if not part: return data.hex() + " closed"
                data += part
            return data.hex()
        # Two registers of the power point, 0x3FC00000 = 1.5 kW, of unit 1 and unit 0.
        sick = bytes.fromhex("000700000006010300000002")
        well = bytes.fromhex("000800000006000300000002")

        """

    private static let good = "0008000000070003043fc00000"

    private func output(_ faults: UnitFaults, _ script: String, connectionLimit: Int? = nil) throws -> [String] {
        let faultSwitch = FaultSwitch()
        faultSwitch.set([1: faults], connectionLimit: connectionLimit)
        let sample = try ServedSample(faults: faultSwitch)
        try sample.set("power", to: 1_500)
        return try sample.python(Self.prelude + script).split(separator: "\n").map(String.init)
    }

    /// A fault, how many bytes the client waits for, and what it gets.
    private static let replies: [(fault: ReplyFault, count: Int, expected: String)] = [
        (.wrongTransaction, 13, "0006000000070103043fc00000"),
        (.wrongUnit, 13, "0007000000070203043fc00000"),
        (.shortFrame, 11, "0007000000050103023fc0"),
        (.longFrame, 15, "0007000000090103063fc000001234"),
        (.cutFrame, 10, "0007000000070103043f"),
        (.duplicate, 26, "0007000000070103043fc000000007000000070103043fc00000"),
        (.wordSwap, 13, "00070000000701030400003fc0"),
        (.drip(.milliseconds(5)), 13, "0007000000070103043fc00000"),
        (.exception(0x01), 9, "000700000003018301"),
        (.exception(0x04), 9, "000700000003018304"),
        (.exception(0x06), 9, "000700000003018306"),
        (.exception(0x0A), 9, "00070000000301830a"),
        (.exception(0x0B), 9, "00070000000301830b"),
        (.exception(0xFF), 9, "0007000000030183ff"),
        (.close, 1, " closed"),
        (.reset, 1, "reset"),
    ]

    /// Each fault is on a unit of its own, which the script turns back into 1 before it prints.
    @Test(.timeLimit(.minutes(1)))
    func faultyRepliesAreByteForByte() throws {
        let faultSwitch = FaultSwitch()
        let units = Self.replies.indices.map { UInt8($0 + 1) }
        faultSwitch.set(
            Dictionary(uniqueKeysWithValues: zip(units, Self.replies.map { UnitFaults(replies: [.init($0.fault)]) }))
        )
        let sample = try ServedSample(units: [0] + units, faults: faultSwitch)
        try sample.set("power", to: 1_500)
        let output = try sample.python(
            Self.prelude + """
                for unit, count in enumerate(\(Self.replies.map(\.count)), 1):
                    s = connect()
                    s.sendall(sick[:6] + bytes([unit]) + sick[7:])
                    data = take(s, count)
                    if len(data) > 14:
                        data = bytearray(bytes.fromhex(data))
                        for start in range(0, len(data) - 6, 13): data[start + 6] -= unit - 1
                        data = data.hex()
                    t = connect()
                    t.sendall(well)
                    print(data, take(t, 13))
                """
        )
        let lines = output.split(separator: "\n").map(String.init)
        #expect(lines == Self.replies.map { "\($0.expected) \(Self.good)" })
    }

    /// The connection stays, and the unit behind the same endpoint answers on it.
    @Test(.timeLimit(.minutes(1)))
    func blackHoleSwallowsRequestsAndKeepsTheConnection() throws {
        let lines = try output(
            UnitFaults(replies: [.init(.blackHole)]),
            "s = connect(); s.sendall(sick + sick + well); print(take(s, 13)); s.settimeout(0.1); print(take(s, 1))"
        )
        #expect(lines == [Self.good, " silence"])
    }

    /// Bytes come one by one, and another client is answered in between.
    @Test(.timeLimit(.minutes(1)))
    func slowDripTakesItsTimeAndHoldsNobodyUp() throws {
        let lines = try output(
            UnitFaults(replies: [.init(.drip(.milliseconds(40)))]),
            """
            s, t = connect(), connect()
            start = time.monotonic()
            s.sendall(sick)
            first = take(s, 1)
            t.sendall(well)
            print(take(t, 13))
            s.setblocking(False)
            try: early = len(s.recv(12))
            except BlockingIOError: early = 0
            print(early < 12)
            s.settimeout(10)
            rest = take(s, 12 - early)
            print(first, time.monotonic() - start >= 12 * 0.04 - 0.001)
            """
        )
        #expect(lines == [Self.good, "True", "00 True"])
    }

    @Test(.timeLimit(.minutes(1)))
    func lateReplyIsOvertakenByTheNextOne() throws {
        let lines = try output(
            UnitFaults(replies: [.init(.late(.milliseconds(300)))]),
            "s = connect(); s.sendall(sick); s.sendall(well); print(take(s, 13)); print(take(s, 13))"
        )
        #expect(lines == [Self.good, "0007000000070103043fc00000"])
    }

    /// Replies in order: a good one waits for the slow one asked for before it on the same connection.
    @Test(.timeLimit(.minutes(1)))
    func latencyKeepsTheOrderOfAConnection() throws {
        let lines = try output(
            UnitFaults(latency: .constant),
            """
            s = connect()
            start = time.monotonic()
            s.sendall(sick + well)
            print(take(s, 13), time.monotonic() - start >= 0.305)
            print(take(s, 13))
            """
        )
        #expect(lines == ["0007000000070103043fc00000 True", Self.good])
    }

    /// Fifty slow replies are awaited side by side while a healthy unit answers: nothing waits in the server.
    @Test(.timeLimit(.minutes(1)))
    func slowUnitsWaitSideBySide() throws {
        let lines = try output(
            UnitFaults(latency: .inverter),
            """
            import select
            slow = [connect() for _ in range(50)]
            fast = connect()
            start = time.monotonic()
            for s in slow: s.sendall(sick)
            for _ in range(20):
                fast.sendall(well)
                assert take(fast, 13) == "\(Self.good)"
            print(select.select(slow, [], [], 0)[0] == [] or time.monotonic() - start >= 0.7)
            print({take(s, 13) for s in slow})
            print(0.7 <= time.monotonic() - start < 0.7 * 50)
            """
        )
        #expect(lines == ["True", "{'0007000000070103043fc00000'}", "True"])
    }

    /// Requests through a gateway wait for each other, whichever connection they come on.
    @Test(.timeLimit(.minutes(1)))
    func gatewayServesOneRequestAtATime() throws {
        let lines = try output(
            UnitFaults(latency: .gateway),
            """
            sockets = [connect() for _ in range(8)]
            start = time.monotonic()
            for s in sockets: s.sendall(sick)
            for s in sockets: take(s, 13)
            print(time.monotonic() - start >= 8 * 0.02)
            """
        )
        #expect(lines == ["True"])
    }

    @Test(.timeLimit(.minutes(1)))
    func inverterRefusesReadsOfMoreThanEightRegisters() throws {
        let lines = try output(
            UnitFaults(latency: .inverter),
            "s = connect(); s.sendall(bytes.fromhex('000700000006010303e80009')); print(take(s, 9))"
        )
        #expect(lines == ["000700000003018303"])
    }

    @Test(.timeLimit(.minutes(1)))
    func oneMoreConnectionThanTheDeviceBearsIsClosed() throws {
        let lines = try output(
            UnitFaults(),
            """
            def ask(s):
                try:
                    s.sendall(well)
                    return take(s, 13)
                except OSError: return "reset"
            a = connect()
            print(ask(a))
            b = connect()
            print(ask(b) in (" closed", "reset"))
            print(ask(a))
            a.close()
            # The server learns of the end when its turn comes.
            for _ in range(10_000):
                c = connect()
                if ask(c) == "\(Self.good)": break
                c.close()
            print(ask(c))
            """,
            connectionLimit: 1
        )
        #expect(lines == [Self.good, "True", Self.good, Self.good])
    }

    /// The same requests meet the same faults in another run.
    @Test(.timeLimit(.minutes(1)))
    func shareOfRequestsFailsTheSameWayEachTime() throws {
        func pattern() throws -> String {
            let lines = try output(
                UnitFaults(replies: [.init(.exception(0x0A), share: 0.3)]),
                """
                s = connect()
                marks = ""
                for _ in range(400):
                    s.sendall(sick)
                    bad = take(s, 9)[14:16] == "83"
                    if not bad: take(s, 4)
                    marks += "x" if bad else "."
                print(marks)
                """
            )
            return lines.joined()
        }
        let first = try pattern()
        let failed = first.count { $0 == "x" }
        #expect((80...160).contains(failed), "\(failed) of 400")
        #expect(try pattern() == first)
    }

    /// A client that sends without reading any reply has a limited queue.
    @Test(.timeLimit(.minutes(1)))
    func clientWithTooManyWaitingRepliesIsClosed() throws {
        let lines = try output(
            UnitFaults(latency: .inverter),
            "s = connect(); s.sendall(sick * 80); print(take(s, 13) in (' closed', 'reset'))"
        )
        #expect(lines == ["True"])
    }

    @Test func faultsAreSwitchedWhileServed() throws {
        let faultSwitch = FaultSwitch()
        let sample = try ServedSample(faults: faultSwitch)
        func code() throws -> String {
            try runClient(
                port: sample.port,
                "r = c.read_coils(0, count=2, device_id=1); print(r.exception_code if r.isError() else 'ok')"
            )
        }
        #expect(try code() == "ok")
        faultSwitch.set([1: UnitFaults(replies: [.init(.exception(6))])])
        #expect(try code() == "6")
        faultSwitch.set([:])
        #expect(try code() == "ok")
    }

    /// Time from request to reply, in milliseconds, at both ends of a kind's range for a read of 125 registers.
    @Test(
        arguments: [
            (.controller, 10, 20), (.nagle, 50, 220), (.gateway, 20, 80), (.constant, 305, 305), (.inverter, 700, 700),
            (.serialLine, 79, 80), (.shelf, 36, 46),
        ] as [(LatencyProfile, Int, Int)]
    )
    func latenciesAreThoseThatUsersReport(profile: LatencyProfile, least: Int, most: Int) {
        // 12 bytes there, 259 back.
        let range = [0, 0.5, 1].map { profile.delay(bytes: 271, draw: $0) }
        #expect(range.allSatisfy { $0 >= .milliseconds(least) && $0 <= .milliseconds(most) }, "\(range)")
        #expect(range == range.sorted())
    }
}
