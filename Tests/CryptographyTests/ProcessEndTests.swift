import Cryptography
import Foundation
import Synchronization
import Testing

/// How often the threads of the process under test have been through libcrypto.
private let signatures = Atomic(0)

/// Returns when there are so many signatures more.
private func awaitSignatures(_ count: Int) {
  let enough = signatures.load(ordering: .relaxed) + count
  while signatures.load(ordering: .relaxed) < enough { sched_yield() }
}

@Suite("The end of a process that uses libcrypto", .timeLimit(.minutes(1)))
struct ProcessEndTests {
  @Test("Its exit status stands while threads of it are signing", arguments: 0..<4)
  func exitWhileSigning(_ run: Int) async {
    await #expect(processExitsWith: .exitCode(42)) {
      // Runs when whatever was set up later has been taken away.
      atexit { awaitSignatures(400) }
      for _ in 0..<4 {
        Thread.detachNewThread {
          while true {
            let key = try? Ed25519.SigningKey(seed: [UInt8](repeating: 7, count: 32))
            _ = try? key?.signature(of: [1, 2, 3])
            signatures.add(1, ordering: .relaxed)
          }
        }
      }
      awaitSignatures(40)
      exit(42)
    }
  }
}
