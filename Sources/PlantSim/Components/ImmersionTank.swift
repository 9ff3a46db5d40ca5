// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// The rated point of a single-phase immersion tank with its own exchanger.
package struct ImmersionTankRating: Hashable, Sendable {
    /// The equipment's identifier in the site.
    package var id: String
    /// Heat of the servers at the rated point.
    package var capacity: Power
    /// Fluid in the tank.
    package var volume: Volume
    /// Fluid through the exchanger at full pump speed.
    package var designFluidFlow: VolumeFlow
    /// Facility water with the valve open at design differential pressure.
    package var designWaterFlow: VolumeFlow
    /// Fluid to the servers minus facility water entering at the rated point.
    package var approach: TemperatureDifference
    /// Fluid to the servers that the tank's controller holds.
    package var supplySetpoint: Temperature
    /// Electrical power of the pumps at full speed.
    package var pumpPower: Power
    /// Dielectric fluid with the properties used throughout.
    package var fluid: LoopFluid

    /// - Parameters:
    ///   - id: The equipment's identifier in the site.
    ///   - capacity: Heat of the servers at the rated point.
    ///   - volume: Fluid in the tank; nil takes 6 L per kilowatt.
    ///   - approach: Fluid to the servers minus facility water entering at the rated point.
    ///   - supplySetpoint: Fluid to the servers that the tank's controller holds.
    ///   - fluid: nil takes a synthetic hydrocarbon of 40 °C: 820 kg/m³, 2,200 J/(kg K).
    package init(
        id: String,
        capacity: Power,
        volume: Volume? = nil,
        approach: TemperatureDifference = TemperatureDifference(kelvins: 5),
        supplySetpoint: Temperature = Temperature(celsius: 40),
        fluid: LoopFluid? = nil
    ) {
        let fluid =
            fluid
            ?? LoopFluid(
                density: Density(kilogramsPerCubicMeter: 820),
                specificHeat: SpecificHeat(joulesPerKilogramKelvin: 2_200)
            )
        self.id = id
        self.capacity = capacity
        self.volume = volume ?? Volume(liters: capacity.kilowatts * 6)
        self.approach = approach
        self.supplySetpoint = supplySetpoint
        self.fluid = fluid
        // 10 K on either side, 1 % of the heat for the pumps.
        let ofFluid = (fluid.density * fluid.specificHeat).joulesPerCubicMeterKelvin
        let ofWater = (LoopFluid.water.density * LoopFluid.water.specificHeat).joulesPerCubicMeterKelvin
        designFluidFlow = VolumeFlow(cubicMetersPerSecond: capacity.watts / 10 / ofFluid)
        designWaterFlow = VolumeFlow(cubicMetersPerSecond: capacity.watts / 10 / ofWater)
        pumpPower = capacity * 0.01
    }
}

/// A tank of dielectric fluid with servers in it, a plate exchanger to facility water, and its pump and valve.
///
/// Three masses: chips, fluid among the servers (three quarters of the tank) and fluid behind the exchanger (a
/// quarter). `C_1 dT_1/dt = P - G (T_1 - T_t)`, `C_t dT_t/dt = G (T_1 - T_t) + C (T_s - T_t) - U (T_t - T_room)`,
/// `C_s dT_s/dt = C (T_t - T_s) - R (T_t - T_w) + P_pump`, with `R = ε C_min` of the plates, solved together by
/// implicit Euler: stable at every step, and every joule is in one of them. Chips stand 30 K above the fluid at
/// capacity (time constant 60 s). With the pump off only the chips, the fluid and the room take part, which is the
/// ride-through: 6 L/kW warm by about 5 K a minute at full load. The tank loses 1 % of its capacity to a room 15 K
/// colder. The tank's controller moves the water valve (stroke 90 s) by proportional-integral action to hold the
/// fluid to the servers. Steps above 5 s are divided.
///
/// Masses and conductances are usual values of single-phase tanks, not those of one product. Valid below the fluid's
/// flash point; servers throttle long before.
package struct ImmersionTank: Sendable {
    /// What acts on a tank over a step.
    package struct Inputs: Sendable {
        /// Electrical power of the servers.
        package var serverHeat: Power
        package var facilityWaterEntering: Temperature
        /// Fluid to the servers that the controller holds; nil takes that of the rating.
        package var supplySetpoint: Temperature?
        /// Speed command of the pumps as a share of full speed.
        package var pumpSpeedCommand: Ratio
        /// Differential pressure of facility water at the tank over that at design.
        package var availablePressure: Ratio
        package var roomAir: Temperature

        package init(
            serverHeat: Power,
            facilityWaterEntering: Temperature,
            supplySetpoint: Temperature? = nil,
            pumpSpeedCommand: Ratio = .full,
            availablePressure: Ratio = .full,
            roomAir: Temperature = Temperature(celsius: 25)
        ) {
            self.serverHeat = serverHeat
            self.facilityWaterEntering = facilityWaterEntering
            self.supplySetpoint = supplySetpoint
            self.pumpSpeedCommand = pumpSpeedCommand
            self.availablePressure = availablePressure
            self.roomAir = roomAir
        }
    }

    /// What a tank did over a step.
    package struct Outputs: Hashable, Sendable {
        /// Fluid to the servers at the end of the step.
        package let supply: Temperature
        /// Fluid among the servers at the end of the step.
        package let tank: Temperature
        /// Chips at the end of the step.
        package let chip: Temperature
        /// Heat into facility water.
        package let heat: Power
        /// Heat into the room.
        package let roomHeat: Power
        package let facilityWaterFlow: MassFlow
        /// Mean temperature of the facility water that left.
        package let facilityWaterLeaving: Temperature
        package let valvePosition: Ratio
        package let pumpPower: Power
        /// The part of the pump power that the fluid takes up.
        package let pumpHeat: Power
    }

    package let rating: ImmersionTankRating
    /// The plates with their fouling.
    package var exchanger: PlateExchanger
    private var pump: Pump
    private var valve: Actuator
    private var controller: ProportionalIntegral
    /// Degrees Celsius: chips, fluid among the servers, fluid behind the exchanger.
    private var chip: Double
    private var tank: Double
    private var supply: Double
    /// Joules per kelvin.
    private let chipCapacity: Double
    private let tankCapacity: Double
    private let supplyCapacity: Double
    /// Watts per kelvin.
    private let chipConductance: Double
    private let roomConductance: Double

    private static let chipRise = 30.0
    private static let chipSeconds = 60.0
    private static let tankShare = 0.75
    private static let roomLoss = (share: 0.01, kelvins: 15.0)
    private static let valveStrokeSeconds = 90.0
    private static let longestStep = 5.0

    /// Starts at rest: everything at the setpoint, the fluid among the servers 8 K above it.
    package init(_ rating: ImmersionTankRating) {
        self.rating = rating
        let flow = rating.fluid.massFlow(rating.designFluidFlow)
        exchanger = PlateExchanger(
            designHeat: rating.capacity,
            approach: rating.approach,
            hotDesignFlow: flow,
            coldDesignFlow: LoopFluid.water.massFlow(rating.designWaterFlow),
            hotFluid: rating.fluid
        )
        pump = Pump(
            designFlow: flow,
            designHead: Pressure(kilopascals: 100),
            designPower: rating.pumpPower,
            initialSpeed: .full
        )
        valve = Actuator(position: Ratio(fraction: 0.3), strokeSeconds: Self.valveStrokeSeconds)
        controller = ProportionalIntegral(gain: 0.02, integralSeconds: 60, initial: Ratio(fraction: 0.3))
        let fluid = rating.fluid
        let content = (fluid.density * fluid.specificHeat).joulesPerCubicMeterKelvin * rating.volume.cubicMeters
        tankCapacity = max(content * Self.tankShare, 1)
        supplyCapacity = max(content * (1 - Self.tankShare), 1)
        chipConductance = max(rating.capacity.watts / Self.chipRise, 1e-3)
        chipCapacity = chipConductance * Self.chipSeconds
        roomConductance = rating.capacity.watts * Self.roomLoss.share / Self.roomLoss.kelvins
        supply = rating.supplySetpoint.celsius
        tank = supply + 8
        chip = tank
    }

    /// Heat above 0 °C in chips and fluid, in joules.
    package var storedHeat: Double { chipCapacity * chip + tankCapacity * tank + supplyCapacity * supply }

    /// Moves on by `dt` seconds.
    package mutating func step(_ inputs: Inputs, dt: Double) -> Outputs {
        let pumped = pump.step(speedCommand: inputs.pumpSpeedCommand, dt: dt)
        let rate = rating.fluid.capacityRate(pumped.flow).wattsPerKelvin
        let full =
            LoopFluid.water.massFlow(rating.designWaterFlow).kilogramsPerSecond
            * Libm.sqrt(max(inputs.availablePressure.fraction, 0))
        let parts = max((dt / Self.longestStep).rounded(.up), 1)
        var heat = 0.0
        var lost = 0.0
        var flow = 0.0
        for _ in 0..<Int(parts) {
            let error = supply - (inputs.supplySetpoint ?? rating.supplySetpoint).celsius
            valve.step(to: controller.step(error: error, dt: dt / parts), dt: dt / parts)
            let water = full * valve.position.fraction
            let passed = exchange(inputs, rate: rate, water: water, pumpHeat: pumped.fluidHeat.watts, dt: dt / parts)
            heat += passed.heat
            lost += passed.lost
            flow += water
        }
        heat /= parts
        flow /= parts
        let waterRate = flow * LoopFluid.water.specificHeat.joulesPerKilogramKelvin
        return Outputs(
            supply: Temperature(celsius: supply),
            tank: Temperature(celsius: tank),
            chip: Temperature(celsius: chip),
            heat: Power(watts: heat),
            roomHeat: Power(watts: lost / parts),
            facilityWaterFlow: MassFlow(kilogramsPerSecond: flow),
            facilityWaterLeaving: Temperature(
                celsius: inputs.facilityWaterEntering.celsius + (waterRate > 0 ? heat / waterRate : 0)
            ),
            valvePosition: valve.position,
            pumpPower: pumped.power,
            pumpHeat: pumped.fluidHeat
        )
    }

    /// One implicit step of the three masses.
    ///
    /// - Returns: Heat into facility water and into the room, in watts.
    private mutating func exchange(
        _ inputs: Inputs,
        rate: Double,
        water: Double,
        pumpHeat: Double,
        dt: Double
    ) -> (heat: Double, lost: Double) {
        guard dt > 0 else { return (0, 0) }
        let waterRate = water * LoopFluid.water.specificHeat.joulesPerKilogramKelvin
        let entering = inputs.facilityWaterEntering.celsius
        let room = inputs.roomAir.celsius
        var removal = 0.0
        if rate > 0, waterRate > 0 {
            removal = exchanger.effectiveness(hotRate: rate, coldRate: waterRate) * min(rate, waterRate)
        }
        // Chips and supply are eliminated: T_1 = f_1 + g_1 T_t and T_s = f_s + g_s T_t.
        let ofChip = chipCapacity / dt
        let ofTank = tankCapacity / dt
        let ofSupply = supplyCapacity / dt
        let chipConstant = (ofChip * chip + inputs.serverHeat.watts) / (ofChip + chipConductance)
        let chipSlope = chipConductance / (ofChip + chipConductance)
        let supplyConstant = (ofSupply * supply + removal * entering + pumpHeat) / (ofSupply + rate)
        let supplySlope = (rate - removal) / (ofSupply + rate)
        tank =
            (ofTank * tank + chipConductance * chipConstant + rate * supplyConstant + roomConductance * room)
            / (ofTank + chipConductance * (1 - chipSlope) + rate * (1 - supplySlope) + roomConductance)
        chip = chipConstant + chipSlope * tank
        supply = supplyConstant + supplySlope * tank
        return (removal * (tank - entering), roomConductance * (tank - room))
    }
}
