// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import Testing

/// What a session asks of a device whose models are to be found, in virtual time.
@Suite struct SunSpecSessionTests {
    /// One endpoint whose devices answer from register images.
    private struct World {
        var session: EndpointSession
        var now = at(0)
        var sent: [(time: Int64, unit: UInt8, address: Int)] = []
        var isConnected = false

        init(devices: [DevicePlan]) {
            let plan = EndpointPlan(endpoint: 0, devices: devices)
            session = EndpointSession(plan: plan, start: at(0), firstAttempt: at(0), seed: 1)
        }

        /// Lets time pass; a device without an image says nothing.
        mutating func run(until end: MonotonicTime, _ images: [UInt8: SunSpecWalkTests.Image]) {
            while true {
                switch session.next(at: now) {
                case .connect: session.connected(at: now)
                case .close, .sendWrite: break
                case .send(let request):
                    sent.append((now.nanoseconds / 1_000_000, request.unit, Int(request.block.address)))
                    guard let image = images[request.unit] else { break }
                    now = now + milliseconds(1)
                    answer(request, image)
                case .wait(let until):
                    session.clearEffects()
                    guard until <= end else {
                        now = end
                        return
                    }
                    now = max(now, until)
                }
            }
        }

        private mutating func answer(_ request: ReadRequest, _ image: SunSpecWalkTests.Image) {
            let plantTime = Timestamp(milliseconds: now.nanoseconds / 1_000_000)
            guard let words = image.words(Int(request.block.address), request.block.count) else {
                session.refused(with: ModbusException(code: 2), at: now)
                return
            }
            if session.outstanding?.job.isIdentity == true {
                session.identified(words, at: now, plantTime: plantTime)
            } else if session.outstanding?.job.isPreparation == true {
                session.prepared(words, at: now, plantTime: plantTime)
            } else {
                session.answered(at: now, plantTime: plantTime)
            }
        }
    }

    private static func device(_ unit: UInt8, identity: IdentityReader? = nil) throws -> DevicePlan {
        let map = SmallMeter.map()
        let classes: [PollClass] = [.fast, .slow]
        return DevicePlan(
            device: Int(unit) - 1,
            unit: unit,
            responseTimeout: milliseconds(100),
            groups: try classes.map { pollClass in
                let reads = try ReadPlanner(limits: map.limits).plan(map, pollClass: pollClass)
                return GroupPlan(interval: milliseconds(pollClass == .fast ? 1_000 : 10_000), reads: reads)
            },
            identity: identity,
            search: ModelSearch(map: map, pollClasses: classes)
        )
    }

    @Test func theModelsAreWalkedOnceAndThenOnlyThePointsAreRead() throws {
        var world = World(devices: [try Self.device(1)])
        world.run(until: at(20_500), [1: SmallMeter.integers(base: 50_000)])
        // Both bases, three models, the end; then the first scans at once and their grids.
        let walk = world.sent.prefix(6).map(\.address)
        #expect(walk == [40_000, 50_000, 50_002, 50_070, 50_081, 50_089])
        let points = world.sent.dropFirst(6)
        #expect(Set(points.map(\.address)) == [50_083, 50_086])
        #expect(points.count { $0.address == 50_083 } == 21)
        let state = world.session.state(ofDevice: 0)
        #expect(state.link == .up && state.failure == .none && state.overruns == 0)
        #expect(world.session.takePlacement(ofDevice: 0)?.points.map(\.address) == [50_083, 50_085, 50_086])
        #expect(world.session.takePlacement(ofDevice: 0) == nil)
        #expect(world.session.takePreparationReport(ofDevice: 0) == "SunSpec models 1, 64001, 203 from 50000")
    }

    @Test func aDeviceWithoutMarkerIsAskedAgainOnceAMinuteAndSaysWhy() throws {
        var world = World(devices: [try Self.device(1)])
        world.run(until: at(150_000), [1: SunSpecWalkTests.Image()])
        #expect(world.sent.map(\.address) == [40_000, 50_000, 0, 40_000, 50_000, 0, 40_000, 50_000, 0])
        #expect(world.session.state(ofDevice: 0).failure == .sunSpecMarkerMissing)
        #expect(world.session.state(ofDevice: 0).link == .degraded)
        // Told once, not every minute.
        #expect(world.session.takePreparationReport(ofDevice: 0)?.hasPrefix("no SunSpec marker") == true)
        world.run(until: at(190_000), [1: SunSpecWalkTests.Image()])
        #expect(world.session.takePreparationReport(ofDevice: 0) == nil)
        world.run(until: at(250_000), [1: SmallMeter.floats(base: 0)])
        #expect(world.session.state(ofDevice: 0).link == .up)
    }

    @Test func aDeviceWithOtherModelsOnlySaysSo() throws {
        var world = World(devices: [try Self.device(1)])
        world.run(until: at(10_000), [1: SunSpecWalkTests.Image(base: 40_000, [(1, 66), (103, 50)])])
        #expect(world.session.state(ofDevice: 0).failure == .sunSpecModelsUnknown)
        let report = world.session.takePreparationReport(ofDevice: 0)
        #expect(report?.contains("SunSpec models 1, 103 from 40000") == true)
        #expect(world.sent.count == 4)
    }

    @Test func modelsAreFoundAnewAfterAReconnect() throws {
        var world = World(devices: [try Self.device(1)])
        world.run(until: at(5_000), [1: SmallMeter.integers(base: 40_000)])
        #expect(world.session.takePlacement(ofDevice: 0) != nil)
        world.session.lose(.connectionLost, at: world.now)
        world.run(until: at(15_000), [1: SmallMeter.integers(base: 40_000)])
        #expect(world.session.takePlacement(ofDevice: 0) == nil, "nothing has changed")
        world.session.lose(.connectionLost, at: world.now)
        world.run(until: at(30_000), [1: SmallMeter.floats(base: 40_000)])
        let map = world.session.takePlacement(ofDevice: 0)
        #expect(map?.points.map(\.type) == [.float(bits: 32), .signed(bits: 16), .float(bits: 32)])
        #expect(map?.points.map(\.isReadable) == [true, false, true])
        #expect(world.sent.suffix(3).allSatisfy { (40_071...40_073).contains($0.address) })
    }

    /// What was found on the connection before says nothing of what answers on this one.
    @Test func aStrangerIsShownAsOneWhateverItsPredecessorLacked() throws {
        func image(identity: UInt16) -> [UInt8: SunSpecWalkTests.Image] {
            var image = SunSpecWalkTests.Image()
            image.put([identity], at: 900)
            return [1: image]
        }
        var world = World(devices: [try Self.device(1, identity: IdentitySessionTests.reader)])
        world.run(until: at(5_000), image(identity: 7))
        #expect(world.session.state(ofDevice: 0).failure == .sunSpecMarkerMissing)
        #expect(world.session.state(ofDevice: 0).link == .degraded)
        world.session.lose(.connectionLost, at: world.now)
        #expect(world.session.state(ofDevice: 0).link == .down)
        world.run(until: at(8_000), image(identity: 8))
        #expect(world.session.state(ofDevice: 0).failure == .identityMismatch)
        #expect(world.session.state(ofDevice: 0).link == .down)
        // The right one is back: what it lacks is told again.
        world.run(until: at(20_000), image(identity: 7))
        #expect(world.session.state(ofDevice: 0).failure == .sunSpecMarkerMissing)
        #expect(world.session.state(ofDevice: 0).link == .degraded)
    }

    @Test func aSilentDeviceTakesNoMoreOfItsEndpointsTimeThanAnyOther() throws {
        var world = World(devices: [try Self.device(1), try Self.device(2)])
        world.run(until: at(60_000), [1: SmallMeter.integers(base: 40_000)])
        #expect(world.session.state(ofDevice: 0).link == .up)
        #expect(world.session.state(ofDevice: 1).link == .down)
        #expect(world.session.state(ofDevice: 1).failure == .timeout)
        // A tenth of the time at most: 100 ms in 1 s, besides the first two.
        let asked = world.sent.filter { $0.unit == 2 }
        #expect(asked.count <= 62 && asked.count >= 5 && asked.allSatisfy { $0.address == 40_000 })
        #expect(world.sent.count { $0.unit == 1 && $0.address == 40_083 } >= 55)
        // It comes back and is walked from the beginning.
        let both = [1: SmallMeter.integers(base: 40_000), 2: SmallMeter.floats(base: 40_000)] as [UInt8: _]
        world.run(until: at(80_000), both)
        #expect(world.session.state(ofDevice: 1).link == .up)
        #expect(world.session.takePlacement(ofDevice: 1)?.points[0].type == .float(bits: 32))
    }
}
