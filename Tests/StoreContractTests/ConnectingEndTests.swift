import BankService
import Foundation
import PostgresStore
import RealParts
import Synchronization
import Testing

/// How often the threads of the process under test have asked the bank, each time anew.
private let questions = Atomic(0)

/// Returns when there are so many questions more.
private func awaitQuestions(_ count: Int) {
  let enough = questions.load(ordering: .relaxed) + count
  while questions.load(ordering: .relaxed) < enough { sched_yield() }
}

@Suite("The end of a process that is still connecting", .timeLimit(.minutes(4)))
struct ConnectingEndTests {
  @Test("Its exit status stands while threads of it are inside libpq's encryption")
  func exitWhileConnecting() async throws {
    let cluster = try await PostgresCluster.start()
    let database = try await cluster.createDatabase()
    try await cluster.setCertificate(CertificateAuthority(), CertificateAuthority.Flaw.none)
    let address = "\(cluster.url(database: database))?sslmode=require"
    for _ in 0..<4 {
      await #expect(processExitsWith: .exitCode(42)) { [address = address as String] in
        // Runs when whatever was set up later has been taken away.
        atexit { awaitQuestions(40) }
        for _ in 0..<8 {
          Task.detached {
            while true {
              let store = PostgresStore(address, schemaFolder: "")
              _ = try? await store.countOpenExceptions()
              await store.disconnect()
              questions.add(1, ordering: .relaxed)
            }
          }
        }
        awaitQuestions(8)
        exit(42)
      }
    }
    await cluster.destroy()
  }
}
