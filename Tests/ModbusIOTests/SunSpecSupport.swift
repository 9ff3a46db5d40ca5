// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import ModbusIO
import Plant
import TestKit
import Testing

/// A meter of integers with a scale factor (model 203), or of floating point numbers (213), as small as can be.
enum SmallMeter {
    static func map(limits: RequestLimits = RequestLimits(responseTimeout: .milliseconds(250))) -> DeviceMap {
        let absent = [Sentinel(bits: 0x8000)]
        var map = DeviceMap(
            name: "small_meter",
            category: .powerMeter,
            confirmation: .simulated,
            limits: limits,
            points: []
        )
        map.take([
            SunSpecLayout(
                ids: [203],
                length: 6,
                points: [
                    point("power", 2, .signed(bits: 16), unit: "W", scaleFactorAddress: 3, sentinels: absent),
                    point("current", 4, .signed(bits: 16), unit: "A", sentinels: absent),
                    point("energy", 5, .unsigned(bits: 32), unit: "Wh", pollClass: .slow),
                ]
            ),
            SunSpecLayout(
                ids: [213],
                length: 4,
                points: [
                    point("power", 2, .float(bits: 32), unit: "W"),
                    point("energy", 4, .float(bits: 32), unit: "Wh", pollClass: .slow),
                ]
            ),
        ])
        return map
    }

    /// 1,230 W, 5 A, 70,000 Wh behind a model that nobody knows, with the marker at a base.
    static func integers(base: Int) -> SunSpecWalkTests.Image {
        var image = SunSpecWalkTests.Image(base: base, [(1, 66), (64_001, 9), (203, 6)])
        image.put([123, 1, 5, 1, 4_464, 0], at: base + 2 + 68 + 11 + 2)
        return image
    }

    /// 1,500 W and 2^30 Wh in floating point.
    static func floats(base: Int) -> SunSpecWalkTests.Image {
        var image = SunSpecWalkTests.Image(base: base, [(1, 65), (213, 4)])
        image.put([0x44BB, 0x8000, 0x4E80, 0x0000], at: base + 2 + 67 + 2)
        return image
    }
}

extension SunSpecWalkTests.Image {
    /// The words of a read, or nil where it has to be refused.
    func words(_ address: Int, _ count: Int) -> [UInt16]? {
        let words = (address..<address + count).map { self.words[$0] }
        return words.contains(nil) ? nil : words.compactMap(\.self)
    }
}
