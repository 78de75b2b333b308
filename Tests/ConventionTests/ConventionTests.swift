import Testing

/// The conventions of this repository, held against this checkout.
@Suite("The code")
struct ConventionTests {
  @Test("keeps its boundaries: a module imports only what the table allows")
  func boundaries() throws {
    let sources = try Checkout.sources.get()
    #expect(sources.count > 30)
    #expect(ModuleBoundaries.findings(in: sources) == [])
    let package = try #require(try Checkout.files(in: ["Package.swift"]).first)
    #expect(ModuleBoundaries.findings(inPackage: package) == [])
    #expect(ModuleBoundaries.idle(in: sources) == [])
  }

  @Test("tells customers only what the ledger or the books have")
  func receipts() throws {
    #expect(ModuleBoundaries.findings(receiptsIn: try Checkout.sources.get()) == [])
  }

  @Test("is looked at from outside by its end-to-end tests")
  func outside() throws {
    #expect(ModuleBoundaries.findings(outside: try Checkout.files(in: ["Tests"])) == [])
  }

  @Test("has small files and functions, in its tests too")
  func sizes() throws {
    #expect(Sizes.findings(in: try Checkout.sources.get()) == [])
    let findings = Sizes.findings(in: try Checkout.files(in: ["Tests", "Benchmarks"]))
    #expect(findings == [])
  }

  @Test("has no type that holds everything")
  func typeSizes() throws {
    let findings = TypeSizes.findings(in: try Checkout.sources.get())
    #expect(findings == [])
  }

  @Test("has no unfinished work, and nothing that traps on bad luck")
  func marks() throws {
    #expect(Marks.findings(in: try Checkout.sources.get()) == [])
  }

  @Test("leaves the environment alone, which other threads read")
  func environment() throws {
    // Called before there is a second thread.
    let first: Set = ["Sources/Files/LibraryFile.swift"]
    let findings = Marks.findings(ofEnvironmentIn: try Checkout.sources.get(), but: first)
    #expect(findings == [])
  }

  @Test("says of each public type what it is")
  func describedTypes() throws {
    #expect(Marks.findings(ofTypesIn: try Checkout.sources.get()) == [])
  }

  @Test("says of each member of a port what it does, and when it throws")
  func describedPorts() throws {
    let findings = Ports.findings(in: try Checkout.sources.get())
    #expect(findings == [])
  }

  @Test("advises no command that is not there")
  func advice() throws {
    let sources = try Checkout.sources.get()
    let program = sources.filter { $0.path.hasPrefix("Sources/daybook/") }
    #expect(Advice.findings(in: sources, program: program) == [])
  }

  @Test("speaks to people in short and plain sentences")
  func sentences() throws {
    #expect(Sentences.findings(in: try Checkout.sources.get()) == [])
  }

  @Test("has one catalogue of the reasons to refuse")
  func reasons() throws {
    let sources = try Checkout.sources.get()
    #expect(sources.contains { $0.path == Marks.reasons })
    #expect(Marks.findings(ofReasonsIn: sources) == [])
  }

  @Test("leaves no test out, and no test hopes that a while is enough")
  func honestTests() throws {
    let findings = Marks.findings(
      inTests: try Checkout.files(in: ["Tests"]),
      // The two that wait for other processes, with a deadline.
      mayPause: ["Tests/RealParts/Waiting.swift", "Tests/RealParts/Command.swift"])
    #expect(findings == [])
    let package = try #require(try Checkout.files(in: ["Package.swift"]).first)
    // Folders that hold only data are no targets.
    let folders = Set(
      try Checkout.files(in: ["Tests"]).filter(\.isSwift).compactMap { $0.folder(below: "Tests") })
    #expect(folders.contains("ConventionTests"))
    #expect(Documents.findings(inPackage: package, testFolders: folders.sorted()) == [])
  }

  @Test("speaks of no particular machine")
  func machines() throws {
    #expect(Marks.findings(ofMachinesIn: try Checkout.everything.get()) == [])
  }

  @Test("has a map that leads somewhere, and names every module")
  func map() throws {
    let map = try #require(try Checkout.files(in: ["Sources/README.md"]).first)
    #expect(
      Documents.findings(
        inMap: map, modules: try Checkout.folders(in: "Sources"), exists: Checkout.exists) == [])
  }

  @Test("has documents that can be read at once, and whose links and pictures are there")
  func prose() throws {
    let documents = try Checkout.files(in: [
      "CHANGELOG.md", "CONTRIBUTING.md", "README.md", "Sources/README.md", "docs",
    ]).filter { $0.path.hasSuffix(".md") }
    #expect(documents.count > 20)
    let long = Prose.findings(in: documents)
    #expect(long == [])
    let pictures = try Checkout.names(in: "docs/pictures").map { "docs/pictures/\($0)" }
    #expect(!pictures.isEmpty)
    let lost = Prose.findings(
      ofLinksIn: documents, pictures: pictures, exists: Checkout.exists)
    #expect(lost == [])
  }

  @Test("has every arrow of its modules on the map")
  func arrows() throws {
    let map = try #require(try Checkout.files(in: ["Sources/README.md"]).first)
    let package = try #require(try Checkout.files(in: ["Package.swift"]).first)
    let findings = Arrows.findings(inMap: map, package: package)
    #expect(findings == [])
  }

  @Test("has short decisions, each of them in the index")
  func decisions() throws {
    let files = try Checkout.files(in: ["docs/decisions"])
    #expect(files.count > 10)
    let findings = Decisions.findings(in: files)
    #expect(findings == [])
  }

  @Test("keeps a changelog")
  func changelog() throws {
    let changelog = try #require(try Checkout.files(in: ["CHANGELOG.md"]).first)
    #expect(Documents.findings(inChangelog: changelog) == [])
    let version = try #require(try Checkout.files(in: ["Sources/Branch/Version.swift"]).first)
    #expect(Documents.findings(ofVersionIn: version, changelog: changelog) == [])
  }

  @Test("has scripts that can be run")
  func scripts() throws {
    let scripts = try Checkout.files(in: ["scripts", ".ci"])
    #expect(scripts.map(\.path).contains("scripts/run"))
    #expect(Documents.findings(inScripts: scripts, isExecutable: Checkout.isExecutable) == [])
  }
}
