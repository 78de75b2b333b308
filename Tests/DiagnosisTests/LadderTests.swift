import BankCore
import BankService
import BankTesting
import Diagnosis
import Synchronization
import Testing

/// A probe that sees what it is told to see; everything else passes.
private struct Scripted: ConnectionProbe {
  let place = "db.branch:5432"
  let findings: [Layer: LayerFinding]

  func look(_ layer: Layer, within milliseconds: Int) async -> LayerFinding {
    findings[layer] ?? .pass("as it should be")
  }

  func close() async {}
}

@Suite("What the doctor concludes")
struct LadderTests {
  private func report(_ findings: [Layer: LayerFinding]) async -> HostReport? {
    let doctor = Doctor(expecting: nil) { Instant(millisecondsSince1970: 0) }
    return await doctor.examine([Scripted(findings: findings)]).hosts.first
  }

  @Test("An error that nobody understands could not be tested: it is never a guess")
  func unclassified() async throws {
    let fault = StoreFault(
      .readProbe, "db.branch:5432 answered with error XX000", sqlState: "XX000")
    let host = try #require(await report([.readProbe: .fail(fault)]))
    #expect(!host.isHealthy && host.diagnosis == nil)
    let layer = host.layers[17]
    #expect(layer.result == .couldNotTest && layer.fault == nil && layer.cause == nil)
    #expect(layer.observed == fault.text && layer.sqlState == "XX000")
    #expect(host.layers[..<17].allSatisfy { $0.result == .pass })
    #expect(host.layers[18...].allSatisfy { $0.result == .notReached })
  }

  @Test(
    "A fault of an earlier layer, found later, is the diagnosis; the network it rules out stays")
  func foundLater() async throws {
    let fault = StoreFault(.passwordMissing, "db.branch:5432 asks for a password")
    let host = try #require(await report([.encryption: .fail(fault)]))
    #expect(host.diagnosis?.layer == .secretMissing)
    #expect(host.layers[3...].allSatisfy { $0.result == .notReached })
    #expect(host.diagnosis?.ruledOut.contains { $0.hasPrefix(Phrases.notTheNetwork) } == true)
  }

  @Test("A pooler proves nothing of the server behind it")
  func pooler() async throws {
    let fault = StoreFault(.poolerWithoutServer, "the pooler answers")
    let host = try #require(await report([.encryption: .fail(fault)]))
    #expect(host.diagnosis?.layer == .pooler)
    #expect(host.layers[6..<22].allSatisfy { $0.result == .notReached })
  }

  @Test("Each layer is told when it is finished, hosts side by side, and the last report is whole")
  func layerByLayer() async throws {
    let told = Mutex<[ConnectionReport]>([])
    let doctor = Doctor(expecting: nil) { Instant(millisecondsSince1970: 0) }
    let fault = StoreFault(.nothingListens, "nothing listens")
    let report = await doctor.examine(
      [Scripted(findings: [:]), Scripted(findings: [.connect: .fail(fault)])]
    ) { report in told.withLock { $0.append(report) } }
    let reports = told.withLock { $0 }
    #expect(reports.count == 23 + 5 && reports.last == report)
    func finished(_ report: ConnectionReport) -> Int {
      report.hosts.flatMap(\.layers).count { $0.result != .notReached }
    }
    #expect(reports.map(finished) == Array(1...28))
    #expect(report.decisive == report.hosts[0] && report.hosts[1].diagnosis?.layer == .connect)
  }

  @Test("A task that was cancelled looks at no further layer")
  func cancelled() async throws {
    let doctor = Doctor(expecting: nil) { Instant(millisecondsSince1970: 0) }
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await doctor.examine([Scripted(findings: [:])])
    }
    let layers = try #require(await task.value.hosts.first?.layers)
    #expect(layers.allSatisfy { $0.result == .notReached })
  }

  @Test("An older copy of the right bank is C14, whatever it has lost; its typed name is a warning")
  func olderCopy() async throws {
    let draft = Fixtures().bank
    let bank = BankIdentity(
      id: draft.id, name: draft.name, environment: "production", currency: draft.currency,
      timeZone: draft.timeZone, epoch: 3, schema: 1)
    func examined(
      _ knowledge: TillKnowledge, accepting name: String? = nil
    ) async throws -> HostReport {
      let memory = TillMemory(
        bank: bank.id, terminal: Identifier(high: 8, low: 8), counter: 12, epoch: 3,
        lastAcknowledged: Identifier(high: 9, low: 9))
      let expected = ExpectedBank(
        id: bank.id, name: bank.name, memory: memory, acceptedName: name)
      let doctor = Doctor(expecting: expected) { Instant(millisecondsSince1970: 0) }
      let probe = Scripted(findings: [.wrongBank: .bank(bank, "in a file", knowledge)])
      return try #require(await doctor.examine([probe]).hosts.first)
    }
    let whole = TillKnowledge(counter: 12, epoch: 3, knowsLast: true)
    #expect(try await examined(whole).isHealthy)
    let older = [
      TillKnowledge(counter: 11, epoch: 3, knowsLast: true),
      TillKnowledge(counter: 12, epoch: 2, knowsLast: true),
      TillKnowledge(counter: 12, epoch: 3, knowsLast: false),
    ]
    for knowledge in older {
      let host = try await examined(knowledge)
      #expect(host.diagnosis?.fault == .olderDatabase && host.bank == bank)
      #expect(host.diagnosis?.ruledOut.contains { $0.hasPrefix("not another bank") } == true)
      #expect(try await examined(knowledge, accepting: "Elsewhere").diagnosis != nil)
      let typed = try await examined(knowledge, accepting: bank.name)
      #expect(typed.isHealthy && typed.layers[13].result == .warn)
    }
  }

  @Test(
    "A value from elsewhere is blamed where the fault shows that it is wrong, and nowhere else",
    arguments: [
      (FaultKind.unknownName, "host", ValueOrigin.Source.variable("PGHOST"), true),
      (.socketMissing, "host", .standard, true), (.otherService, "port", .variable("PGPORT"), true),
      (.nothingListens, "port", .file("service:3"), true),
      (.databaseMissing, "database", .variable("PGDATABASE"), true),
      (.nothingListens, "hostaddr", .variable("PGHOSTADDR"), true),
      (.schemaMissing, "hostaddr", .variable("PGHOSTADDR"), true),
      (.loginRefused, "user", .standard, true), (.loginRefused, "user", .variable("PGUSER"), false),
      (.nothingListens, "host", .variable("PGHOST"), false),
      (.noAnswer, "host", .variable("PGHOST"), false),
      (.databaseForbidden, "database", .variable("PGDATABASE"), false),
      (.anotherBank, "hostaddr", .variable("PGHOSTADDR"), false),
      (.unknownName, "host", .address, false),
    ])
  func blame(kind: FaultKind, setting: String, source: ValueOrigin.Source, isBlamed: Bool) throws {
    let fault = StoreFault(kind, "it fails")
    let others = ["host", "port", "database", "user"].filter { $0 != setting }
      .map { ValueOrigin(setting: $0, value: "x", source: .address) }
    let origins = others + [ValueOrigin(setting: setting, value: "x", source: source)]
    #expect((fault.blamed(origins)?.setting == setting) == isBlamed)
    #expect((fault.traced(to: origins).cause == .valueMissing) == isBlamed)
  }

  @Test("Warnings leave a connection healthy")
  func warnings() async throws {
    let host = try #require(
      await report([.latency: .roundTrips([300, 320, 900]), .pooler: .notApplicable("none")]))
    #expect(host.isHealthy && host.layers[20].result == .warn)
  }
}
