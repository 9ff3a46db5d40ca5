// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// Checks of what can be read, but would not work or is probably not what was meant.
struct SiteDoubts {
    let decoder: SiteDecoder
    let fields: Fields
    let cycle: Duration
    let simulation: SimulationSettings?
    let plant: PlantComposition

    private var problems: ProblemCollector { decoder.problems }

    func run() {
        checkLeases()
        guard !problems.hasErrors else { return }
        checkEquipment()
        checkWeatherStation()
        checkRackPower()
    }

    /// A device that forgets a written value before the next cycle would go home and back for ever.
    private func checkLeases() {
        let scaled = simulation.map { Duration.seconds($0.timeScale * 0.05) } ?? .zero
        let step = max(cycle, scaled)
        let cause = scaled > cycle ? "simulation" : "cycle"
        var seen: Set<String> = []
        for device in decoder.devices {
            let map = decoder.library.maps[device.value.map]
            for point in map.points {
                guard let lease = point.write?.lease, lease < step * 3, seen.insert(map.name).inserted else { continue }
                let remedy = scaled > cycle ? "lower 'time_scale'" : "shorten 'interval'"
                problems.error(
                    fields.has(cause) ? fields.place(of: cause) : device.place,
                    "device '\(device.value.id)' keeps a written \(point.name) for \(Self.seconds(lease)) only, "
                        + "which is shorter than three cycles of \(Self.seconds(step)) plant time; \(remedy)"
                )
            }
        }
    }

    /// Equipment may be anything, but a name one letter off a known one is a slip.
    private func checkEquipment() {
        let halls =
            decoder.racks.map(\.value.hall) + plant.airHandlers.map(\.hall) + plant.outdoorAirHandlers.map(\.hall)
        let known = decoder.rackNames.names + decoder.equipmentNames.names
        let free = Set(known + halls)
        let served = Dictionary(grouping: decoder.devices.map(\.value.equipment)) { $0 }.mapValues(\.count)
        for device in decoder.devices {
            let name = device.value.equipment
            guard name != device.value.id, !free.contains(name), served[name] == 1 else { continue }
            guard let near = known.first(where: { NearestName.distance(name, $0, limit: 1) == 1 }) else { continue }
            problems.warning(
                device.place,
                "device '\(device.value.id)' serves '\(name)', which is no rack or piece of equipment; did you mean "
                    + "'\(near)'?"
            )
        }
    }

    private func checkWeatherStation() {
        guard let station = decoder.weatherStation else { return }
        let names = decoder.devices.map(\.value.equipment)
        guard !names.contains(station.value) else { return }
        let near = NearestName.candidates(for: station.value, in: names)
        let hint = near.isEmpty ? "add it to 'devices'" : "did you mean '\(near[0])'?"
        problems.warning(station.place, "no device serves the weather station '\(station.value)'; \(hint)")
    }

    /// More heat than the units behind it carry: the racks of a CDU against its capacity.
    private func checkRackPower() {
        for tank in plant.immersionTanks {
            let racks = plant.racks.filter { $0.immersionTank == tank.id }
            let heat = racks.reduce(0) { $0 + $1.nominalPower.watts * $1.liquidShare.fraction }
            guard heat > tank.capacity.watts, let place = decoder.equipmentNames.place(of: tank.id) else { continue }
            problems.warning(
                place,
                "the servers in immersion tank '\(tank.id)' give up to \(Self.kilowatts(heat)), more than its "
                    + "\(Self.kilowatts(tank.capacity.watts)); move racks or correct 'capacity' or 'power'"
            )
        }
        for unit in plant.coolantDistributionUnits {
            let racks = plant.racks.filter { $0.coolantDistributionUnit == unit.id }
            let heat = racks.reduce(0) { $0 + $1.nominalPower.watts * $1.liquidShare.fraction }
            guard heat > unit.capacity.watts, let place = decoder.equipmentNames.place(of: unit.id) else { continue }
            problems.warning(
                place,
                "the racks of CDU '\(unit.id)' (\(racks.count)) give up to \(Self.kilowatts(heat)) to their coolant, "
                    + "more than its \(Self.kilowatts(unit.capacity.watts)); move racks or correct 'capacity', 'power' "
                    + "or 'liquid_share'"
            )
        }
    }

    private static func kilowatts(_ watts: Double) -> String { NumberText.short((watts / 1e3).rounded()) + " kW" }

    private static func seconds(_ span: Duration) -> String { NumberText.short(span.inSeconds) + " s" }
}
