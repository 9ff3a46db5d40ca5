// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The models of one SunSpec device as they stand in its registers: a marker, then model behind model.
///
/// Every model begins with its id and the length of what follows, so that one that nobody knows can be passed over;
/// the id 0xFFFF ends the chain (SunSpec Device Information Model Specification, "Model Discovery"). The registers
/// are holding registers.
package struct SunSpecChain: Hashable, Sendable {
    /// One model of a device.
    package struct Model: Hashable, Sendable {
        /// The SunSpec model id, 1...65534.
        package let id: UInt16
        /// The address of the register that holds the id, counted from 0.
        package let address: Int
        /// Registers behind those of id and length.
        package let length: Int

        package init(id: UInt16, address: Int, length: Int) {
            self.id = id
            self.address = address
            self.length = length
        }

        /// The address behind the model's last register.
        package var end: Int { address + SunSpecChain.headerLength + length }
    }

    /// What stands at the beginning: the text "SunS".
    package static let marker: [UInt16] = [0x5375, 0x6E53]
    /// The addresses that may hold the marker, counted from 0, in the order they are tried.
    package static let bases = [40_000, 50_000, 0]
    /// The id that ends a chain.
    package static let endIdentifier: UInt16 = 0xFFFF
    /// Registers of id and length.
    package static let headerLength = 2

    /// The address of the marker, counted from 0.
    package let base: Int
    /// In the order of their addresses.
    package let models: [Model]

    package init(base: Int, models: [Model]) {
        self.base = base
        self.models = models
    }

    /// A chain of these ids and lengths, one behind the other.
    package init(base: Int = 40_000, _ models: [(id: UInt16, length: Int)]) {
        var next = base + Self.marker.count
        self.base = base
        self.models = models.map { entry in
            let model = Model(id: entry.id, address: next, length: entry.length)
            next = model.end
            return model
        }
    }

    /// Where the end of the chain stands, or the next model would.
    package var end: Int { models.last?.end ?? base + Self.marker.count }

    /// The first model with one of these ids; nil where the device has none of them.
    package func first(of ids: [UInt16]) -> Model? { models.first { ids.contains($0.id) } }

    /// The chain for people: `1, 203 from 40000`.
    package var description: String { "\(models.map { "\($0.id)" }.joined(separator: ", ")) from \(base)" }
}
