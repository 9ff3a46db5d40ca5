// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// What is known of one product's Modbus registers; read from `devicemaps/<vendor>_<model>.yaml`.
package struct DeviceMap: Sendable {
    /// The file's name without extension: `schneider_iem3000`.
    package var name: String
    package var title: String
    package var vendor: String
    package var model: String
    package var category: DeviceCategory
    package var confirmation: Confirmation
    /// The unit id the product leaves the works with, 0...255; nil where none is stated.
    package var defaultUnit: Int?
    /// The Modbus function codes the product answers; empty where the source does not list them.
    package var functions: [UInt8]
    /// Where the facts come from, one line a source.
    package var sources: [String]
    package var limits: RequestLimits
    package var identity: IdentityProbe?
    package var points: [MapPoint]
    package var goldenVectors: [GoldenVector]
    /// Set where a device's models are found by walking them; ``points`` then are those of all models, each once.
    package var sunSpec: SunSpecModels?

    /// The unit id to ask where nobody names one.
    package var usualUnit: UInt8 { defaultUnit.flatMap { UInt8(exactly: $0) } ?? 1 }

    package init(
        name: String,
        title: String = "",
        vendor: String = "",
        model: String = "",
        category: DeviceCategory,
        confirmation: Confirmation,
        defaultUnit: Int? = nil,
        functions: [UInt8] = [],
        sources: [String] = [],
        limits: RequestLimits = RequestLimits(),
        identity: IdentityProbe? = nil,
        points: [MapPoint],
        goldenVectors: [GoldenVector] = []
    ) {
        self.name = name
        self.title = title
        self.vendor = vendor
        self.model = model
        self.category = category
        self.confirmation = confirmation
        self.defaultUnit = defaultUnit
        self.functions = functions
        self.sources = sources
        self.limits = limits
        self.identity = identity
        self.points = points
        self.goldenVectors = goldenVectors
    }

    /// The point of this name, or nil.
    package func point(named name: String) -> MapPoint? { points.first { $0.name == name } }
}

/// What kind of product a map describes.
package enum DeviceCategory: String, CaseIterable, Sendable, Codable {
    case powerMeter = "power_meter"
    case branchCircuitMonitor = "branch_circuit_monitor"
    case powerDistributionUnit = "power_distribution_unit"
    case powerShelf = "power_shelf"
    case batteryShelf = "battery_shelf"
    case uninterruptiblePowerSupply = "uninterruptible_power_supply"
    case coolantDistributionUnit = "coolant_distribution_unit"
    case rearDoorHeatExchanger = "rear_door_heat_exchanger"
    case pump
    case valve
    case chiller
    case refrigerationController = "refrigeration_controller"
    case airHandler = "air_handler"
    case coolingTower = "cooling_tower"
    case heatPump = "heat_pump"
    case heatMeter = "heat_meter"
    case flowMeter = "flow_meter"
    case waterMeter = "water_meter"
    case variableSpeedDrive = "variable_speed_drive"
    case weatherStation = "weather_station"
    case roomSensor = "room_sensor"
    case plantController = "plant_controller"
}

/// How well the facts of a map are confirmed.
package enum Confirmation: String, CaseIterable, Sendable, Codable {
    /// Two or more independent sources agree, or an official published model.
    case independentSources = "independent_sources"
    /// One good source: vendor text, or open-source work used with real hardware.
    case oneGoodSource = "one_good_source"
    /// One secondary transcription whose base and word order are known.
    case secondary
    /// A product that exists only in the simulator.
    case simulated
    /// To be filled in by the owner from the vendor's list.
    case template
}

/// What a device bears: sizes, pauses and time-outs of requests.
package struct RequestLimits: Hashable, Sendable {
    /// Registers one read may ask for, 1...125.
    package var maximumRegistersPerRead: Int
    /// Coils or discrete inputs one read may ask for, 1...2000.
    package var maximumBitsPerRead: Int
    /// Registers nobody asked for that one read may bridge.
    package var maximumGap: Int
    package var oneRequestPerPoint: Bool
    /// Whether reads of registers must begin at an even address and ask for an even number of them.
    package var evenReads: Bool
    /// Runs of addresses that the device gives together or not at all.
    package var wholeBlocks: [RegisterRange]
    /// Ranges that must never be part of a read.
    package var prohibited: [RegisterRange]
    /// How long a reply may take at most, in wall time: the ceiling of time-outs that follow a device's own replies.
    package var responseTimeout: Duration
    /// How long a reply may take at least, in wall time: the floor of those time-outs, where it is the shorter one.
    package var responseTimeoutFloor: Duration
    /// Pause between connecting and the first request, in wall time.
    package var pauseAfterConnect: Duration
    /// Pause between a reply and the next request, in wall time.
    package var pauseBetweenRequests: Duration

    package init(
        maximumRegistersPerRead: Int = 125,
        maximumBitsPerRead: Int = 2_000,
        maximumGap: Int = 16,
        oneRequestPerPoint: Bool = false,
        evenReads: Bool = false,
        wholeBlocks: [RegisterRange] = [],
        prohibited: [RegisterRange] = [],
        responseTimeout: Duration = .seconds(1),
        responseTimeoutFloor: Duration = .milliseconds(250),
        pauseAfterConnect: Duration = .zero,
        pauseBetweenRequests: Duration = .zero
    ) {
        self.maximumRegistersPerRead = maximumRegistersPerRead
        self.maximumBitsPerRead = maximumBitsPerRead
        self.maximumGap = maximumGap
        self.oneRequestPerPoint = oneRequestPerPoint
        self.evenReads = evenReads
        self.wholeBlocks = wholeBlocks
        self.prohibited = prohibited
        self.responseTimeout = responseTimeout
        self.responseTimeoutFloor = responseTimeoutFloor
        self.pauseAfterConnect = pauseAfterConnect
        self.pauseBetweenRequests = pauseBetweenRequests
    }
}

/// A run of addresses of one table.
package struct RegisterRange: Hashable, Sendable {
    package let table: RegisterTable
    /// First address, counted from 0.
    package let address: UInt16
    /// How many, at least 1; address + count is at most 65536.
    package let count: Int

    package init(table: RegisterTable, address: UInt16, count: Int) {
        self.table = table
        self.address = address
        self.count = count
    }

    /// The address behind the last one, up to 65536.
    package var end: Int { Int(address) + count }

    package func overlaps(_ other: RegisterRange) -> Bool {
        table == other.table && Int(address) < other.end && Int(other.address) < end
    }
}

/// The registers that tell whether the device is the product the map describes.
package struct IdentityProbe: Hashable, Sendable {
    package let table: RegisterTable
    package let address: UInt16
    package let type: RegisterType
    /// Any of these numbers or, for text, any of these prefixes is accepted.
    package let accepted: [String]

    package init(table: RegisterTable, address: UInt16, type: RegisterType, accepted: [String]) {
        self.table = table
        self.address = address
        self.type = type
        self.accepted = accepted
    }
}

/// Register words with the values they mean: the test that travels with a map.
package struct GoldenVector: Hashable, Sendable {
    /// The point's name.
    package let point: String
    /// The words as they stand on the wire; 0 or 1 for coils and discrete inputs.
    package let words: [UInt16]
    /// The value in the point's source unit; nil where the words mean "no value".
    package let value: Double?
    /// The text for a string point.
    package let text: String?
    /// The word in the scale-factor register, for points that have one.
    package let scaleFactorWord: UInt16?

    package init(
        point: String,
        words: [UInt16],
        value: Double?,
        text: String? = nil,
        scaleFactorWord: UInt16? = nil
    ) {
        self.point = point
        self.words = words
        self.value = value
        self.text = text
        self.scaleFactorWord = scaleFactorWord
    }
}
