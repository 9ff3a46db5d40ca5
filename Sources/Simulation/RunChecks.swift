// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import KPI
import Plant
package import PlantSim

/// What the plant has moved until a moment, and what it holds then.
package struct PlantAccount: Hashable, Sendable {
    package var balance: PlantBalance
    /// Heat above 0 °C, in joules.
    package var storedHeat: Double
    /// What tower basins lack to their full level, in kilograms: water that was lost and is made up later.
    package var lackingWater: Double

    package init(balance: PlantBalance = PlantBalance(), storedHeat: Double = 0, lackingWater: Double = 0) {
        self.balance = balance
        self.storedHeat = storedHeat
        self.lackingWater = lackingWater
    }

    init(_ facility: Facility) {
        balance = facility.balance ?? PlantBalance()
        storedHeat = facility.storedHeat ?? 0
        lackingWater = facility.lackingWater ?? 0
    }
}

extension BalanceClosure {
    /// Takes in what the plant did between two moments.
    package mutating func judge(from before: PlantAccount, to after: PlantAccount) {
        let (was, now) = (before.balance, after.balance)
        let released = now.released - was.released
        let heat =
            released + now.machines - was.machines - (now.rejected - was.rejected) - (now.exported - was.exported)
            - (after.storedHeat - before.storedHeat)
        worstHeat = Self.worst(worstHeat, heat, of: released)
        let makeUp = now.makeUp - was.makeUp
        let losses = now.evaporation - was.evaporation + now.drift - was.drift + now.blowdown - was.blowdown
        let water = makeUp - losses + after.lackingWater - before.lackingWater
        worstWater = Self.worst(worstWater, water, of: max(makeUp, losses))
    }

    /// The larger of a share so far and a rest of a whole; what is no number is never small.
    private static func worst(_ share: Double, _ rest: Double, of whole: Double) -> Double {
        guard rest.isFinite, whole.isFinite else { return .infinity }
        return whole > 0 ? max(share, abs(rest) / whole) : share
    }
}

/// Whether heat and water of each day are accounted for.
struct BalanceWatch: Sendable {
    private(set) var closure = BalanceClosure()
    private var account: PlantAccount
    private var dayStart: Timestamp

    private static let day = Duration.seconds(86_400)

    init(_ facility: Facility) {
        account = PlantAccount(facility)
        dayStart = facility.time
    }

    func isDue(_ time: Timestamp) -> Bool { time - dayStart >= Self.day }

    /// Closes the last, broken day where it is long enough to judge.
    mutating func finish(_ facility: Facility) {
        if facility.time - dayStart >= .seconds(3_600) { close(facility) }
    }

    /// Closes a day.
    mutating func close(_ facility: Facility) {
        let now = PlantAccount(facility)
        closure.judge(from: account, to: now)
        account = now
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
