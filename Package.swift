// swift-tools-version: 6.2
import PackageDescription

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "thermocline",
    products: [
        .executable(name: "thermocline", targets: ["thermocline"]),
        .executable(name: "facility-sim", targets: ["facility-sim"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        // Pure: no clock, file, socket, thread, log or Foundation.
        .target(name: "Thermo"),
        .target(name: "Plant", dependencies: ["Thermo"]),
        .target(name: "KPI", dependencies: ["Plant", "Thermo"]),
        .target(name: "Control", dependencies: ["Plant", "Thermo"]),
        .target(name: "PlantSim", dependencies: ["Plant", "Thermo"]),

        // Adapters: each owns one thing of the outside world.
        .target(name: "ModbusIO", dependencies: ["CModbus", "Plant", "Thermo"]),
        .target(name: "Store", dependencies: ["Plant", "Thermo", .product(name: "GRDB", package: "GRDB.swift")]),
        .target(name: "SiteFiles", dependencies: ["Plant", "Thermo", .product(name: "Yams", package: "Yams")]),
        .target(
            name: "Observe",
            dependencies: [
                "Plant", "Thermo",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                logging, serviceLifecycle,
            ]
        ),
        .target(
            name: "Upstream",
            dependencies: [
                "Plant", "Thermo",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
                "CSnappy",
            ],
            exclude: ["RemoteWrite/remote_write.proto"]
        ),
        .target(name: "OperatorView", dependencies: ["CNCurses", "Plant", "Thermo"]),

        // Shell: the cycle on real clocks.
        .target(
            name: "Agent",
            dependencies: [
                "Control", "KPI", "ModbusIO", "Observe", "Plant", "SiteFiles", "Store", "Thermo", "Upstream", logging,
                serviceLifecycle,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),

        // Shell: plant, control and key figures in virtual time.
        .target(name: "Simulation", dependencies: ["Control", "KPI", "Plant", "PlantSim", "Thermo"]),

        // Programs.
        .executableTarget(
            name: "thermocline",
            dependencies: [
                "Agent", "Control", "KPI", "ModbusIO", "Observe", "OperatorView", "Plant", "PlantSim", "Simulation",
                "SiteFiles", "Store", "Thermo", "Upstream", argumentParser, logging, serviceLifecycle,
            ]
        ),
        .executableTarget(
            name: "facility-sim",
            dependencies: ["ModbusIO", "Plant", "PlantSim", "SiteFiles", "Thermo", argumentParser],
            path: "simulators/facility-sim"
        ),

        .executableTarget(
            name: "thermocline-bench",
            dependencies: ["Agent", "Plant", "PlantSim", "Simulation", "SiteFiles"],
            path: "Benchmarks/thermocline-bench"
        ),
        .executableTarget(
            name: "plant-bench",
            dependencies: ["Plant", "PlantSim", "Simulation", "SiteFiles"],
            path: "Benchmarks/plant-bench"
        ),
        .executableTarget(
            name: "plant-floors",
            dependencies: ["Plant", "PlantSim", "Simulation", "SiteFiles", "Thermo"],
            path: "Benchmarks/plant-floors"
        ),
        .executableTarget(
            name: "acquisition-bench",
            dependencies: ["ModbusIO", "Plant"],
            path: "Benchmarks/acquisition-bench"
        ),

        // C libraries, one importer each.
        .systemLibrary(name: "CModbus", pkgConfig: "libmodbus", providers: [.apt(["libmodbus-dev"])]),
        .systemLibrary(name: "CNCurses", providers: [.apt(["libncurses-dev"])]),
        .systemLibrary(name: "CSnappy", providers: [.apt(["libsnappy-dev"])]),

        // Tests.
        .target(name: "TestKit", dependencies: ["Plant", "Thermo"], path: "Tests/TestKit"),
        .testTarget(name: "ThermoTests", dependencies: ["TestKit", "Thermo"]),
        .testTarget(name: "PlantTests", dependencies: ["Plant", "TestKit", "Thermo"]),
        .testTarget(name: "KPITests", dependencies: ["KPI", "Plant", "TestKit", "Thermo"]),
        .testTarget(name: "ControlTests", dependencies: ["Control", "Plant", "TestKit", "Thermo"]),
        .testTarget(
            name: "ClosedLoopTests",
            dependencies: ["Control", "KPI", "Plant", "PlantSim", "Simulation", "SiteFiles", "TestKit", "Thermo"]
        ),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["Plant", "PlantSim", "Simulation", "SiteFiles", "TestKit", "Thermo"],
            exclude: ["golden"]
        ),
        .testTarget(name: "PlantSimTests", dependencies: ["Plant", "PlantSim", "TestKit", "Thermo"]),
        .testTarget(
            name: "ModbusIOTests",
            dependencies: ["ModbusIO", "Plant", "TestKit", "Thermo"],
            exclude: ["oracles"]
        ),
        .testTarget(
            name: "SiteFilesTests",
            dependencies: ["Plant", "SiteFiles", "TestKit", "Thermo"],
            exclude: ["Golden"]
        ),
        .testTarget(
            name: "StoreTests",
            dependencies: ["Plant", "Store", "TestKit", "Thermo"],
            exclude: ["golden"]
        ),
        .testTarget(
            name: "ObserveTests",
            dependencies: [
                "Observe", "Plant", "TestKit", "Thermo", "Upstream",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                logging, serviceLifecycle,
            ],
            exclude: ["golden"]
        ),
        .testTarget(
            name: "AgentTests",
            dependencies: ["Agent", "Control", "KPI", "Observe", "Plant", "Store", "TestKit", "Thermo", logging]
        ),
        .testTarget(
            name: "UpstreamTests",
            dependencies: ["Plant", "TestKit", "Thermo", "Upstream"],
            exclude: ["oracles"]
        ),
        .testTarget(
            name: "OperatorViewTests",
            dependencies: ["OperatorView", "Plant", "TestKit", "Thermo"],
            exclude: ["golden"]
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["ModbusIO", "Plant", "SiteFiles", "TestKit", "Thermo", "facility-sim", "thermocline"],
            exclude: ["oracles"]
        ),
        .testTarget(name: "TidyTests", dependencies: ["TestKit"]),
        .target(
            name: "FuzzProperties",
            dependencies: ["ModbusIO", "Plant", "SiteFiles"],
            path: "Tests/Fuzz/Properties"
        ),
        .executableTarget(name: "thermocline-fuzz", dependencies: ["FuzzProperties"], path: "Tests/Fuzz/Program"),
        .testTarget(name: "FuzzTests", dependencies: ["FuzzProperties", "TestKit"], path: "Tests/Fuzz/ReplayTests"),
    ]
)

// One set of settings for every Swift target; the features are those of SE-0335, 0384, 0409, 0444, 0458 and 0461.
for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .treatAllWarnings(as: .error),
        .strictMemorySafety(),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("ImmutableWeakCaptures"),
        .enableUpcomingFeature("InferIsolatedConformances"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ]
}
