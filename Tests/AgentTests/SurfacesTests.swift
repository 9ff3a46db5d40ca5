// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Agent
import Observe
import Testing

struct SurfacesTests {
    @Test("that the agent serves is said once, when address and command socket are open", arguments: [false, true])
    func saidWhenAllAreOpen(socketComesFirst: Bool) async throws {
        let http = Listening.http(try ListenAddress("127.0.0.1:9600"))
        let socket = Listening.commandSocket(path: "/run/thermocline/command.socket")
        let surfaces = Surfaces(count: 2)
        let order = socketComesFirst ? [socket, http] : [http, socket]
        #expect(order.map(surfaces.note) == [nil, "127.0.0.1:9600"])
        await surfaces.wait()
    }
}
