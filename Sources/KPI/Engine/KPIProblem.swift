// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

/// Why key figures cannot be computed for a site: what, where, and what to do.
package struct KPIProblem: Hashable, Sendable, CustomStringConvertible {
    /// The part of the site file: `meters: ups-1 at ups_output`.
    package let place: String
    package let what: String
    package let remedy: String

    package var description: String { "\(place): \(what); \(remedy)" }
}

extension KPIProblem {
    static func noPoint(_ place: String, counter: String, rate: String) -> KPIProblem {
        KPIProblem(
            place: place,
            what: "the device has neither \(counter) nor \(rate)",
            remedy: "name a device whose map has one of them"
        )
    }

    static func wrongUnit(_ place: String, point: String, is unit: PointUnit, needs: PointUnit) -> KPIProblem {
        KPIProblem(
            place: place,
            what: "\(point) is in \(unit.rawValue), where \(needs.rawValue) is needed",
            remedy: "correct the unit of the point in the device map"
        )
    }

    /// Ten gigawatts: beyond any site, and far from what would fill 64 bits.
    private static let largestRate = 1e10

    /// Everything that is wrong with the meter tree and the settings, in site order.
    static func all(in site: SiteDescription) -> [KPIProblem] {
        var problems = settings(site.kpis)
        var seen: Set<MeterDescription.Key> = []
        for meter in site.meters {
            let place = "meters: \(meter.device) at \(meter.place.rawValue)"
            func note(_ what: String, _ remedy: String) {
                problems.append(KPIProblem(place: place, what: what, remedy: remedy))
            }
            if !meter.place.carriers.contains(meter.carrier) {
                note(
                    "\(meter.carrier.rawValue) cannot be metered there",
                    "use one of: \(meter.place.carriers.map(\.rawValue).joined(separator: ", "))"
                )
            }
            if !(meter.ratedRate > 0 && meter.ratedRate <= largestRate) {
                note(
                    "the rated rate of \(meter.ratedRate) is not above 0 and up to 1e10",
                    "give the largest rate the meter can see, in watts or cubic metres per second"
                )
            }
            if meter.sign != 1, meter.sign != -1 { note("the sign is \(meter.sign)", "use 1 or -1") }
            if !seen.insert(MeterDescription.Key(meter)).inserted {
                note("the device stands there twice", "remove one of the two")
            }
            if meter.place == .rack {
                let equipment = site.devices.first { $0.id == meter.device }?.equipment
                if !site.plant.racks.contains(where: { $0.id == equipment }) {
                    note("the device serves no rack of the plant", "set the device's equipment to a rack's id")
                }
            }
        }
        return problems
    }

    private static func settings(_ settings: KPISettings) -> [KPIProblem] {
        var problems: [KPIProblem] = []
        if !(1...3).contains(settings.category) {
            problems.append(
                KPIProblem(place: "kpis: category", what: "\(settings.category) is none", remedy: "use 1, 2 or 3")
            )
        }
        if let share = settings.renewableShare, !(0...1).contains(share) {
            problems.append(
                KPIProblem(place: "kpis: renewable share", what: "\(share) is no share", remedy: "use 0 to 1")
            )
        }
        if let intensity = settings.carbonIntensityGramsPerKilowattHour, !(intensity >= 0 && intensity.isFinite) {
            problems.append(
                KPIProblem(place: "kpis: carbon intensity", what: "\(intensity) is below zero", remedy: "use 0 or more")
            )
        }
        return problems
    }
}

extension MeterDescription {
    /// What tells one meter of a site from another.
    struct Key: Hashable {
        let device: String
        let place: MeterPlace

        init(device: String, place: MeterPlace) {
            self.device = device
            self.place = place
        }

        init(_ meter: MeterDescription) { self.init(device: meter.device, place: meter.place) }
    }
}

extension MeterPlace {
    /// What can be metered at this place.
    var carriers: [EnergyCarrier] {
        switch self {
        case .boundary: [.electricity, .naturalGas, .diesel, .districtCooling]
        case .generator: [.electricity, .naturalGas, .diesel]
        case .upsOutput, .pduOutput, .itInput, .rack, .cooling, .heatUpgrade: [.electricity]
        case .heatHandOff, .heatReturned, .heatRemoved: [.heat, .districtCooling]
        case .waterInput: [.water]
        }
    }
}
