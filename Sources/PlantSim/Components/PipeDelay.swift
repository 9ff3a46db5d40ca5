// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Thermo

/// A pipe in plug flow: what enters leaves one volume later, unmixed.
///
/// The content is a queue of parcels of one temperature each; a parcel below 1/64 of the content is joined with the
/// next, so a front is smeared by at most that share. Mass and energy are conserved exactly.
///
/// A closed loop is cut at a pipe: ``draw(flow:dt:)`` tells what leaves before it is known what enters, then
/// ``feed(_:)`` puts in what came round. Both close the balance as long as a step moves no more than the content; a
/// longer step treats the content as one mixed cell, still conserving, and must stay below twice the content.
package struct PipeDelay: Hashable, Sendable {
    /// Mass of the content, in kilograms.
    package let mass: Double

    private struct Parcel: Hashable, Sendable {
        var mass: Double
        var celsius: Double
    }

    /// Ring of parcels, oldest at `first`; never grows.
    private var parcels: [Parcel]
    private var first = 0
    private var count = 1
    /// Mass drawn and not yet fed, in kilograms.
    private var owed = 0.0

    /// Parcels that a pipe full of small steps holds.
    private static let resolution = 64
    private static let slots = resolution + 8

    package init(volume: Volume, of fluid: LoopFluid = .water, temperature: Temperature) {
        mass = max(volume.cubicMeters * fluid.density.kilogramsPerCubicMeter, 1e-3)
        parcels = Array(repeating: Parcel(mass: 0, celsius: temperature.celsius), count: Self.slots)
        parcels[0].mass = mass
    }

    /// The mean temperature of the content.
    package var meanTemperature: Temperature {
        var weighted = 0.0
        var total = 0.0
        for position in 0..<count {
            let parcel = parcels[(first + position) % Self.slots]
            weighted += parcel.mass * parcel.celsius
            total += parcel.mass
        }
        return Temperature(celsius: total > 0 ? weighted / total : parcels[first].celsius)
    }

    /// Takes out what leaves in `dt` seconds.
    ///
    /// - Returns: The mean temperature of what left; with no flow that of what would leave next.
    package mutating func draw(flow: MassFlow, dt: Double) -> Temperature {
        owed = max(flow.kilogramsPerSecond * dt, 0)
        guard owed > 0 else { return Temperature(celsius: parcels[first].celsius) }
        guard owed < mass else { return meanTemperature }
        var rest = owed
        var weighted = 0.0
        while rest > 0 {
            let taken = min(rest, parcels[first].mass)
            weighted += taken * parcels[first].celsius
            rest -= taken
            parcels[first].mass -= taken
            if parcels[first].mass <= 0 {
                guard count > 1 else { break }
                first = (first + 1) % Self.slots
                count -= 1
            }
        }
        return Temperature(celsius: weighted / (owed - rest))
    }

    /// Puts in as much as was drawn, at one temperature.
    package mutating func feed(_ entering: Temperature) {
        guard owed > 0 else { return }
        defer { owed = 0 }
        guard owed < mass else {
            let mean = meanTemperature.celsius
            first = 0
            count = 1
            parcels[0] = Parcel(mass: mass, celsius: mean + owed / mass * (entering.celsius - mean))
            return
        }
        let last = (first + count - 1) % Self.slots
        let isSmall = parcels[last].mass < mass / Double(Self.resolution)
        if isSmall || count == Self.slots {
            let total = parcels[last].mass + owed
            let weighted = parcels[last].mass * parcels[last].celsius + owed * entering.celsius
            parcels[last] = Parcel(mass: total, celsius: weighted / total)
        } else {
            parcels[(last + 1) % Self.slots] = Parcel(mass: owed, celsius: entering.celsius)
            count += 1
        }
    }

    /// Draws and feeds at once, where what enters is already known; exact at every step.
    package mutating func step(entering: Temperature, flow: MassFlow, dt: Double) -> Temperature {
        let moved = flow.kilogramsPerSecond * dt
        if moved >= mass {
            let weighted = mass * meanTemperature.celsius + (moved - mass) * entering.celsius
            first = 0
            count = 1
            parcels[0] = Parcel(mass: mass, celsius: entering.celsius)
            return Temperature(celsius: weighted / moved)
        }
        let leaving = draw(flow: flow, dt: dt)
        feed(entering)
        return leaving
    }
}
