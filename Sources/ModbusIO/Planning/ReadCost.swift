// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// What a read costs a device, so that a plan can weigh one more request against registers nobody wants.
///
/// Counted in the time one byte takes on a serial line, because most slow devices sit on one behind a gateway. A
/// request costs 8 bytes, its reply 5 besides the data, two silences of 3.5 bytes (MODBUS over Serial Line V1.02,
/// section 2.5.1.1) and the device's own delay: 20 ms, or 38 bytes at 19,200 baud of 11 bits. A register adds 2.
package enum ReadCost {
    /// Of any read, in byte times.
    package static let ofRequest = 58
    /// Of each register, in byte times.
    package static let ofRegister = 2

    /// Of a read of so many registers or bits, in eighths of a byte time.
    package static func ofRead(_ count: Int, of table: RegisterTable) -> Int {
        8 * ofRequest + (table.holdsBits ? count : 8 * ofRegister * count)
    }
}
