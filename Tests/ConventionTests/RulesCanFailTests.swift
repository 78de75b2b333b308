import Testing

/// Each convention, held against something that breaks it.
@Suite("The conventions can fail")
struct RulesCanFailTests {
  private func file(_ path: String, _ lines: String...) -> ProjectFile {
    ProjectFile(path: path, text: lines.joined(separator: "\n") + "\n")
  }

  @Test(
    "a forbidden import is found, however it is written",
    arguments: [
      "import CNcurses", "  import CNcurses", "@preconcurrency import CNcurses",
      "public import struct CNcurses.WINDOW", "@testable import CNcurses",
    ])
  func forbiddenImport(line: String) {
    let console = file("Sources/Console/Keys.swift", "import BankCore", line)
    #expect(
      ModuleBoundaries.findings(in: [console])
        == [Finding(console.path, line: 2, "Console may not import CNcurses")])
  }

  @Test("a module without a boundary, and a dependency beyond it, are found")
  func unknownRoom() {
    let file = file("Sources/Annex/Door.swift", "import BankCore")
    #expect(ModuleBoundaries.findings(in: [file]).map(\.path) == [file.path])
    let package = ProjectFile(
      path: "Package.swift",
      text: """
        module("BankCore"),
        module("Console", ["BankCore", "Screen",
          "PostgresStore", system]),
        """)
    #expect(
      ModuleBoundaries.findings(inPackage: package)
        == [Finding("Package.swift", "Console may not depend on PostgresStore")])
  }

  @Test("an import that is allowed and that nobody needs is found")
  func idleImport() {
    let files = [
      file("Sources/Console/Keys.swift", "import BankCore"),
      file("Sources/Host/Clock.swift", "internal import Glibc", "import BankCore"),
    ]
    let allowed: [String: Set<String>] = [
      "Console": ["BankCore"], "Host": ["BankCore", "Dispatch", "Glibc"], "CLibPQ": [],
    ]
    #expect(
      ModuleBoundaries.idle(in: files, allowed: allowed).map(\.what)
        == ["Host does not import Dispatch any more"])
  }

  @Test("advice that names a command that is not there is found, also in a group")
  func inventedCommand() {
    let program = file(
      "Sources/daybook/HoldCommand.swift", "struct HoldCommand: CommandGroup {",
      "  static let configuration = CommandConfiguration(", "    commandName: \"hold\",",
      "    commandName: \"off\")")
    let advice = file(
      "Sources/BankCore/Fix.swift", "\"run daybook hold off\"", "\"run daybook hold away\"",
      "\"run daybook overdraft\"", "\"daybook help says more\"")
    #expect(Advice.findings(in: [advice], program: [program]).map(\.line) == [2, 3])
  }

  @Test("a module that would make a receipt of anything is found")
  func forgedReceipt() {
    let forger = file("Sources/BankService/Forger.swift", "@_spi(Receipts) import BankCore")
    let ledger = file("Sources/ManualLedger/Entry.swift", "@_spi(Receipts) import BankCore")
    #expect(
      ModuleBoundaries.findings(receiptsIn: [forger, ledger])
        == [Finding(forger.path, line: 1, "only ManualLedger makes receipts")])
  }

  @Test("a sentence that is too long or odd is found, in literals alone")
  func sentences() {
    let twelve = "one two three four five six seven eight nine ten eleven twelve"
    let speech = file(
      "Sources/Console/Speech.swift", "// Serve on, and mend it.", "\"\(twelve) and\"",
      "  + \" \(twelve)\"", "\"\(twelve) and \(twelve) more\"", "\"\(twelve). \(twelve) and more\"",
      "\"Serve on; press 5.\"", "\"\\(serve.on) recommends it\"", "\"\"\"", "  Mend the cause.",
      "  \"\"\"")
    #expect(Sentences.findings(in: [speech]).map(\.line) == [4, 6, 8])
  }

  @Test("a test from outside that looks inside is found")
  func insider() {
    let story = file("Tests/EndToEndTests/Outage.swift", "import RealParts", "import Console")
    #expect(ModuleBoundaries.findings(outside: [story]).map(\.line) == [2])
  }

  @Test("a file and a function that are too long are found, and the longest allowed are not")
  func sizes() {
    let line = "    count += 1 // }"
    func function(_ lines: Int) -> String {
      "  func add() {\n" + Array(repeating: line, count: lines - 2).joined(separator: "\n")
        + "\n  }"
    }
    let path = "Sources/BankCore/Long.swift"
    #expect(Sizes.findings(in: [file(path, function(70))]) == [])
    #expect(
      Sizes.findings(in: [file(path, "struct Sum {", function(71), "}")])
        == [Finding(path, line: 2, "71 lines; a function has at most 70")])

    let lines = Array(repeating: "// a line", count: 500).joined(separator: "\n")
    #expect(Sizes.findings(in: [ProjectFile(path: path, text: lines + "\n")]) == [])
    #expect(
      Sizes.findings(in: [ProjectFile(path: path, text: lines + "\n// one more\n")]).count == 1)
  }

  @Test("functions are measured as they are written here")
  func functions() {
    let source = #"""
      protocol Store {
        func read() async throws -> Int
        var name: String { get }
      }
      struct Book {
        @discardableResult
        public func read(
          _ limit: Int = { 7 }()
        ) throws(Fault)
          -> Int
        {
          // a brace in a comment: }
          return "\(limit) } \"}".count
        }
        init?(_ text: String) { self.text = text }
        private(set) var text: String = "{"
        static let all = [1, 2]
      }
      """#
    let found = Sizes.functions(in: source).map { "\($0.line): \($0.lines)" }
    #expect(found == ["3: 1", "7: 8", "15: 1"])
  }

  @Test(
    "marks of unfinished work and of traps are found",
    arguments: [
      "// TODO: later", "let x = try! read()", "let y = z as! Int", "let a = list.first!",
      "let b = call()!", "let c = list[0]!.name", "var d: Int!",
    ])
  func marks(line: String) {
    let bad = file("Sources/BankCore/Bad.swift", "let fine = 1", line)
    #expect(Marks.findings(in: [bad]).map(\.line) == [2])
  }

  @Test("what changes the environment is found, in C too")
  func environment() {
    let bad = file("Sources/CNcurses/Bad.c", "char *a = getenv(\"A\");", "setenv(\"A\", \"b\", 1);")
    #expect(Marks.findings(ofEnvironmentIn: [bad], but: []).map(\.line) == [2])
  }

  @Test("what only looks like a mark is left alone")
  func noMarks() {
    let good = file(
      "Sources/BankCore/Good.swift",
      "guard !isOpen, a != b else { return }",
      "let text = \"Stop! \\(count)! try! as!\" // never use try! here",
      "let long = \"\"\"", "  Wait! he said", "  \"\"\"", "let raw = #\"a\"! b\"#",
      "let pattern = #/a!/#")
    #expect(Marks.findings(in: [good]) == [])
  }

  @Test("a type that has grown by its extensions is found")
  func largeType() {
    let properties = (1...10).map { "  private(set) var count\($0) = 0" }
    let own = ["struct State {"] + properties + ["  var sum: Int { 1 }", "  static let a = 1", "}"]
    let more = ["extension State {"] + Array(repeating: "  // more", count: 700) + ["}"]
    let files = [
      ProjectFile(path: "Sources/Console/State.swift", text: own.joined(separator: "\n")),
      ProjectFile(path: "Sources/Console/More.swift", text: more.joined(separator: "\n")),
    ]
    #expect(TypeSizes.findings(in: [files[0]], exceptions: [:]) == [])
    #expect(TypeSizes.findings(in: files, exceptions: [:]).map(\.line) == [1])
    #expect(TypeSizes.findings(in: files, exceptions: ["Console.State": "known"]) == [])
    #expect(TypeSizes.findings(in: [files[0]], exceptions: ["Console.State": "idle"]).count == 1)
    let wide = ["final class Wide {"] + properties + properties + ["}"]
    let file = ProjectFile(path: "Sources/Host/Wide.swift", text: wide.joined(separator: "\n"))
    #expect(TypeSizes.findings(in: [file], exceptions: [:]).count == 1)
  }

  @Test("a public type that nobody has described is found")
  func undescribed() {
    let types = file(
      "Sources/BankCore/Types.swift", "/// A sum.", "@frozen", "public struct Sum {}", "",
      "public final class Book {}", "struct Own {}", "// Not for documentation.",
      "public enum Kind {}")
    #expect(Marks.findings(ofTypesIn: [types]).map(\.line) == [5, 8])
  }

  @Test("a member of a port that nobody has described, or that throws without a word, is found")
  func undescribedPort() {
    let quiet = file(
      "Sources/BankCore/Port.swift", "/// Reads books.", "public protocol Books {",
      "  /// The bank's name.", "  var name: String { get }", "  func close()",
      "  /// Writes a line.", "  func write(", "    _ line: String", "  ) async throws(Fault)",
      "  /// The number of lines.", "  /// - Throws: `Fault` when the disk fails.",
      "  @discardableResult",
      "  func count() throws(Fault) -> Int", "}", "extension Books {", "  public func all() {}", "}"
    )
    #expect(
      Ports.findings(in: [quiet]) == [
        Finding(quiet.path, line: 5, "func close has no doc comment"),
        Finding(quiet.path, line: 7, "func write does not say when it throws"),
      ])
    let told = file(
      "Sources/BankCore/Port.swift", "/// Reads books. Every call throws a fault of the disk.",
      "public protocol Books {", "  /// The number of lines.",
      "  func count() throws(Fault) -> Int", "}",
      "protocol Own {", "  func close()", "}")
    #expect(Ports.findings(in: [told]) == [])
  }

  @Test("words of a reason outside its catalogue are found")
  func secondWording() {
    let lines = [
      "let a = Failure(.refused, code: Reason.amountTooLarge.code, text: \"Too large.\")",
      "let b = Failure(.refused, code: \"R012\", text: \"Too large.\")",
      "let c = Reason.amountTooLarge.text", "let d = Failure(.amountTooLarge)",
    ]
    let file = ProjectFile(path: "Sources/Console/Bad.swift", text: lines.joined(separator: "\n"))
    #expect(Marks.findings(ofReasonsIn: [file]).map(\.line) == [1, 2])
    let catalogue = ProjectFile(path: Marks.reasons, text: file.text)
    #expect(Marks.findings(ofReasonsIn: [catalogue]) == [])
  }

  @Test("tests that are left out or pause are found")
  func dishonestTests() {
    let tests = file(
      "Tests/BankCoreTests/Bad.swift", "@Test(.disabled(\"later\"))",
      "try await Task.sleep(for: x)",
      "usleep(3)", "// Task.sleep(for: x)")
    #expect(Marks.findings(inTests: [tests], mayPause: []).map(\.line) == [1, 2, 3])
    #expect(Marks.findings(inTests: [tests], mayPause: [tests.path]).map(\.line) == [1])
  }

  @Test("the places of one machine are found, and relative paths are not")
  func machines() {
    let document = file(
      "docs/guide.md", "see /" + "home/petr/bank", "see ../shared/home/x", "from pypi" + ".org",
      "`/" + "work/main`", "Sources/work/x", "/home/ana/bank")
    #expect(Marks.findings(ofMachinesIn: [document]).map(\.line) == [1, 3, 4])
  }

  @Test("a map that leads nowhere or forgets a module is found")
  func map() {
    let map = file(
      "Sources/README.md", "| `BankCore` | money |", "open `BankCore/Gone.swift`",
      "see [decisions](../docs/decisions/README.md) and `swift build`", "`BankCore/Money.swift`")
    let findings = Documents.findings(inMap: map, modules: ["BankCore", "Screen"]) {
      ["Sources/BankCore/Money.swift", "Sources/../docs/decisions/README.md"].contains($0)
    }
    #expect(
      findings == [
        Finding(map.path, line: 2, "BankCore/Gone.swift does not exist"),
        Finding(map.path, "the table does not name the module Screen"),
      ])
  }

  @Test("a long sentence, a link that leads nowhere and a picture that nobody shows are found")
  func prose() {
    let long = Array(repeating: "word", count: 26).joined(separator: " ")
    let document = file(
      "docs/a.md", "# \(long)", "", "Short. It is", "\(long).", "- \(long)", "```", long, "```",
      "![x](pictures/a.png) and [b](b.md#part) and [c](c.md)")
    #expect(
      Prose.findings(in: [document]) == [
        Finding("docs/a.md", line: 3, "a sentence has 28 words"),
        Finding("docs/a.md", line: 5, "a sentence has 26 words"),
      ])
    let lost = Prose.findings(
      ofLinksIn: [document], pictures: ["docs/pictures/a.png", "docs/pictures/b.png"]
    ) { ["docs/pictures/a.png", "docs/b.md"].contains($0) }
    #expect(
      lost == [
        Finding("docs/a.md", line: 9, "the link leads nowhere: c.md"),
        Finding("docs/pictures/b.png", "no document shows it"),
      ])
  }

  @Test("an arrow that is only on the map, or only in the package, is found")
  func arrows() {
    let map = file(
      "Sources/README.md", "```", "Console ─► BankCore, Terminal", "Host ─► BankCore", "```")
    let package = file(
      "Package.swift", "module(\"BankCore\"),", "module(",
      "  \"Console\", [\"BankCore\", \"Screen\", yams]),",
      "module(\"Host\", [\"BankCore\", system]),",
      "executable(name: \"daybook\", targets: [\"daybook\"]),", "name: \"daybook\",",
      "dependencies: [\"Host\"],")
    #expect(
      Arrows.findings(inMap: map, package: package) == [
        Finding(map.path, line: 2, "no arrow from Console to Screen"),
        Finding(map.path, line: 2, "Console does not depend on Terminal"),
        Finding(map.path, "no arrow from daybook to Host"),
      ])
  }

  @Test("a decision that is long, that no index names, or that is only in the index is found")
  func decisions() {
    let lines = Array(repeating: "A line.", count: 9).joined(separator: "\n\n")
    let files = [
      file("docs/decisions/a.md", "# A", "Words.", "## Long", lines, "## Lost", "A line."),
      file("docs/decisions/README.md", "- [Long](a.md#long) (2026-11-30)", "- [Gone](a.md#gone)"),
    ]
    #expect(
      Decisions.findings(in: files) == [
        Finding(files[0].path, line: 3, "9 lines; a decision has at most 8"),
        Finding(files[0].path, line: 21, "the index does not name: Lost"),
        Finding(files[1].path, line: 2, "there is no decision: Gone"),
      ])
  }

  @Test("a changelog without a place for what is new, and a forgotten test folder, are found")
  func documents() {
    let changelog = file("CHANGELOG.md", "# Changelog", "## [1.0.0]", "### Improved")
    #expect(Documents.findings(inChangelog: changelog).map(\.line) == [0, 3])
    func version(_ text: String) -> [Finding] {
      Documents.findings(
        ofVersionIn: file("Sources/Branch/Version.swift", "static let text = \"\(text)\""),
        changelog: changelog)
    }
    #expect(version("1.0.0") == [] && version("1.1.0-dev") == [])
    #expect(version("1.0.0-dev").count == 1 && version("1.1.0").count == 1)
    #expect(version("next").count == 1)
    let package = file(
      "Package.swift", "tests(", "  \"BankCoreTests\",", "path: \"Tests/RealParts\"")
    let folders = ["BankCoreTests", "RealParts", "LostTests"]
    #expect(Documents.findings(inPackage: package, testFolders: folders).count == 1)
  }

  @Test("scripts that cannot be run, or go on after a failure, are found")
  func scripts() {
    let careless = file("scripts/careless", "#!/usr/bin/env bash", "rm -r $1")
    let plain = file("scripts/plain", "echo")
    let good = file("scripts/good", "#!/usr/bin/env bash", "set -euo pipefail")
    let findings = Documents.findings(inScripts: [careless, plain, good]) { $0 != plain.path }
    #expect(
      findings == [
        Finding(careless.path, "goes on after a failure"), Finding(plain.path, "not executable"),
        Finding(plain.path, "no interpreter"),
      ])
  }
}
