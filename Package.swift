// swift-tools-version: 6.3
import PackageDescription

let common: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// Tests reach for raw identifiers and fixtures; they keep the language mode, not memory strictness.
let testing: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "minewarden",
    products: [
        .executable(name: "minewardend", targets: ["minewardend"]),
        .executable(name: "minewarden", targets: ["minewarden"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        // Pure rooms: no I/O, neither Glibc nor a system interface.
        .target(name: "Diagnostics", swiftSettings: common),
        .target(name: "YAML", dependencies: ["Diagnostics", "CYAML"], swiftSettings: common),
        .target(
            name: "RuleLanguage",
            dependencies: ["Diagnostics", "CRE2"],
            swiftSettings: common
        ),
        .target(
            name: "Policy",
            dependencies: ["Diagnostics", "RuleLanguage", "YAML"],
            swiftSettings: common
        ),
        .target(name: "Signals", swiftSettings: common),
        .target(name: "JSON", swiftSettings: common),
        .target(name: "Containers", dependencies: ["JSON"], swiftSettings: common),
        .target(name: "ControlProtocol", dependencies: ["JSON"], swiftSettings: common),

        // The kernel and the system.
        .target(
            name: "LinuxSystem",
            dependencies: [
                "CLinux", "CMessageDigest", "CNetlink",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: common
        ),
        .target(
            name: "Agent",
            dependencies: [
                "Containers", "ControlProtocol", "Diagnostics", "JSON", "LinuxSystem", "Policy",
                "RuleLanguage", "Signals",
            ],
            swiftSettings: common
        ),

        .executableTarget(
            name: "minewardend",
            dependencies: ["Agent", "LinuxSystem"],
            swiftSettings: common
        ),
        .target(name: "JournalReading", dependencies: ["CJournal"], swiftSettings: common),
        .target(
            name: "Commands",
            dependencies: [
                "ControlProtocol", "Diagnostics", "JournalReading", "LinuxSystem", "Policy",
                "RuleLanguage", "Signals",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: common
        ),
        .executableTarget(
            name: "minewarden",
            dependencies: ["Commands"],
            swiftSettings: common
        ),

        // Programs for developers; not installed.
        .target(name: "CAllocationCount", path: "Benchmarks/rules/count"),
        .executableTarget(
            name: "rule-benchmark",
            dependencies: ["CAllocationCount", "Policy", "RuleLanguage"],
            path: "Benchmarks/rules/program",
            swiftSettings: testing
        ),

        .target(
            name: "FuzzTargets",
            dependencies: ["Diagnostics", "Policy", "RuleLanguage", "YAML"],
            path: "Tests/Fuzzing/Targets",
            swiftSettings: testing
        ),

        // C: shims with a reason each, and Debian's libraries.
        .target(name: "CLinux"),
        .target(
            name: "CRE2",
            dependencies: ["CRE2Library"],
            linkerSettings: [.linkedLibrary("re2")]
        ),
        // Not through pkg-config: re2.pc carries -pthread, which SwiftPM refuses with a warning.
        .systemLibrary(name: "CRE2Library", providers: [.apt(["libre2-dev"])]),
        .systemLibrary(
            name: "CYAML",
            pkgConfig: "yaml-0.1",
            providers: [.apt(["libyaml-dev"])]
        ),
        .systemLibrary(
            name: "CNetlink",
            pkgConfig: "libnl-genl-3.0",
            providers: [.apt(["libnl-3-dev", "libnl-genl-3-dev"])]
        ),
        // The command line only; the daemon writes to the journal by itself.
        .systemLibrary(
            name: "CJournal",
            pkgConfig: "libsystemd",
            providers: [.apt(["libsystemd-dev"])]
        ),
        .systemLibrary(
            name: "CMessageDigest",
            pkgConfig: "libmd",
            providers: [.apt(["libmd-dev"])]
        ),

        .testTarget(
            name: "DiagnosticsTests",
            dependencies: ["Diagnostics"],
            swiftSettings: testing
        ),
        .testTarget(
            name: "YAMLTests",
            dependencies: ["YAML", "Diagnostics"],
            swiftSettings: testing
        ),
        .testTarget(
            name: "RuleLanguageTests",
            dependencies: ["RuleLanguage", "Diagnostics"],
            swiftSettings: testing
        ),
        .testTarget(
            name: "PolicyTests",
            dependencies: ["Policy", "RuleLanguage", "YAML", "Diagnostics"],
            swiftSettings: testing
        ),
        .testTarget(name: "SignalsTests", dependencies: ["Signals"], swiftSettings: testing),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: testing),
        .testTarget(
            name: "ContainersTests",
            dependencies: ["Containers", "JSON"],
            swiftSettings: testing
        ),
        .testTarget(
            name: "ControlProtocolTests",
            dependencies: ["ControlProtocol", "JSON"],
            swiftSettings: testing
        ),
        .testTarget(
            name: "LinuxSystemTests",
            dependencies: ["LinuxSystem", "CLinux"],
            swiftSettings: testing
        ),
        .testTarget(
            name: "AgentTests",
            dependencies: [
                "Agent", "Containers", "ControlProtocol", "LinuxSystem", "Policy",
                "RuleLanguage", "Signals",
            ],
            swiftSettings: testing
        ),
        .testTarget(
            name: "CommandsTests",
            dependencies: [
                "Commands", "Diagnostics", "Policy", "RuleLanguage", "Signals", "minewarden",
                "minewardend",
            ],
            swiftSettings: testing
        ),
        .testTarget(
            name: "FuzzingTests",
            dependencies: ["FuzzTargets"],
            swiftSettings: testing
        ),
        .testTarget(
            name: "LiveTests",
            dependencies: ["CLinux"],
            swiftSettings: testing
        ),
    ],
    cxxLanguageStandard: .cxx17
)

// libFuzzer brings its own `main`, so the program is there only when it is asked for.
if Context.environment["MINEWARDEN_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "rule-fuzzer",
            dependencies: ["FuzzTargets"],
            path: "Tests/Fuzzing/Program",
            swiftSettings: testing + [.unsafeFlags(["-parse-as-library"])]
        )
    )
}
