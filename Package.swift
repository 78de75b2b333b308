// swift-tools-version: 6.2
import PackageDescription

let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, path: "Sources/\(name)", swiftSettings: house)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: exclude,
    swiftSettings: house)
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

    room("BankCore"),
    room("Files"),
    room("Cryptography", ["CLibCrypto"]),
    room("ManualLedger", ["BankCore", "Cryptography"]),
    room("BankService", ["BankCore", "ManualLedger", collections, logging]),
    room("ConnectionString", ["BankCore", "CLibPQ", "Files"]),
    room(
      "PostgresStore",
      ["BankCore", "BankService", "CLibPQ", "ConnectionString", "Cryptography", "Files"]),
    room("SQLiteStore", ["BankCore", "BankService", "Files", grdb]),
    room("Diagnosis", ["BankCore", "BankService"]),
    room("Settings", ["BankCore", "ConnectionString", "Files", "Screen", yams]),
    room("Host", ["BankCore", "BankService", "Files", "ManualLedger", system]),
    room(
      "Branch",
      [
        "BankCore", "BankService", "Cryptography", "Diagnosis", "Files", "Host", "Interchange",
        "ManualLedger", "Screen", "Settings", logging, system,
      ]),
    room(
      "Answers",
      [
        "BankCore", "BankService", "Branch", "Files", "Interchange", "ManualLedger", "Screen",
        "Settings",
      ]),
    room("Screen"),
    room("Console", ["BankCore", "Screen"]),
    room("Terminal", ["Screen", "CNcurses"]),
    room("Interchange", ["BankCore", "Files", yams]),
    room("BankTesting", ["BankCore", "BankService", "ManualLedger"]),
    .executableTarget(
      name: "daybook",
      dependencies: [
        "Answers", "BankCore", "BankService", "Branch", "ConnectionString", "Console", "Files",
        "Host", "Interchange", "ManualLedger", "PostgresStore", "SQLiteStore", "Screen", "Settings",
        "Terminal", arguments, logging, system,
      ],
      path: "Sources/daybook", swiftSettings: house),

    // Real parts for tests: a private PostgreSQL cluster, tmux, the built binary.
    .target(
      name: "RealParts", dependencies: [subprocess, system], path: "Tests/RealParts",
      swiftSettings: house),
    // The speed table, measured by `scripts/bench`.
    .executableTarget(
      name: "daybook-bench",
      dependencies: [
        "BankCore", "BankService", "BankTesting", "Host", "ManualLedger", "PostgresStore",
        "RealParts", "SQLiteStore", system,
      ],
      path: "Benchmarks", swiftSettings: house),
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
    // Writes a manual ledger until it is killed, for the tests of the room Host.
    .executableTarget(
      name: "LedgerProbe", dependencies: ["BankCore", "Host", "ManualLedger", system],
      path: "Tests/LedgerProbe", swiftSettings: house),
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
    // Shows what it is told on a real terminal, for the tests of the room Terminal.
    .executableTarget(
      name: "TerminalProbe", dependencies: ["Screen", "Terminal"], path: "Tests/TerminalProbe",
      swiftSettings: house),
    tests(
      "ScreenTests",
      [
        "BankCore", "BankTesting", "Screen", "Terminal", "CNcurses", "RealParts", "TerminalProbe",
        yams,
      ]),
    tests("ConsoleTests", ["BankCore", "BankTesting", "Console", "Screen"], exclude: ["Goldens"]),
    tests("InterchangeTests", ["BankCore", "Interchange"]),
    tests("HouseTests", []),
    tests("RealPartsTests", ["RealParts"]),
    // Dies in the middle of a configuration change, for the tests of the next start.
    .executableTarget(
      name: "ConfigProbe", dependencies: ["BankCore", "Host", "Settings"],
      path: "Tests/ConfigProbe", swiftSettings: house),
    tests("EndToEndTests", ["RealParts", "ConfigProbe"]),
  ]
)
