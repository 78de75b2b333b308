import Cryptography
import Foundation
import RealParts
import Testing

@Suite("SHA-256")
struct SHA256Tests {
  private func digest(_ bytes: [UInt8]) -> String {
    let digest = bytes.withUnsafeBytes { SHA256.digest(of: $0) }
    return hexadecimal(digest.indices.map { digest[$0] })
  }

  @Test(
    "The examples of the standard (FIPS 180-4; NIST, Examples with Intermediate Values)",
    arguments: [
      ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
          + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu", 1,
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
      ),
      ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
  func standard(_ text: String, times: Int, _ expected: String) {
    let text = String(repeating: text, count: times)
    #expect(digest(Array(text.utf8)) == expected && SHA256.hexadecimal(of: text) == expected)
  }

  /// Each length up to four blocks, since the padding depends on it, and random longer ones.
  @Test("`sha256sum` says the same of random bytes of every kind of length")
  func sha256sum() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("daybook-sha256-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let lengths = Array(0...256) + (0..<20).map { _ in Int.random(in: 257...9_000) }
    var expected: [String] = []
    for length in lengths {
      let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max) }
      let file = folder.appendingPathComponent("\(expected.count)")
      try Data(bytes).write(to: file)
      expected.append("\(digest(bytes))  \(file.path)")
    }
    let files = lengths.indices.map { folder.appendingPathComponent("\($0)").path }
    let printed = try await Command.succeed(["sha256sum"] + files)
    #expect(printed.split(separator: "\n").map(String.init) == expected)
  }
}
