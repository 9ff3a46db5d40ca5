// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import PlantSim
import Simulation
import SiteFiles

/// Weather and load as the command line names them.
struct SimulateInputs {
    let site: SiteDescription

    /// Where neither the site nor the command line says when.
    var defaultStart: Timestamp {
        site.simulation?.start ?? CalendarTime(year: 2_026, month: 1, day: 1).timestamp
    }

    func surroundings(weather: String?) throws -> RunSurroundings {
        guard let weather else { return RunSurroundings() }
        do throws(InputTextError) {
            return try RunSurroundings(weather: weather, of: site, contents: SiteFiles.inputText)
        } catch {
            throw fault(weather, error)
        }
    }

    func facility(load text: String) throws -> FacilitySettings {
        let prefix = "constant:"
        switch text {
        case "mixed": return FacilitySettings()
        case "training": return FacilitySettings(trainingShare: 1)
        case "inference": return FacilitySettings(trainingShare: 0)
        case _ where text.hasPrefix(prefix):
            guard let share = Double(text.dropFirst(prefix.count)), (0...1).contains(share) else {
                printError("simulate: '\(text)' is no load; write constant:0.8 for a utilisation of 80 %")
                throw ExitStatus.input
            }
            return try trace("hours,utilisation\n0,\(share)\n1,\(share)", text)
        default: return try trace(nil, text)
        }
    }

    /// The trace of a text, or where there is none, of the file at the path.
    private func trace(_ content: String?, _ path: String) throws -> FacilitySettings {
        do throws(InputTextError) {
            let text = if let content { content } else { try SiteFiles.inputText(of: path) }
            return FacilitySettings(profile: .trace(try LoadTrace(commaSeparated: text)))
        } catch {
            throw fault(path, error)
        }
    }

    private func fault(_ path: String, _ error: InputTextError) -> any Error {
        printError(error.description(in: path))
        return ExitStatus.input
    }
}

/// Prices that turn a run into money; what is left out costs nothing.
struct Tariff: Decodable {
    /// Three-letter code, shown with every amount.
    let currency: String
    /// Per kilowatt hour across the boundary.
    let electricity: Double?
    /// Per kilowatt of the highest quarter of an hour, once for the run.
    let peak: Double?
    /// Per cubic metre of make-up water.
    let water: Double?
    /// Paid to the site per megawatt hour of heat handed off.
    let heat: Double?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case currency
        case electricity = "electricity_per_kilowatt_hour"
        case peak = "peak_per_kilowatt"
        case water = "water_per_cubic_meter"
        case heat = "heat_per_megawatt_hour"
    }

    init(path: String) throws {
        func fault(_ message: String) -> any Error {
            printError("\(path): \(message)")
            return ExitStatus.input
        }
        guard let data = FileManager.default.contents(atPath: path) else { throw fault("cannot be read") }
        let known = CodingKeys.allCases.map(\.rawValue)
        guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
            throw fault("is no JSON object; give \(known.joined(separator: ", "))")
        }
        if let stranger = object.keys.sorted().first(where: { !known.contains($0) }) {
            throw fault("'\(stranger)' is not known; give \(known.joined(separator: ", "))")
        }
        do { self = try JSONDecoder().decode(Tariff.self, from: data) } catch {
            throw fault("currency must be text and every price a number")
        }
    }

    /// What a run costs, less what heat earned.
    func cost(_ energy: RunEnergy) -> Double {
        let used = energy.facility * (electricity ?? 0) + energy.peakPower * (peak ?? 0)
        return used + energy.water * (water ?? 0) - energy.heatExported / 1_000 * (heat ?? 0)
    }
}
