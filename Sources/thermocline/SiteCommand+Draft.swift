// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModbusIO
import Plant

/// A first site file from what a survey found: devices as they answered, and what to add as comments.
struct SiteDraft {
    let id: String
    let found: [SurveyedDevice]
    let silent: [SilentDevice]

    /// One address with its devices.
    private struct Place {
        let id: String
        let host: String
        let port: UInt16
        var devices: [(id: String, device: SurveyedDevice)]
    }

    var text: String {
        let places = places
        var text = """
            # A draft from \(Self.plural(found.count, "device")) that answered; "#" marks what is yours to decide.
            # Every key: docs/site-format.md. Check it with: thermocline check FILE

            format: 1

            site: {id: \(id)}             # add: name, and jurisdiction (two letters of ISO 3166-1, such as SE)

            endpoints:

            """
        for place in places { text += "  - {id: \(place.id), host: \(Self.quoted(place.host)), port: \(place.port)}\n" }
        text += "\ndevices:\n"
        for place in places {
            for entry in place.devices { text += line(entry.id, entry.device, at: place.id) }
        }
        text += silentLines + meterLines(places)
        return text
    }

    // MARK: Endpoints and devices

    /// Addresses in the order they were asked for, each once, with an id for everything.
    private var places: [Place] {
        var places: [Place] = []
        var taken = Set(found.compactMap(\.wish.id))
        var given: Set<String> = []
        for device in found {
            var name = device.wish.id ?? Self.category(device.map)
            // An id that was asked for twice, as by a scan, is numbered like one that was made up.
            if device.wish.id == nil || !given.insert(name).inserted {
                let stem = name
                name = Self.firstFree(1...) { "\(stem)-\($0)" }(&taken)
            }
            let host = device.wish.host
            if let position = places.firstIndex(where: { $0.host == host && $0.port == device.wish.port }) {
                places[position].devices.append((name, device))
            } else {
                places.append(
                    Place(
                        id: "address-\(places.count + 1)",
                        host: host,
                        port: device.wish.port,
                        devices: [(name, device)]
                    )
                )
            }
        }
        return places
    }

    private static func firstFree(
        _ numbers: PartialRangeFrom<Int>,
        _ name: @escaping (Int) -> String
    ) -> (inout Set<String>) -> String {
        { taken in
            for number in numbers where taken.insert(name(number)).inserted { return name(number) }
            return name(0)
        }
    }

    private func line(_ id: String, _ device: SurveyedDevice, at endpoint: String) -> String {
        var keys = ["id: \(id)"]
        if let equipment = device.wish.equipment { keys.append("equipment: \(equipment)") }
        keys += ["endpoint: \(endpoint)", "unit: \(device.unit)", "map: \(device.map.name)"]
        return "  # \(Self.findings(device))\n  - {\(keys.joined(separator: ", "))}\n"
    }

    /// What one look showed, for whoever decides whether this is the device they think it is.
    private static func findings(_ device: SurveyedDevice) -> String {
        var parts = [device.map.title.isEmpty ? device.map.name : device.map.title]
        if let identity = device.look.identity {
            switch (identity.answer, identity.isAccepted) {
            case (let answer?, true): parts.append("identity \(answer) as the map expects")
            case (let answer?, false): parts.append("CALLS ITSELF \(answer), WHICH THE MAP IS NOT FOR")
            case (nil, _): parts.append("identity not read: \(identity.cause.words)")
            }
        }
        let readable = zip(device.look.points, device.map.points).filter { $0.1.isReadable }
        let good = readable.filter { $0.0.quality == .good }
        parts.append("\(good.count) of \(readable.count) points good")
        let findings = OrderFindings(device.look, map: device.map)
        let absurd = findings.hints.flatMap(\.points).count + findings.unexplained.count
        if absurd > 0 { parts.append("\(plural(absurd, "IMPLAUSIBLE VALUE")), see 'thermocline probe'") }
        let shown = ["active_power", "supply_temperature", "active_energy_import", "heat_power"]
        let telling = good.first { shown.contains($0.0.name) } ?? good.first { $0.0.text == nil }
        if let (seen, point) = telling {
            parts.append("\(seen.name) \(ProbeText.number(seen.value, point)) \(point.unit.spelling)")
        }
        // A line break in a device's own text would end the comment.
        return parts.joined(separator: "; ").split { $0.isNewline }.joined(separator: " ")
    }

    private var silentLines: String {
        guard !silent.isEmpty else { return "" }
        let lines = silent.map { device in
            let reason = device.reason.split { $0.isNewline }.joined(separator: " ")
            return "# \(device.wish.host) port \(device.wish.port), map \(device.wish.map): \(reason)\n"
        }
        return "\n# No answer; add them when they answer:\n" + lines.joined()
    }

    // MARK: Meters

    /// Devices with a running total can be meters; where they stand is not in their registers.
    private func meterLines(_ places: [Place]) -> String {
        var lines = ""
        for entry in places.flatMap(\.devices) {
            for (carrier, point, rated) in Self.carriers
            where entry.device.map.point(named: point)?.counter != nil {
                lines += "#  - {device: \(entry.id), place: boundary, carrier: \(carrier), rated: \(rated)}\n"
            }
        }
        guard !lines.isEmpty else { return "" }
        return """

            # Which device meters what: boundary, ups_output, pdu_output, it_input, rack, cooling, water_input, ...
            # 'rated' is the most the meter can ever see; a meter at a rack needs the rack in 'racks', and its device
            # 'equipment: RACK'.
            #meters:
            \(lines)
            """
    }

    private static let carriers = [
        ("electricity", "active_energy_import", "1 MW"), ("heat", "heat_energy", "1 MW"),
        ("water", "water_volume", "10 m3/h"), ("natural_gas", "fuel_energy", "1 MW"),
    ]

    // MARK: Words

    private static func category(_ map: DeviceMap) -> String { map.category.rawValue.replacing("_", with: "-") }

    private static func quoted(_ host: String) -> String {
        host.wholeMatch(of: /[A-Za-z][A-Za-z0-9._-]*|[0-9]+(\.[0-9]+){3}/) == nil ? "\"\(host)\"" : host
    }

    private static func plural(_ count: Int, _ noun: String) -> String {
        count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
    }
}
