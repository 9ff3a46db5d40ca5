// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The models whose points a map takes its own from, and where they stand.
package struct SunSpecModels: Sendable {
    /// In the order of preference: of several that have a point, the first that the device has gives it.
    package let layouts: [SunSpecLayout]
    /// What the addresses of the map's points hold for: a device with the layouts that are needed for all points, or
    /// the one that ``DeviceMap/placed(on:)`` was told of.
    package var chain: SunSpecChain

    package init(layouts: [SunSpecLayout]) {
        self.layouts = layouts
        var names: Set<String> = []
        let needed = layouts.filter { layout in
            // Not lazily: each layout's names count for the next.
            let added = layout.points.filter { names.insert($0.name).inserted }
            return !added.isEmpty
        }
        chain = SunSpecChain(needed.map { ($0.ids.first ?? 0, $0.length) })
    }

    /// The first layout that has a point, which says what the point is.
    package func origin(of name: String) -> MapPoint? {
        layouts.lazy.compactMap { $0.point(named: name) }.first
    }
}

/// One model, or several that differ in nothing but their id.
package struct SunSpecLayout: Sendable {
    /// The SunSpec model ids, at least one; the first stands for all where one is needed.
    package let ids: [UInt16]
    /// Registers behind those of id and length, as the model is published.
    package let length: Int
    /// Their addresses count from the register that holds the id.
    package let points: [MapPoint]
    package let goldenVectors: [GoldenVector]

    package init(ids: [UInt16], length: Int, points: [MapPoint], goldenVectors: [GoldenVector] = []) {
        self.ids = ids
        self.length = length
        self.points = points
        self.goldenVectors = goldenVectors
    }

    /// The point of this name, or nil.
    package func point(named name: String) -> MapPoint? { points.first { $0.name == name } }

    /// Whether a model of a device is long enough for a point and its scale factor.
    package func holds(_ point: MapPoint, in model: SunSpecChain.Model) -> Bool {
        let size = SunSpecChain.headerLength + model.length
        let end = max(Int(point.address) + point.type.registerCount, point.scaleFactorAddress.map { Int($0) + 1 } ?? 0)
        return end <= size && model.address + size <= 65_536
    }
}

extension DeviceMap {
    /// The points of the layouts, each once, as a device with all that are needed for them has them.
    ///
    /// - Parameter layouts: The addresses of their points count from the register that holds the model's id.
    package mutating func take(_ layouts: [SunSpecLayout]) {
        let models = SunSpecModels(layouts: layouts)
        var names: Set<String> = []
        points = layouts.flatMap(\.points).filter { names.insert($0.name).inserted }
        sunSpec = models
        self = placed(on: models.chain)
    }

    /// The map with the addresses and codings that its points have on a device with these models.
    ///
    /// The points keep their positions, and what a site set for them. Those the device does not have cannot be read
    /// (``MapPoint/isReadable``). A map of fixed addresses stays as it is.
    package func placed(on chain: SunSpecChain) -> DeviceMap {
        guard var models = sunSpec else { return self }
        models.chain = chain
        var map = self
        map.sunSpec = models
        map.goldenVectors = []
        let homes = models.layouts.map { (layout: $0, model: chain.first(of: $0.ids)) }
        map.points = points.map { point in
            for (layout, model) in homes {
                guard let model, let own = layout.point(named: point.name), layout.holds(own, in: model) else {
                    continue
                }
                map.goldenVectors += layout.goldenVectors.filter { $0.point == point.name }
                return own.moved(to: model).taking(over: point, from: models.origin(of: point.name) ?? own)
            }
            var absent = point
            absent.isReadable = false
            return absent
        }
        return map
    }

    /// The map on a device that has one layout in the place of those before it that have the same points; one such
    /// map for each layout that the map's own chain does without.
    package var alternatives: [DeviceMap] {
        guard let models = sunSpec else { return [] }
        return models.layouts.filter { models.chain.first(of: $0.ids) == nil }.map { layout in
            let others = models.layouts.filter { other in
                models.chain.first(of: other.ids) != nil
                    && !other.points.contains { layout.point(named: $0.name) != nil }
            }
            var map = placed(on: SunSpecChain((others + [layout]).map { ($0.ids.first ?? 0, $0.length) }))
            map.name = "\(name):\(layout.ids.first ?? 0)"
            return map
        }
    }
}

extension MapPoint {
    /// The point at its place in a model of a device.
    fileprivate func moved(to model: SunSpecChain.Model) -> MapPoint {
        var point = self
        point.address = UInt16(clamping: model.address + Int(address))
        point.scaleFactorAddress = scaleFactorAddress.map { UInt16(clamping: model.address + Int($0)) }
        return point
    }

    /// The point with what a site has set, as the difference of a point to its origin in the map.
    fileprivate func taking(over changed: MapPoint, from origin: MapPoint) -> MapPoint {
        var point = self
        point.pollClass = changed.pollClass
        if changed.validRange != origin.validRange { point.validRange = changed.validRange }
        point.scaleCodes = changed.scaleCodes == origin.scaleCodes ? scaleCodes : changed.scaleCodes
        if changed.offset != origin.offset { point.offset = changed.offset }
        guard changed.scale != origin.scale else { return point }
        let ratio = changed.scale / origin.scale
        point.scale = scale == origin.scale ? changed.scale : scale * ratio
        point.counter = counter.map { counter in
            CounterBehavior(
                rollover: counter.rollover.map { $0 * abs(ratio) },
                resolution: counter.resolution.map { $0 * abs(ratio) }
            )
        }
        return point
    }
}
