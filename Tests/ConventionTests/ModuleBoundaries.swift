/// Which module may import what. SwiftPM lets a target import modules that it never declared, so
/// the boundaries between them hold only because of this table and its test.
enum ModuleBoundaries {
  static let allowed: [String: Set<String>] = [
    "BankCore": [],
    "Files": ["Glibc"],
    "Cryptography": ["CLibCrypto"],
    "ManualLedger": ["BankCore", "Cryptography"],
    "BankService": [
      "BankCore", "ManualLedger", "Logging", "OrderedCollections",
    ],
    "ConnectionString": ["BankCore", "CLibPQ", "Files", "Foundation", "Glibc"],
    "PostgresStore": [
      "BankCore", "BankService", "CLibPQ", "ConnectionString", "Cryptography", "Files",
      "Foundation", "Glibc", "Synchronization",
    ],
    "SQLiteStore": [
      "BankCore", "BankService", "Dispatch", "Files", "Foundation", "GRDB", "Glibc",
      "Synchronization",
    ],
    "Diagnosis": ["BankCore", "BankService", "Synchronization"],
    "Settings": ["BankCore", "ConnectionString", "Files", "Foundation", "Screen", "Yams"],
    "Host": [
      "BankCore", "BankService", "Dispatch", "Files", "Foundation", "Glibc", "ManualLedger",
      "Synchronization", "SystemPackage",
    ],
    "Branch": [
      "BankCore", "BankService", "Cryptography", "Diagnosis", "Files", "Foundation", "Host",
      "Interchange", "Logging", "ManualLedger", "Screen", "Settings", "Synchronization",
      "SystemPackage",
    ],
    "Answers": [
      "BankCore", "BankService", "Branch", "Files", "Foundation", "Interchange", "ManualLedger",
      "Screen", "Settings", "Synchronization",
    ],
    "Screen": ["Synchronization"],
    "Console": ["BankCore", "Screen"],
    "Terminal": ["CNcurses", "Glibc", "Screen", "Synchronization"],
    "Interchange": ["BankCore", "Files", "Foundation", "Yams"],
    "BankTesting": ["BankCore", "BankService", "ManualLedger", "Synchronization"],
    "daybook": [
      "Answers", "ArgumentParser", "BankCore", "BankService", "Branch", "ConnectionString",
      "Console",
      "Files", "Foundation", "Host", "Interchange", "Logging", "ManualLedger",
      "PostgresStore", "SQLiteStore", "Screen", "Settings", "Synchronization", "SystemPackage",
      "Terminal",
    ],
    // C; they include what they wrap.
    "CNcurses": [],
    "CLibCrypto": [],
    "CLibPQ": [],
  ]

  /// The imports that the table does not allow, and files in modules that it does not know.
  static func findings(
    in files: [ProjectFile], allowed: [String: Set<String>] = allowed
  ) -> [Finding] {
    files.flatMap { file -> [Finding] in
      guard let module = file.folder(below: "Sources") else { return [] }
      guard let imports = allowed[module] else {
        return [Finding(file.path, "the table knows no module \(module)")]
      }
      guard file.isSwift else { return [] }
      return Self.imports(of: file).filter { !imports.contains($0.module) }.map {
        Finding(file.path, line: $0.line, "\(module) may not import \($0.module)")
      }
    }
  }

  /// The modules and products that Package.swift lets a module depend on, beyond the table.
  static func findings(inPackage package: ProjectFile) -> [Finding] {
    let declaration = #/\bmodule\("(?<module>\w+)"(?:, \[(?<dependencies>[^\]]*)\])?\)/#
    return package.text.matches(of: declaration).flatMap { match -> [Finding] in
      let module = String(match.module)
      // Products stand there under a name of their own, which hides the module's.
      let modules = (match.dependencies ?? "").split(separator: ",")
        .map { $0.filter { !$0.isWhitespace } }
        .filter { $0.hasPrefix("\"") }.map { String($0.dropFirst().dropLast()) }
      return modules.filter { allowed[module]?.contains($0) != true }.map {
        Finding(package.path, "\(module) may not depend on \($0)")
      }
    }
  }

  /// What looks at Daybook from outside, as its users do, imports none of its modules.
  static let outside: Set = ["EndToEndTests", "ConventionTests", "RealParts", "RealPartsTests"]

  static func findings(outside files: [ProjectFile]) -> [Finding] {
    files.filter { $0.isSwift && outside.contains($0.folder(below: "Tests") ?? "") }
      .flatMap { file in
        imports(of: file).filter { allowed.keys.contains($0.module) }.map {
          Finding(file.path, line: $0.line, "a test from outside may not import \($0.module)")
        }
      }
  }

  /// Who may make a receipt of what nobody has proved: the ledger, for its own entries.
  static let receiptMaker = "ManualLedger"

  static func findings(receiptsIn files: [ProjectFile]) -> [Finding] {
    files.filter { $0.isSwift && $0.folder(below: "Sources") != receiptMaker }.flatMap { file in
      file.lines.enumerated().filter { $0.element.contains("@_spi(Receipts) import") }.map {
        Finding(file.path, line: $0.offset + 1, "only \(receiptMaker) makes receipts")
      }
    }
  }

  static func imports(of file: ProjectFile) -> [(module: String, line: Int)] {
    let statement =
      #/^\s*(?:@\w+(?:\(\w+\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(?<module>\w+)/#
    return file.lines.enumerated().compactMap { index, line in
      line.firstMatch(of: statement).map { (String($0.module), index + 1) }
    }
  }
}
