// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// One point of a device map: where it stands, how it is coded, what it means.
package struct MapPoint: Sendable {
    /// The canonical name, lower snake case: `active_power`.
    package var name: String
    package var summary: String
    package var table: RegisterTable
    /// The address on the wire, counted from 0.
    package var address: UInt16
    package var type: RegisterType
    package var wordOrder: WordOrder
    package var byteOrder: ByteOrder
    /// The unit after scale and offset; also tells the base unit.
    package var unit: SourceUnit
    /// What the raw number is multiplied with to give ``unit``.
    package var scale: Double
    /// What is added after ``scale``, in ``unit``.
    package var offset: Double
    /// The address of the register that tells how the raw number is scaled, same table: a signed power of ten to
    /// multiply with (SunSpec sunssf) or, where ``scaleCodes`` is set, a code.
    package var scaleFactorAddress: UInt16?
    /// What the codes at ``scaleFactorAddress`` mean; nil where that holds a power of ten.
    package var scaleCodes: ScaleCodes?
    package var sentinels: [Sentinel]
    /// Set where the scaled number must be taken apart to give a power factor.
    package var powerFactor: PowerFactorCoding?
    /// Names of the codes of an enumeration, in the map's order.
    package var labels: [EnumerationLabel]
    /// Values outside, in the base unit, read as bad with ``QualityCause/outOfRange``.
    package var validRange: ClosedRange<Double>?
    package var pollClass: PollClass
    /// Set where the value is a running total.
    package var counter: CounterBehavior?
    /// Plant time after which an unchanged value is doubtful while others of its device move; nil where it may rest.
    package var flatLineAfter: Duration?
    /// The most the value can move in a second of plant time, in the base unit; nil where nobody says.
    package var rateLimit: Double?
    /// What another point of the device must read so that this one means what the map says; nil where it always does.
    package var validWhile: PointCondition?
    /// Set where the point may be written.
    package var write: WriteBehavior?
    /// Whether the point can be read back at its own address.
    package var isReadable: Bool
    /// Where the facts of this point come from.
    package var source: String

    package init(
        name: String,
        summary: String = "",
        table: RegisterTable,
        address: UInt16,
        type: RegisterType,
        wordOrder: WordOrder = .highFirst,
        byteOrder: ByteOrder = .highFirst,
        unit: SourceUnit,
        scale: Double = 1,
        offset: Double = 0,
        scaleFactorAddress: UInt16? = nil,
        scaleCodes: ScaleCodes? = nil,
        sentinels: [Sentinel] = [],
        powerFactor: PowerFactorCoding? = nil,
        labels: [EnumerationLabel] = [],
        validRange: ClosedRange<Double>? = nil,
        pollClass: PollClass = .normal,
        counter: CounterBehavior? = nil,
        flatLineAfter: Duration? = nil,
        rateLimit: Double? = nil,
        validWhile: PointCondition? = nil,
        write: WriteBehavior? = nil,
        isReadable: Bool = true,
        source: String = ""
    ) {
        self.name = name
        self.summary = summary
        self.table = table
        self.address = address
        self.type = type
        self.wordOrder = wordOrder
        self.byteOrder = byteOrder
        self.unit = unit
        self.scale = scale
        self.offset = offset
        self.scaleFactorAddress = scaleFactorAddress
        self.scaleCodes = scaleCodes
        self.sentinels = sentinels
        self.powerFactor = powerFactor
        self.labels = labels
        self.validRange = validRange
        self.pollClass = pollClass
        self.counter = counter
        self.flatLineAfter = flatLineAfter
        self.rateLimit = rateLimit
        self.validWhile = validWhile
        self.write = write
        self.isReadable = isReadable
        self.source = source
    }

    /// The base unit of the decoded value.
    package var baseUnit: PointUnit { unit.base }
}

/// A register pattern that means "no value".
package struct Sentinel: Hashable, Sendable {
    /// The bits as an unsigned number of the type's width, after word and byte order.
    package let bits: UInt64
    /// What a reading with these bits is marked with.
    package let cause: QualityCause

    package init(bits: UInt64, cause: QualityCause = .notAvailable) {
        self.bits = bits
        self.cause = cause
    }
}

/// One code of an enumeration with its name.
package struct EnumerationLabel: Hashable, Sendable {
    package let code: Int
    package let name: String

    package init(code: Int, name: String) {
        self.code = code
        self.name = name
    }
}

/// How often a point is read.
package enum PollClass: String, CaseIterable, Sendable, Codable {
    /// Power, flow, temperatures a loop acts on, alarms: every cycle.
    case fast
    case normal
    /// Energy totals, hours.
    case slow
    /// Identity: after each connect.
    case once

    /// The interval in plant time where the site does not set one.
    package var defaultInterval: Duration {
        switch self {
        case .fast: .seconds(1)
        case .normal: .seconds(2)
        case .slow: .seconds(10)
        case .once: .seconds(3_600)
        }
    }
}

/// How a running total behaves.
package struct CounterBehavior: Hashable, Sendable {
    /// The value, in the base unit, at which the register starts again from zero; nil where it never does.
    package let rollover: Double?
    /// The step of the register in the base unit; nil for floating point totals.
    package let resolution: Double?

    package init(rollover: Double?, resolution: Double?) {
        self.rollover = rollover
        self.resolution = resolution
    }
}

/// How a point is written and what the device does with it.
package struct WriteBehavior: Sendable {
    /// Values outside, in the base unit, are never sent.
    package var range: ClosedRange<Double>
    package var function: WriteFunction
    /// Where the value is written when that is not where it is read.
    package var address: UInt16?
    /// The point that shows what the device made of the command, where it is another one.
    package var feedback: String?
    /// What must be true right before the write; nil where nothing must.
    package var precondition: PointCondition?
    /// How long the device may take until a read-back shows the value.
    package var settle: Duration
    /// How long it may take until ``feedback`` follows a value that reads back; nil for as long as ``settle``.
    package var feedbackSettle: Duration?
    /// How long the device follows a written value before its own watchdog drops it; nil where it keeps it.
    package var lease: Duration?
    /// The value, in the base unit, that gives the device back to its own controller.
    package var home: Double?
    /// The value, in the base unit, that the device shows after a restart; nil where it keeps the last one or the
    /// source does not say.
    package var restartValue: Double?
    /// Whether each write wears out non-volatile memory.
    package var isStored: Bool

    package init(
        range: ClosedRange<Double>,
        function: WriteFunction,
        address: UInt16? = nil,
        feedback: String? = nil,
        precondition: PointCondition? = nil,
        settle: Duration = .seconds(2),
        feedbackSettle: Duration? = nil,
        lease: Duration? = nil,
        home: Double? = nil,
        restartValue: Double? = nil,
        isStored: Bool = false
    ) {
        self.range = range
        self.function = function
        self.address = address
        self.feedback = feedback
        self.precondition = precondition
        self.settle = settle
        self.feedbackSettle = feedbackSettle
        self.lease = lease
        self.home = home
        self.restartValue = restartValue
        self.isStored = isStored
    }
}

/// What a point of the same device must read: "remote control on" for a write, "degC" for a temperature.
package struct PointCondition: Hashable, Sendable {
    /// The point's name in the same map.
    package let point: String
    /// The values, in that point's base unit, that meet the condition.
    package let range: ClosedRange<Double>

    package init(point: String, range: ClosedRange<Double>) {
        self.point = point
        self.range = range
    }
}

/// The Modbus function a point is written with.
package enum WriteFunction: String, CaseIterable, Sendable, Codable {
    case singleCoil = "single_coil"
    case singleRegister = "single_register"
    case multipleCoils = "multiple_coils"
    case multipleRegisters = "multiple_registers"
    case maskRegister = "mask_register"

    /// 5, 6, 15, 16 or 22.
    package var code: UInt8 {
        switch self {
        case .singleCoil: 5
        case .singleRegister: 6
        case .multipleCoils: 15
        case .multipleRegisters: 16
        case .maskRegister: 22
        }
    }
}
