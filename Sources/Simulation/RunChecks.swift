// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import KPI
import Plant
import PlantSim

/// Whether heat and water of each day are accounted for.
struct BalanceWatch: Sendable {
    private(set) var closure = BalanceClosure()
    private var balance: PlantBalance
    private var stored: Double
    private var dayStart: Timestamp

    private static let day = Duration.seconds(86_400)

    init(_ facility: Facility) {
        balance = facility.balance ?? PlantBalance()
        stored = facility.storedHeat ?? 0
        dayStart = facility.time
    }

    func isDue(_ time: Timestamp) -> Bool { time - dayStart >= Self.day }

    /// Closes the last, broken day where it is long enough to judge.
    mutating func finish(_ facility: Facility) {
        if facility.time - dayStart >= .seconds(3_600) { close(facility) }
    }

    /// Closes a day.
    mutating func close(_ facility: Facility) {
        guard let now = facility.balance, let storedNow = facility.storedHeat else { return }
        let released = now.released - balance.released
        let rest =
            released + now.machines - balance.machines - (now.rejected - balance.rejected)
            - (now.exported - balance.exported) - (storedNow - stored)
        let makeUp = now.makeUp - balance.makeUp
        let water =
            makeUp - (now.evaporation - balance.evaporation) - (now.drift - balance.drift)
            - (now.blowdown - balance.blowdown)
        if released > 0 { closure.worstHeat = max(closure.worstHeat, abs(rest) / released) }
        if makeUp > 0 { closure.worstWater = max(closure.worstWater, abs(water) / makeUp) }
        balance = now
        stored = storedNow
        dayStart = facility.time
    }
}

/// The site's own meters and key-figure engine beside the plant's balances: both must tell the same energy.
struct MeterWatch: Sendable {
    private var engine: KPIEngine
    private var totals: [MeterTotal] = []
    private var next = Timestamp(milliseconds: .min)
    private let boundary: [(position: Int, sign: Double)]

    /// How often meters are read: no window is looked at, and registers bridge any gap.
    private static let interval = Duration.seconds(21_600)

    /// - Returns: nil where the site does not meter its boundary.
    init?(_ site: SiteDescription) {
        boundary = site.meters.enumerated().filter { $0.element.place == .boundary }.map {
            ($0.offset, Double($0.element.sign))
        }
        guard !boundary.isEmpty, site.meters.allSatisfy({ $0.place != .generator }),
            let engine = KPIEngine.make(site: site).0
        else { return nil }
        self.engine = engine
    }

    func isDue(_ time: Timestamp) -> Bool { time >= next }

    mutating func step(_ image: ProcessImage) {
        totals = engine.step(image).totals
        next = image.time + Self.interval
    }

    /// How far the metered energy of the boundary is from the true one in joules, as a share.
    func deviation(from joules: Double, _ plant: SimulatedSite) -> Double? {
        var (last, plant) = (self, plant)
        plant.read()
        if plant.image.time > next - Self.interval { last.step(plant.image) }
        let metered = last.boundary.reduce(0) { $0 + $1.sign * Double(last.totals[$1.position].total) }
        // Registers show whole steps, so a short run cannot be judged by them.
        guard joules > 3.6e9 * 24 else { return nil }
        return abs(metered - joules) / joules
    }
}
