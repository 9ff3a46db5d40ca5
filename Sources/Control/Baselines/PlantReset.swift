// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// Resets differential pressure and supply temperature of facility water by what its consumers ask for.
///
/// From 0 to 50 % of the variable the differential pressure rises from its least to its design value with the water
/// at its warmest; from 50 to 100 % the water gets colder with the pressure at design (ASHRAE Guideline 36-2021,
/// 5.20.5.2). A consumer whose valve is open beyond 95 % asks once, until it is below 85 %.
struct PlantReset: Sendable {
    /// Facility water pumps' speed command.
    let pumpCommand: PointIndex?
    /// 0...1 of full speed.
    private(set) var pumpSpeed = 1.0
    private(set) var supplySetpoint: Temperature
    private let differentialPressure: PointIndex?
    private let valves: [PointIndex]
    private var asks: [Hysteresis]
    private var variable = TrimAndRespond()
    private var pumpLoop = PIDWithReset()
    private var hasTakenOver = false
    /// In pascals.
    private let designPressure: Double

    private static let warmest = Temperature(celsius: 22)
    private static let coldest = Temperature(celsius: 18)
    private static let leastPressure = 0.3
    private static let parameters = TrimAndRespondParameters(
        initial: 100,
        limits: 0...100,
        delay: .seconds(900),
        interval: .seconds(300),
        ignored: 2,
        trim: -2,
        respond: 3,
        respondMaximum: 9
    )
    private static let pump = PIDParameters(
        gain: 0.3,
        integralSeconds: 120,
        limits: 0.3...1,
        isReverseActing: true
    )

    /// - Returns: nil where the site has no facility water.
    init?(_ site: SiteDescription) {
        guard let water = site.plant.facilityWater else { return nil }
        let consumers = site.plant.coolantDistributionUnits.map(\.id) + site.plant.airHandlers.map(\.id)
        pumpCommand = site.index(equipment: water.id, PointName.pumpSpeedCommand)
        differentialPressure = site.index(equipment: water.id, PointName.differentialPressure)
        valves = consumers.compactMap { site.index(equipment: $0, PointName.valvePositionFeedback) }
        asks = valves.map { _ in Hysteresis() }
        designPressure = water.designHead.pascals
        supplySetpoint = Self.coldest
    }

    mutating func step(_ image: ProcessImage, dt: Duration) {
        for index in valves.indices {
            guard let position = image[valves[index]].usableValue else { continue }
            asks[index].step(position, low: 0.85, high: 0.95)
        }
        let requests = asks.count { $0.isOn }
        let share = variable.step(isOn: true, requests: requests, parameters: Self.parameters, dt: dt) / 100
        let pressure = Self.leastPressure + (1 - Self.leastPressure) * min(share * 2, 1)
        let colder = max(share * 2 - 1, 0)
        supplySetpoint = Self.warmest - (Self.warmest - Self.coldest) * colder
        guard let measured = image[differentialPressure].usableValue else {
            pumpSpeed = 1
            return
        }
        if !hasTakenOver {
            hasTakenOver = true
            pumpLoop.reset(to: image[pumpCommand].usableValue ?? 1)
        }
        pumpSpeed = pumpLoop.step(
            setpoint: pressure,
            measurement: measured / designPressure,
            parameters: Self.pump,
            dt: dt
        )
    }
}
