import BankCore
import BankService
import Diagnosis
import Testing

/// A probe that sees what it is told to see; everything else passes.
private struct Scripted: ConnectionProbe {
  let place = "db.branch:5432"
  let findings: [CauseCode: LayerFinding]

  func look(_ layer: CauseCode, within milliseconds: Int) async -> LayerFinding {
    findings[layer] ?? .pass("as it should be")
  }

  func close() async {}
}

@Suite("What the doctor concludes")
struct LadderTests {
  private func report(_ findings: [CauseCode: LayerFinding]) async -> HostReport? {
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
    #expect(host.diagnosis?.code == .secretMissing)
    #expect(host.layers[3...].allSatisfy { $0.result == .notReached })
    #expect(host.diagnosis?.ruledOut.contains { $0.hasPrefix("not the network") } == true)
  }

  @Test("A pooler proves nothing of the server behind it")
  func pooler() async throws {
    let fault = StoreFault(.poolerWithoutServer, "the pooler answers")
    let host = try #require(await report([.encryption: .fail(fault)]))
    #expect(host.diagnosis?.code == .pooler)
    #expect(host.layers[6..<22].allSatisfy { $0.result == .notReached })
  }

  @Test("Warnings leave a connection healthy")
  func warnings() async throws {
    let host = try #require(
      await report([.latency: .roundTrips([300, 320, 900]), .pooler: .notApplicable("none")]))
    #expect(host.isHealthy && host.layers[20].result == .warn)
  }
}
