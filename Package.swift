// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, path: "Sources/\(name)", swiftSettings: settings)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: exclude,
    swiftSettings: settings)
}

// Not the product Collections: it brings every collection there is, half a minute of compiling.
let collections = Target.Dependency.product(
  name: "OrderedCollections", package: "swift-collections")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let arguments = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

// The program brings the Swift runtime along: it starts without hundreds of thousands of relocations, and
// runs where no toolchain is. What a module of Foundation asks of the linker itself when it is compiled
// for this stands in the list.
let ownRuntime: [LinkerSetting] =
  [.unsafeFlags(["-static-stdlib"])]
  + [
    "FoundationInternationalization", "FoundationEssentials", "CoreFoundation", "_FoundationICU",
    "_FoundationCShims", "_FoundationCollections",
  ].map { .linkedLibrary($0) }

let package = Package(
  name: "daybook",
  products: [
    .executable(name: "daybook", targets: ["daybook"]),
    .executable(name: "daybook-bench", targets: ["daybook-bench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    .systemLibrary(name: "CLibCrypto", path: "Sources/CLibCrypto"),
    .systemLibrary(name: "CLibPQ", path: "Sources/CLibPQ"),
    .target(
      name: "CNcurses", path: "Sources/CNcurses",
      cSettings: [.define("_XOPEN_SOURCE_EXTENDED", to: "1"), .define("_GNU_SOURCE", to: "1")],
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),

    module("BankCore"),
    module("Files"),
    module("Cryptography", ["CLibCrypto"]),
    module("ManualLedger", ["BankCore", "Cryptography"]),
    module("BankService", ["BankCore", "ManualLedger", collections, logging]),
    module("ConnectionString", ["BankCore", "CLibPQ", "Files"]),
    module(
      "PostgresStore",
      ["BankCore", "BankService", "CLibPQ", "ConnectionString", "Cryptography", "Files"]),
    module("SQLiteStore", ["BankCore", "BankService", "Files", grdb]),
    module("Diagnosis", ["BankCore", "BankService"]),
    module("Settings", ["BankCore", "ConnectionString", "Files", "Screen", yams]),
    module("Host", ["BankCore", "BankService", "Files", "ManualLedger", system]),
    module(
      "Branch",
      [
        "BankCore", "BankService", "Cryptography", "Diagnosis", "Files", "Host", "Interchange",
        "ManualLedger", "Screen", "Settings", logging, system,
      ]),
    module(
      "Answers",
      [
        "BankCore", "BankService", "Branch", "Files", "Interchange", "ManualLedger", "Screen",
        "Settings",
      ]),
    module("Screen"),
    module("Console", ["BankCore", "Screen"]),
    module("Terminal", ["Screen", "CNcurses"]),
    module("Interchange", ["BankCore", "Files", yams]),
    module("BankTesting", ["BankCore", "BankService", "ManualLedger"]),
    .executableTarget(
      name: "daybook",
      dependencies: [
        "Answers", "BankCore", "BankService", "Branch", "ConnectionString", "Console", "Files",
        "Host", "Interchange", "ManualLedger", "PostgresStore", "SQLiteStore", "Screen", "Settings",
        "Terminal", arguments, logging, system,
      ],
      path: "Sources/daybook", swiftSettings: settings, linkerSettings: ownRuntime),

    // Real parts for tests: a private PostgreSQL cluster, tmux, the built binary.
    .target(
      name: "RealParts", dependencies: [subprocess, system], path: "Tests/RealParts",
      swiftSettings: settings),
    // The speed table, measured by `scripts/bench`.
    .executableTarget(
      name: "daybook-bench",
      dependencies: [
        "BankCore", "BankService", "BankTesting", "Host", "ManualLedger", "PostgresStore",
        "RealParts", "SQLiteStore", system,
      ],
      path: "Benchmarks", swiftSettings: settings),
    tests("BankCoreTests", ["BankCore", "BankTesting"]),
    tests("CryptographyTests", ["Cryptography", "RealParts"]),
    tests("ManualLedgerTests", ["BankCore", "ManualLedger", "BankTesting"]),
    tests("BankServiceTests", ["BankCore", "BankService", "ManualLedger", "BankTesting"]),
    tests(
      "StoreContractTests",
      [
        "BankCore", "BankService", "BankTesting", "ManualLedger", "PostgresStore", "SQLiteStore",
        "RealParts",
      ]),
    // Writes a manual ledger until it is killed, for the tests of the module Host.
    .executableTarget(
      name: "LedgerProbe", dependencies: ["BankCore", "Host", "ManualLedger", system],
      path: "Tests/LedgerProbe", swiftSettings: settings),
    tests(
      "HostTests",
      [
        "BankCore", "BankService", "BankTesting", "Files", "ManualLedger", "Host", "RealParts",
        "LedgerProbe", system,
      ]),
    tests(
      "DiagnosisTests",
      [
        "BankCore", "BankService", "BankTesting", "ConnectionString", "Diagnosis", "PostgresStore",
        "RealParts",
      ]),
    tests(
      "ConnectionStringTests",
      ["BankCore", "CLibPQ", "ConnectionString", "RealParts"]),
    tests(
      "BranchTests",
      [
        "BankCore", "BankService", "BankTesting", "Branch", "Diagnosis", "Files", "Interchange",
        "ManualLedger", "Settings", logging,
      ]),
    tests(
      "AnswersTests",
      [
        "Answers", "BankCore", "BankService", "BankTesting", "Branch", "Interchange",
        "ManualLedger", "Screen", "Settings",
      ]),
    tests("SettingsTests", ["BankCore", "Screen", "Settings"]),
    // Shows what it is told on a real terminal, for the tests of the module Terminal.
    .executableTarget(
      name: "TerminalProbe", dependencies: ["Screen", "Terminal"], path: "Tests/TerminalProbe",
      swiftSettings: settings),
    tests(
      "ScreenTests",
      [
        "BankCore", "BankTesting", "Screen", "Terminal", "CNcurses", "RealParts", "TerminalProbe",
        yams,
      ]),
    tests("ConsoleTests", ["BankCore", "BankTesting", "Console", "Screen"], exclude: ["Goldens"]),
    tests("InterchangeTests", ["BankCore", "Interchange"]),
    tests("ConventionTests", []),
    tests("RealPartsTests", ["RealParts"]),
    // Dies in the middle of a configuration change, for the tests of the next start.
    .executableTarget(
      name: "ConfigProbe", dependencies: ["BankCore", "Host", "Settings"],
      path: "Tests/ConfigProbe", swiftSettings: settings),
    tests("EndToEndTests", ["RealParts", "ConfigProbe"]),
  ]
)
