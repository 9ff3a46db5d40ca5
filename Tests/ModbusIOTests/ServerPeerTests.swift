// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModbusIO
import Plant
import TestKit
import Testing

/// The server seen by mbpoll, and by clients that do it wrong.
struct ServerPeerTests {
    @Test(.timeLimit(.minutes(1)))
    func mbpollReadsAndWrites() throws {
        let sample = try ServedSample()
        try sample.set("power", to: 123_500)
        let common = ["-m", "tcp", "-p", String(sample.port), "-a", "1", "-0", "-1", "-q"]
        let read = try runProcess("mbpoll", common + ["-r", "0", "-c", "1", "-t", "4:float", "-B", "127.0.0.1"])
        #expect(read.status == 0, "\(read.output)\(read.errors)")
        #expect(read.output.contains("123.5"))
        let write = try runProcess("mbpoll", common + ["-r", "10", "-t", "4", "127.0.0.1", "251"])
        #expect(write.status == 0, "\(write.output)\(write.errors)")
        #expect(sample.writes() == ["setpoint=25.1"])
        let refused = try runProcess("mbpoll", common + ["-r", "500", "-c", "1", "-t", "4", "127.0.0.1"])
        #expect((refused.output + refused.errors).contains("Illegal data address"))
    }

    /// Frames that are no Modbus frames close the connection; wrong counts inside a frame are answered with 3.
    @Test(.timeLimit(.minutes(1)))
    func malformedFramesAreClosedOrRefused() throws {
        let sample = try ServedSample()
        let output = try sample.python(
            """
            import socket, sys
            def ask(text):
                s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=5)
                s.sendall(bytes.fromhex(text))
                try: data = s.recv(300)
                except ConnectionResetError: data = b""
                print(data.hex() if data else "closed")
                s.close()
            ask("0001 0001 0006 01 03 0000 0001")                 # protocol id
            ask("0001 0000 0001 01")                              # length 1
            ask("0001 0000 00ff 01 03 0000 0001")                 # length 255
            ask("0001 0000 ffff 01 03 0000 0001")                 # length 65535
            ask("474554202f20485454502f312e310d0a0d0a")           # GET / HTTP/1.1
            ask("0001 0000 0006 01 03 0000 0000")                 # no registers
            ask("0001 0000 0006 01 03 0000 007e")                 # 126 registers
            ask("0001 0000 0006 01 01 0000 07d1")                 # 2001 coils
            ask("0001 0000 0006 01 05 0000 1234")                 # coil neither on nor off
            ask("0001 0000 0002 01 03")                           # nothing behind the function
            ask("0001 0000 0009 01 10 000a 0001 04 0001")         # byte count 4 for one register
            ask("0001 0000 0009 01 10 000a 0002 02 0001")         # two registers in two bytes
            ask("0001 0000 000d 01 17 0000 0001 000a 0001 fe 0001")  # function 23 with byte count 254
            ask("0001 0000 000d 01 17 0000 007e 000a 0001 02 0001")  # function 23 reading 126
            ask("0001 0000 0007 01 16 000a 0000 00")              # short mask write
            ask("0001 0000 0002 01 2b")                           # a function that is not served
            ask("0001 0000 0006 01 03 ffff 0002")                 # beyond the last address
            """
        )
        #expect(
            output.split(separator: "\n").map(String.init) == [
                "closed", "closed", "closed", "closed", "closed",
                "000100000003018303", "000100000003018303", "000100000003018103", "000100000003018503",
                "000100000003018303", "000100000003019003", "000100000003019003", "000100000003019703",
                "000100000003019703", "000100000003019603", "00010000000301ab01", "000100000003018302",
            ]
        )
        #expect(sample.writes() == [])
    }

    /// Ten thousand random and damaged frames, from a fixed seed; afterwards the server answers as before.
    @Test(.timeLimit(.minutes(1)))
    func randomBytesNeverStopTheServer() throws {
        let sample = try ServedSample()
        let output = try sample.python(
            """
            import random, socket, struct, sys
            r = random.Random(20260301)
            address = ("127.0.0.1", int(sys.argv[1]))
            for i in range(250):
                s = socket.create_connection(address, timeout=5)
                s.setblocking(False)
                for j in range(40):
                    if r.random() < 0.3: frame = r.randbytes(r.randrange(1, 300))
                    else:
                        body = bytes([r.choice([0, 1, 9]), 
                                      r.choice([1, 2, 3, 4, 5, 6, 7, 15, 16, 17, 22, 23, 43, r.randrange(256)])])
                        body += r.randbytes(r.randrange(0, 60))
                        length = len(body) if r.random() < 0.9 else r.randrange(65536)
                        frame = struct.pack(">HHH", i, 0, length) + body
                    try:
                        s.send(frame)
                        s.recv(4096)
                    except BlockingIOError: pass
                    except OSError: break
                s.close()
            s = socket.create_connection(address, timeout=5)
            s.sendall(bytes.fromhex("000100000006010303e80004"))
            print(s.recv(300).hex())
            """
        )
        // The identity text: THERMO and two zeros.
        #expect(output == "00010000000b010308544845524d4f0000")
        #expect(sample.server.statistics.brokenStreams > 50)
    }

    /// The server's patience is far longer than a busy machine takes to send twelve bytes.
    @Test(.timeLimit(.minutes(1)))
    func aFrameThatComesByteByByteIsAwaited() throws {
        let sample = try ServedSample(limits: ServerLimits(frameTimeout: .seconds(50)))
        let output = try sample.python(
            """
            import socket, sys
            s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=30)
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in bytes.fromhex("000100000006010303e80004"): s.send(bytes([byte]))
            print(len(s.recv(300)))
            """
        )
        #expect(output == "17")
    }

    @Test(.timeLimit(.minutes(1)))
    func halfFrameIsAwaitedThenClosed() throws {
        let sample = try ServedSample(limits: ServerLimits(frameTimeout: .milliseconds(100)))
        let output = try sample.python(
            """
            import socket, sys
            s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=30)
            s.send(bytes.fromhex("000100000006010303"))
            try: print(len(s.recv(300)))
            except ConnectionResetError: print(0)
            """
        )
        #expect(output == "0")
    }

    /// libmodbus waits with select(2), which knows descriptors below 1024 only.
    @Test(.timeLimit(.minutes(1)))
    func servesThreeThousandSockets() throws {
        let sample = try ServedSample()
        let output = try sample.python(
            """
            import resource, socket, sys
            hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, hard), hard))
            address = ("127.0.0.1", int(sys.argv[1]))
            sockets = [socket.create_connection(address, timeout=10) for _ in range(3000)]
            request = bytes.fromhex("000100000006010303e80004")
            for s in sockets: s.sendall(request)
            print(sum(len(s.recv(300)) == 17 for s in sockets))
            """
        )
        #expect(output == "3000")
    }

    @Test(.timeLimit(.minutes(1)))
    func connectionsBeyondTheLimitAreClosed() throws {
        let sample = try ServedSample(limits: ServerLimits(connections: 3))
        let output = try sample.python(
            """
            import socket, sys
            address = ("127.0.0.1", int(sys.argv[1]))
            request = bytes.fromhex("000100000006010303e80004")
            def ask(s):
                try:
                    s.sendall(request)
                    return len(s.recv(300))
                except OSError: return 0
            sockets = [socket.create_connection(address, timeout=10) for _ in range(5)]
            print([ask(s) for s in sockets])
            """
        )
        #expect(output == "[17, 17, 17, 0, 0]")
    }

    @Test func addressInUseIsSaidWithPlaceAndRemedy() throws {
        let sample = try ServedSample()
        let problem = #expect(throws: ModbusProblem.self) {
            _ = try ModbusServer(endpoints: [ServedEndpoint(port: sample.port, units: [:])])
        }
        #expect(problem?.place == "127.0.0.1:\(sample.port)")
        #expect(problem?.what == "the address is in use by another program")
        #expect(problem?.remedy.contains("another port") == true)
    }

    @Test(.timeLimit(.minutes(1)))
    func stoppedServerGivesItsPortBack() throws {
        let first = try ServedSample()
        let port = first.port
        #expect(throws: ModbusProblem.self) { try first.server.start() }
        first.server.stop()
        first.server.stop()
        let second = try ModbusServer(endpoints: [ServedEndpoint(port: port, units: [:])])
        #expect(second.port(ofEndpoint: 0) == port)
        second.stop()
    }
}
