// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// How far a value may be trusted, in the four steps that OPC UA and IEC 61850 users know.
package enum Quality: UInt8, CaseIterable, Comparable, Sendable, Codable {
    /// Read within three of its poll intervals and plausible.
    case good = 0
    /// Readable but doubtful: interpolated, out of its expected range, from a disagreeing sensor.
    case uncertain = 1
    /// The last good value, too old to be current.
    case stale = 2
    /// No usable value.
    case bad = 3

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The word shown on screen and in exports.
    package var word: String {
        switch self {
        case .good: "good"
        case .uncertain: "uncertain"
        case .stale: "stale"
        case .bad: "bad"
        }
    }
}

/// Why a reading is not good.
///
/// Raw values are stored on disk: never renumber, only append.
package enum QualityCause: UInt8, CaseIterable, Sendable, Codable {
    case none = 0
    /// No reply has been received since the agent started.
    case notYetRead = 1
    case connectionRefused = 2
    case connectionLost = 3
    case timeout = 4
    /// The device answered with a Modbus exception other than the more precise ones below.
    case exceptionReply = 5
    case illegalAddress = 6
    /// Exceptions 0x0A and 0x0B: the gateway cannot reach the unit.
    case gatewayTargetFailed = 7
    case deviceBusy = 8
    /// The reply was not a frame that answers the request.
    case malformedReply = 9
    /// The register held the product's "not available" value.
    case notAvailable = 10
    /// The register held the product's "sensor absent" value.
    case sensorAbsent = 11
    case outOfRange = 12
    case notANumber = 13
    /// A scale-factor register held no usable exponent, or a code that the map does not know.
    case scaleFactorInvalid = 14
    /// The whole block read as zeros although its points cannot all be zero.
    case allZeroBlock = 15
    case tooOld = 16
    /// The device's identity registers do not match its map.
    case identityMismatch = 17
    case interpolated = 18
    case sensorsDisagree = 19
    /// The value has not moved while its peers did.
    case flatLine = 20
    /// A value computed here whose inputs were not good.
    case inputsNotGood = 21
    /// The address was found unreadable and is retried rarely.
    case knownBadRange = 22
    /// The endpoint's host name could not be looked up.
    case hostUnknown = 23
    /// A running total fell, or jumped as a read torn between two words does; held until the next reads agree.
    case counterInDoubt = 24
    /// The device answers, but its identity registers cannot be read.
    case identityUnconfirmed = 25
    /// No SunSpec marker stands at any of its addresses.
    case sunSpecMarkerMissing = 26
    /// A SunSpec device without a model that its map reads, or whose models cannot be walked.
    case sunSpecModelsUnknown = 27
    /// The value moved faster than what it measures can.
    case movedTooFast = 28
    /// A setting of the device is not the one that its map is for, so the value means something else.
    case settingDiffers = 29

    /// The words shown on screen and in exports.
    package var words: String {
        switch self {
        case .none: ""
        case .notYetRead: "not yet read"
        case .connectionRefused: "connection refused"
        case .connectionLost: "connection lost"
        case .timeout: "no reply in time"
        case .exceptionReply: "device exception"
        case .illegalAddress: "illegal address"
        case .gatewayTargetFailed: "gateway cannot reach unit"
        case .deviceBusy: "device busy"
        case .malformedReply: "malformed reply"
        case .notAvailable: "not available"
        case .sensorAbsent: "sensor absent"
        case .outOfRange: "out of range"
        case .notANumber: "not a number"
        case .scaleFactorInvalid: "scale factor invalid"
        case .allZeroBlock: "block reads all zero"
        case .tooOld: "too old"
        case .identityMismatch: "identity mismatch"
        case .interpolated: "interpolated"
        case .sensorsDisagree: "sensors disagree"
        case .flatLine: "flat line"
        case .inputsNotGood: "inputs not good"
        case .knownBadRange: "address known to be unreadable"
        case .hostUnknown: "host name unknown"
        case .counterInDoubt: "counter in doubt"
        case .identityUnconfirmed: "identity unconfirmed"
        case .sunSpecMarkerMissing: "no SunSpec marker"
        case .sunSpecModelsUnknown: "no SunSpec model of its map"
        case .movedTooFast: "moved too fast"
        case .settingDiffers: "device setting differs from the map"
        }
    }
}
