import BankCore
import Foundation
import RealParts
import Testing

@Suite("The doctor on the way to a server: C01, C04 to C06", .timeLimit(.minutes(2)))
struct WayThereTests {
  @Test(
    "A text that is no address is C01, and none of it is repeated",
    arguments: [
      "postgres://ana:s3cret@x@db.branch/bank", "postgres://ana:s3cret/x@db.branch/bank",
      "postgres://ana:s3cret%x@db.branch/bank", "mysql://ana:s3cret@db.branch/bank",
      "host=db.branch password=my s3cret", "host=db.branch password='s3cret",
      "\"postgres://ana:s3cret@db.branch/bank\"", "host=db dbname='bank ' password=s3cret",
      "host=db.branch password=s3cret connect_timeout=5s", "host=db\0password=s3cret",
    ])
  func unreadable(_ address: String) async throws {
    let failure = try await diagnose(address, as: .addressUnreadable)
    #expect(failure.fix?.contains("%40") == true)
  }

  @Test("A name that nobody knows is C04")
  func unknownName() async throws {
    let failure = try await diagnose(
      "postgres://ana:s3cret@no-such-host.invalid/bank", as: .unknownName)
    #expect(failure.observed.contains("no-such-host.invalid"))
  }

  @Test("Nothing listens: C05, and it is not the network")
  func nothingListens() async throws {
    let failure = try await diagnose(
      "postgres://ana:s3cret@127.0.0.1:\(try FreePort.find())/bank", as: .nothingListens)
    #expect(failure.ruledOut.contains { $0.hasPrefix(Phrases.notTheNetwork) })
  }

  @Test("No socket in the directory: C05")
  func socketMissing() async throws {
    try await diagnose(
      "host=/var/empty-\(UInt32.random(in: 0...9999)) user=ana dbname=b", as: .socketMissing)
  }

  @Test("A port that swallows everything: C05 within its three seconds")
  func silentPort() async throws {
    let proxy = try SilentProxy(to: FreePort.find())
    defer { proxy.close() }
    try proxy.behave(.silent)
    let failure = try await diagnose(
      "postgres://ana:s3cret@127.0.0.1:\(proxy.port)/bank", as: .noAnswer)
    #expect((2_900...4_500).contains(failure.milliseconds))
  }

  @Test(
    "Another service on the port is C06, and is named",
    arguments: [
      ("HTTP/1.1 400 Bad Request\r\n\r\n", "web server"),
      ("J\0\0\0\n8.0.36\0", "MySQL"), ("-ERR unknown command\r\n", "Redis"),
      ("SSH-2.0-OpenSSH_9.2\r\n", "SSH"), ("220 mail.example ESMTP\r\n", "mail"),
      ("S3cret words of nobody", "another service"),
    ])
  func anotherService(_ words: String, _ name: String) async throws {
    let service = try StrangeService(saying: words)
    let failure = try await diagnose(
      "postgres://ana:s3cret@127.0.0.1:\(service.port)/bank", as: .otherService)
    #expect(failure.observed.contains(name), "\(failure.observed)")
    #expect(failure.ruledOut.contains { $0.hasPrefix(Phrases.notTheNetwork) })
  }

  @Test("A port that accepts and says nothing is C06 within its three seconds")
  func silentService() async throws {
    let listener = try SilentListener()
    let failure = try await diagnose(
      "postgres://ana:s3cret@127.0.0.1:\(listener.port)/bank", as: .silentService)
    #expect((2_900...4_500).contains(failure.milliseconds))
  }

  @Test("A port that closes at once is C05")
  func closesAtOnce() async throws {
    let service = try StrangeService(saying: nil)
    try await diagnose("postgres://ana:s3cret@127.0.0.1:\(service.port)/bank", as: .closedAtOnce)
  }

  @Test("Each host of an address has its own report; one that works is enough")
  func hosts() async throws {
    let cluster = try await PostgresCluster.shared
    let patient = try await Patient.admit(to: cluster)
    let dead = try FreePort.find()
    let report = await examine(
      "host=127.0.0.1,127.0.0.1 port=\(dead),\(cluster.port) user=daybook "
        + "dbname=\(patient.database)")
    #expect(report.hosts.map(\.place) == ["127.0.0.1:\(dead)", "127.0.0.1:\(cluster.port)"])
    #expect(report.hosts[0].diagnosis?.fault == .nothingListens)
    #expect(report.isHealthy && report.decisive == report.hosts[1], "\(words(report.hosts[1]))")
    try await cluster.dropDatabase(patient.database)
  }
}
