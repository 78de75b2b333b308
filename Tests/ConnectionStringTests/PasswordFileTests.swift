import BankCore
import CLibPQ
import Foundation
import Testing

@testable import ConnectionString

@Suite("The password file is read as libpq reads it")
struct PasswordFileTests {
  /// A file of some bytes, for its owner alone.
  private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("pgpass-\(UUID().uuidString)").path
    let isMade = FileManager.default.createFile(
      atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
    try #require(isMade)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  /// The password that libpq finds there. It is looked for before anything is sent.
  private func library(_ path: String, _ host: String, _ port: String) throws -> [UInt8]? {
    let handle = try #require(
      PQconnectStart(
        "host='\(host)' port='\(port)' dbname=books user='ana:b' passfile='\(path)' password=''"))
    defer { PQfinish(handle) }
    return PQpass(handle).map { Array(String(cString: $0).utf8) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The same by Daybook, for the first of the hosts.
  private func own(_ path: String, _ host: String, _ port: String) throws -> [UInt8]? {
    let surroundings = ConnectionSurroundings(environment: [:], home: "/nowhere")
    let address = try ServerAddress(
      "host='\(host)' port='\(port)' dbname=books user='ana:b' passfile='\(path)'", surroundings)
    guard case .file(let file) = PasswordFile.read(path) else { return nil }
    let host = try #require(address.hosts.first)
    return file.password(for: PasswordSource.fields(address, host)).map { Array($0.password.utf8) }
      .flatMap { $0.isEmpty ? nil : $0 }
  }

  private func compare(_ bytes: [UInt8]) throws {
    try withFile(bytes) { path in
      for host in ["", "/var/run/postgresql", "/tmp", "/nowhere", "/nowhere/é"] {
        for port in ["", "5433"] {
          let found = try library(path, host, port)
          #expect(
            try own(path, host, port) == found,
            "\(host):\(port) \(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
      }
    }
  }

  @Test(
    "by hand: only the default directory is localhost; stars, backslashes, line ends, zero bytes",
    arguments: [
      "localhost:5432:books:ana\\:b:one", "/var/run/postgresql:*:*:*:two\n*:*:*:*:three",
      "/tmp:5433:books:*:four\nlocalhost:*:*:*:five", "\\*:*:*:*:six\n*:*:*:*:seven",
      "#*:*:*:*:eight\n*:*:*:*:nine", "*:*:*:*:te\\:n", "*:*:*:*:eleven:more", "*:*:*:*:twe\\lve\\",
      "*:*:*:*:thirteen\r\n", "*:*:*:*:fourteen\r\r\n", "\r\n*:*:*:*:fifteen\r",
      "*:*:*:*:\n*:*:*:*:x",
      " *:*:*:*:sixteen\n*:*:*:*:seventeen", "*:*:*:eighteen", "*:*:books:ana:b:nineteen",
      "/nowhere/e\u{301}:*:*:*:twenty\n/nowhere/\u{E9}:*:*:*:other", "**:*:*:*:x\n*:*:*:*:y",
      "*:*:*:*:a\0b\n*:*:*:*:c\n*:*:*:*:d\n", "*:*:x:*:a\0\n*:*:*:*:c\n*:*:*:*:d", "a\0\n", "\0",
      "*:*:*:*:end\0", "*:*:x:*:a\n*:*:*:*:end\0\n", "",
    ])
  func cases(_ text: String) throws { try compare(Array(text.utf8)) }

  @Test("by chance, with bytes that are no UTF-8")
  func chance() throws {
    var random = SeededRandom(seed: 7)
    let pieces: [[UInt8]] =
      [
        "localhost", "/tmp", "*", "*", "*", ":", ":", ":", ":", ":", "5432", "5433", "books",
        "ana\\:b",
        "\\", "\n", "\n", "\r\n", "#", " ", "p", "*:*:*:*:q", "\n*:*:books:", "\0",
      ].map { Array($0.utf8) } + [[0xE9], [0xC3]]
    for _ in 0..<400 {
      let count = Int.random(in: 1...24, using: &random)
      let bytes = (0..<count).flatMap { _ in pieces.randomElement(using: &random) ?? [] }
      try compare(bytes)
    }
  }
}
