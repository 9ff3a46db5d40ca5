// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// What a Modbus exception code means for the one who asked (MODBUS Application Protocol V1.1b3, section 7).
package struct ModbusException: Hashable, Sendable {
    package let code: UInt8

    package init(code: UInt8) { self.code = code }

    /// The cause that readings carry.
    package var cause: QualityCause {
        switch code {
        case 2: .illegalAddress
        case 5, 6: .deviceBusy
        case 10, 11: .gatewayTargetFailed
        default: .exceptionReply
        }
    }

    /// The standard's name with the code, for operators and logs.
    package var name: String {
        let word =
            switch code {
            case 1: "illegal function"
            case 2: "illegal data address"
            case 3: "illegal data value"
            case 4: "server device failure"
            case 5: "acknowledge"
            case 6: "server device busy"
            case 8: "memory parity error"
            case 10: "gateway path unavailable"
            case 11: "gateway target device failed to respond"
            default: "not in the standard"
            }
        return "exception \(code) (\(word))"
    }

    /// Whether the device will refuse the same read again: illegal function, address or value.
    package var isLasting: Bool { (1...3).contains(code) }

    /// Whether a gateway says that the unit behind it does not answer.
    package var isUnitUnreachable: Bool { code == 10 || code == 11 }
}
