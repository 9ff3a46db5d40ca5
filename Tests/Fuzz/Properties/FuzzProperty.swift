// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// Something that must hold whatever the bytes are.
///
/// The fuzzer looks for bytes that break one; the tests run the committed corpus through all of them.
package enum FuzzProperty: String, CaseIterable, Sendable {
    /// A frame is accepted only where all that it says agrees with the request.
    case frame
    /// What a codec encodes, it decodes again.
    case codec
    /// A device map that is accepted can be used.
    case map

    /// What is wrong, or nil where the property holds for these bytes.
    ///
    /// A trap is for the caller to see.
    package func violation(_ bytes: [UInt8]) -> String? {
        do throws(Violation) {
            switch self {
            case .frame: try FrameProperty.check(bytes)
            case .codec: try CodecProperty.check(bytes)
            case .map: try MapProperty.check(bytes)
            }
            return nil
        } catch {
            return error.text
        }
    }
}

/// How a property was broken.
struct Violation: Error {
    let text: String

    /// Throws where something that must hold does not.
    static func unless(_ holds: Bool, _ text: @autoclosure () -> String) throws(Violation) {
        if !holds { throw Violation(text: text()) }
    }
}
