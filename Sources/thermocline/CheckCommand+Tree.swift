// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import Thermo

/// A site as a tree: what is metered where, what the plant is made of, who is controlled, and what answers where.
struct SiteTreeText {
    /// One line with the lines under it.
    private struct Branch {
        let line: String
        var twigs: [Branch] = []
    }

    static func render(_ site: SiteDescription) -> String {
        let tree = SiteTreeText(site: site)
        var text = tree.head + "\n"
        let branches = [tree.meters, tree.plant, tree.loops, tree.endpoints].filter { !$0.twigs.isEmpty }
        print(branches, before: "", into: &text)
        return text
    }

    private static func print(_ branches: [Branch], before margin: String, into text: inout String) {
        for (position, branch) in branches.enumerated() {
            let isLast = position == branches.count - 1
            text += margin + (isLast ? "└─ " : "├─ ") + branch.line + "\n"
            print(branch.twigs, before: margin + (isLast ? "   " : "│  "), into: &text)
        }
    }

    private let site: SiteDescription

    private var head: String {
        var parts = [site.name.isEmpty ? site.id : "\(site.id), \(site.name)"]
        if !site.jurisdiction.isEmpty { parts.append(site.jurisdiction) }
        parts.append("\(site.endpoints.count) endpoints")
        parts.append("\(site.devices.count) devices")
        parts.append("\(site.points.count) points")
        if let simulation = site.simulation {
            parts.append("SIMULATED x\(Self.number(simulation.timeScale)) from \(simulation.start.iso8601)")
        }
        return parts.joined(separator: ", ")
    }

    // MARK: Meters

    private var meters: Branch {
        let places = MeterPlace.allCases.compactMap { place -> Branch? in
            let meters = site.meters.filter { $0.place == place }
            guard !meters.isEmpty else { return nil }
            let runs = Self.runs(meters) { "\(Self.rate($0)) \($0.carrier.rawValue)" }
            let twigs = runs.map { run in
                let sign = run.members.first?.sign == -1 ? "minus " : ""
                return Branch(line: "\(sign)\(Self.span(run.members.map(\.device))): \(run.kind)")
            }
            return Branch(line: "\(place.rawValue), \(Self.count(meters.count, "meter"))", twigs: twigs)
        }
        return Branch(line: "meters", twigs: places)
    }

    private static func rate(_ meter: MeterDescription) -> String {
        meter.carrier == .water ? "\(number(meter.ratedRate * 3_600)) m3/h" : power(Power(watts: meter.ratedRate))
    }

    // MARK: Plant

    private var plant: Branch {
        let plant = site.plant
        var twigs = halls
        for (position, loop) in plant.waterLoops.enumerated() {
            if let water = loop.facilityWater { twigs.append(branch(of: loop, water, plant.loads(ofLoop: position))) }
        }
        if let recovery = plant.waterLoops.compactMap(\.heatRecovery).first {
            let line = "\(recovery.id), \(Self.power(recovery.designHeat))"
            twigs.append(Branch(line: line, twigs: heatExport))
        }
        return Branch(line: "plant", twigs: twigs)
    }

    /// A water loop with what it feeds and what cools it.
    private func branch(
        of loop: WaterLoopDescription,
        _ water: FacilityWaterDescription,
        _ loads: WaterLoopLoads
    ) -> Branch {
        let plant = site.plant
        let liquid = [plant.coolantDistributionUnits.map(\.id), plant.immersionTanks.map(\.id)]
        let consumers = (loads.hasLiquid ? liquid : []) + (loads.hasAir ? [plant.airHandlers.map(\.id)] : [])
        let names = consumers.filter { !$0.isEmpty }.map(Self.span)
        let feeds = names.isEmpty ? [] : [Branch(line: "feeds \(names.joined(separator: ", "))")]
        let flow = Self.number(water.designFlow.litersPerSecond)
        let line = "\(water.id), \(flow) L/s at \(Self.number(water.supplySetpoint.celsius)) degC"
        return Branch(line: line, twigs: feeds + coolers(of: loop))
    }

    private var halls: [Branch] {
        let plant = site.plant
        var names: [String] = []
        let all = plant.racks.map(\.hall) + plant.airHandlers.map(\.hall) + plant.outdoorAirHandlers.map(\.hall)
        for name in all where !names.contains(name) { names.append(name) }
        return names.map { hall in
            let racks = plant.racks.filter { $0.hall == hall }
            let total = racks.reduce(0) { $0 + $1.nominalPower.watts }
            return Branch(
                line: "\(hall), \(Self.count(racks.count, "rack")), \(Self.power(Power(watts: total)))",
                twigs: liquidCooled(racks) + tanks(of: racks) + airCooled(racks) + air(of: hall)
            )
        }
    }

    /// The CDUs with the racks they serve.
    private func liquidCooled(_ racks: [RackDescription]) -> [Branch] {
        var units: [String] = []
        for unit in racks.compactMap(\.coolantDistributionUnit) where !units.contains(unit) { units.append(unit) }
        return units.map { unit in
            let capacity = site.plant.coolantDistributionUnits.first { $0.id == unit }?.capacity
            return Branch(
                line: unit + (capacity.map { ", " + Self.power($0) } ?? ""),
                twigs: Self.rows(of: racks.filter { $0.coolantDistributionUnit == unit })
            )
        }
    }

    /// The immersion tanks, those of one size together, with the racks that hang in them.
    private func tanks(of racks: [RackDescription]) -> [Branch] {
        let used = Set(racks.compactMap(\.immersionTank))
        let tanks = site.plant.immersionTanks.filter { used.contains($0.id) }
        return Self.runs(tanks) { "\(Self.power($0.capacity)) of immersion" }.map { run in
            let ids = run.members.map(\.id)
            let inside = racks.filter { rack in rack.immersionTank.map(ids.contains) ?? false }
            return Branch(line: "\(Self.span(ids)): \(run.kind)", twigs: Self.rows(of: inside))
        }
    }

    private func airCooled(_ racks: [RackDescription]) -> [Branch] {
        let others = racks.filter { $0.coolantDistributionUnit == nil && $0.immersionTank == nil }
        return others.isEmpty ? [] : [Branch(line: "cooled by air", twigs: Self.rows(of: others))]
    }

    private func air(of hall: String) -> [Branch] {
        let handlers = Self.runs(site.plant.airHandlers.filter { $0.hall == hall }) { Self.power($0.capacity) }
            .map { Branch(line: "\(Self.span($0.members.map(\.id))): \($0.kind) of air") }
        let outdoor = site.plant.outdoorAirHandlers.filter { $0.hall == hall }
        return handlers
            + Self.runs(outdoor) { "\(Self.number($0.designAirFlow.cubicMetersPerSecond)) m3/s of outdoor air" }
            .map { Branch(line: "\(Self.span($0.members.map(\.id))): \($0.kind)") }
    }

    private static func rows(of racks: [RackDescription]) -> [Branch] {
        runs(racks) { power($0.nominalPower) }.map { run in
            let each = run.members.count > 1 ? " each" : ""
            return Branch(line: "\(span(run.members.map(\.id))): \(run.kind)\(each)")
        }
    }

    private func coolers(of loop: WaterLoopDescription) -> [Branch] {
        var branches: [Branch] = []
        if let economizer = loop.waterEconomizer {
            branches.append(Branch(line: "cooled by \(economizer.id): \(Self.power(economizer.designHeat))"))
        }
        branches += Self.runs(loop.chillers) { Self.power($0.capacity) }
            .map { Branch(line: "cooled by \(Self.span($0.members.map(\.id))): \($0.kind)") }
        if let condenser = loop.condenserWater {
            let flow = Self.number(condenser.designFlow.litersPerSecond)
            branches.append(Branch(line: "rejects to \(condenser.id), \(flow) L/s", twigs: rejection(of: loop)))
        }
        return branches
    }

    /// What takes the heat of the condenser water.
    private func rejection(of loop: WaterLoopDescription) -> [Branch] {
        var branches = Self.runs(loop.coolingTowers) { Self.power($0.ratedHeat) }
            .map { Branch(line: "\(Self.span($0.members.map(\.id))): \($0.kind)") }
        branches += Self.runs(loop.dryCoolers) { cooler in
            Self.power(cooler.ratedHeat) + (cooler.padEffectiveness == nil ? ", dry" : ", dry with wetted pads")
        }
        .map { Branch(line: "\(Self.span($0.members.map(\.id))): \($0.kind)") }
        if let water = loop.ambientWater {
            let source = water.source.rawValue.replacing("_", with: " ")
            branches.append(Branch(line: "\(water.id): \(Self.power(water.designHeat)) to the \(source)"))
        }
        return branches
    }

    private var heatExport: [Branch] {
        let pumps = Self.runs(site.plant.heatPumps) { Self.power($0.evaporatorCapacity) }
            .map { Branch(line: "\(Self.span($0.members.map(\.id))): \($0.kind)") }
        guard let district = site.plant.districtHeating else { return pumps }
        return pumps + [Branch(line: "to \(district.id): \(Self.power(district.designHeat))")]
    }

    // MARK: Loops and endpoints

    private var loops: Branch {
        Branch(line: "loops", twigs: site.loops.map { Branch(line: "\($0.id): \($0.kind.rawValue)") })
    }

    private var endpoints: Branch {
        let twigs = site.endpoints.enumerated().map { position, endpoint in
            let devices = site.devices.filter { $0.endpoint == position }
            let twigs = Self.runs(devices) { site.maps[$0.map].name }.map { run in
                let units = run.members.map { Int($0.unit) }
                let isRow = zip(units, units.dropFirst()).allSatisfy { $0 + 1 == $1 } && units.count > 1
                let list =
                    isRow ? "\(units[0]) to \(units[units.count - 1])" : units.map(String.init).joined(separator: ", ")
                let unit = units.count == 1 ? "unit \(list)" : "units \(list)"
                return Branch(line: "\(unit): \(Self.span(run.members.map(\.id))), \(run.kind)")
            }
            let host = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
            return Branch(line: "\(endpoint.id), \(host):\(endpoint.port)", twigs: twigs)
        }
        return Branch(line: "endpoints", twigs: twigs)
    }

    // MARK: Words

    /// Neighbours of one kind in one line.
    private static func runs<Member>(
        _ members: [Member],
        kind: (Member) -> String
    ) -> [(kind: String, members: [Member])] {
        var runs: [(kind: String, members: [Member])] = []
        for member in members {
            let kind = kind(member)
            if runs.last?.kind == kind {
                runs[runs.count - 1].members.append(member)
            } else {
                runs.append((kind, [member]))
            }
        }
        return runs
    }

    /// The first and the last of many names, all of a few.
    private static func span(_ names: [String]) -> String {
        guard names.count > 3, let first = names.first, let last = names.last else {
            return names.joined(separator: ", ")
        }
        return "\(first) to \(last) (\(names.count))"
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
    }

    private static func power(_ power: Power) -> String {
        power.watts >= 1e6 ? "\(number(power.watts / 1e6)) MW" : "\(number(power.watts / 1e3)) kW"
    }

    /// At most two decimals, none where they are zero.
    private static func number(_ value: Double) -> String {
        let rounded = (value * 100).rounded() / 100
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }
}
