// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// What one target may import.
struct ModuleRule: Sendable {
    enum Layer: Sendable {
        /// No clock, file, socket, thread, log or Foundation.
        case pure
        /// Owns one thing of the outside world, and knows no other adapter.
        case adapter
        case shell
        case program
        /// A module map around a C library, imported by one target.
        case library
    }

    let name: String
    let layer: Layer
    let imports: Set<String>

    init(_ name: String, _ layer: Layer, _ imports: Set<String> = []) {
        self.name = name
        self.layer = layer
        self.imports = imports
    }
}

/// The architecture as a table: who may import whom.
enum ModuleTable {
    /// Modules of the toolchain that all but the pure targets may use.
    static let system: Set<String> = [
        "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Synchronization",
    ]

    static let rules: [ModuleRule] = [
        ModuleRule("Thermo", .pure),
        ModuleRule("Plant", .pure, ["Thermo"]),
        ModuleRule("KPI", .pure, ["Plant", "Thermo"]),
        ModuleRule("Control", .pure, ["Plant", "Thermo"]),
        ModuleRule("PlantSim", .pure, ["Plant", "Thermo"]),

        ModuleRule("ModbusIO", .adapter, ["CModbus", "Plant", "Thermo"]),
        ModuleRule("Store", .adapter, ["CZstd", "GRDB", "Plant", "Thermo"]),
        ModuleRule("SiteFiles", .adapter, ["Plant", "Thermo", "Yams"]),
        ModuleRule(
            "Observe",
            .adapter,
            [
                "CCrypt", "CZlib", "HTTPTypes", "Hummingbird", "HummingbirdCore", "HummingbirdTLS", "Logging",
                "NIOCore", "NIOPosix", "NIOSSL", "Plant", "ServiceLifecycle", "Thermo",
            ]
        ),
        ModuleRule(
            "Upstream",
            .adapter,
            [
                "AsyncHTTPClient", "CSnappy", "Logging", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL", "Plant",
                "SwiftProtobuf", "Thermo",
            ]
        ),
        ModuleRule("OperatorView", .adapter, ["CNCurses", "Plant", "Thermo"]),

        ModuleRule(
            "Agent",
            .shell,
            [
                "Control", "KPI", "Logging", "ModbusIO", "Observe", "Plant", "ServiceLifecycle", "SiteFiles", "Store",
                "Thermo", "UnixSignals", "Upstream",
            ]
        ),
        ModuleRule("Simulation", .shell, ["Control", "KPI", "Plant", "PlantSim", "Thermo"]),
        ModuleRule(
            "thermocline",
            .program,
            [
                "Agent", "ArgumentParser", "Control", "KPI", "Logging", "ModbusIO", "Observe", "OperatorView", "Plant",
                "PlantSim", "ServiceLifecycle", "Simulation", "SiteFiles", "Store", "Thermo", "UnixSignals", "Upstream",
            ]
        ),
        ModuleRule(
            "facility-sim",
            .program,
            [
                "ArgumentParser", "Logging", "ModbusIO", "Plant", "PlantSim", "ServiceLifecycle", "SiteFiles", "Thermo",
                "UnixSignals",
            ]
        ),

        ModuleRule("CModbus", .library),
        ModuleRule("CNCurses", .library),
        ModuleRule("CSnappy", .library),
        ModuleRule("CZstd", .library),
        ModuleRule("CZlib", .library),
        ModuleRule("CCrypt", .library),
    ]

    /// Files that may import more than their target: the one place where the pure targets meet libm.
    static let exceptions: [String: Set<String>] = ["Sources/Thermo/Libm.swift": ["Glibc", "Musl"]]

    static func rule(_ module: String) -> ModuleRule? { rules.first { $0.name == module } }

    static func names(_ layer: ModuleRule.Layer) -> Set<String> {
        Set(rules.filter { $0.layer == layer }.map(\.name))
    }
}
