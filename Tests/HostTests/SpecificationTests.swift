import BankCore
import BankTesting
import Foundation
import Host
import ManualLedger
import RealParts
import SystemPackage
import Testing

@Suite("docs/manual-ledger.md, tried out")
struct SpecificationTests {
  let probe: Probe
  let fixtures = Fixtures()

  init() throws { probe = try Probe() }

  /// The commands of the document, in their order: the shell's and perl's.
  private func commands() throws -> [String] {
    let document = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/manual-ledger.md")
    let text = try String(contentsOf: document, encoding: .utf8)
    let blocks = text.components(separatedBy: "```sh\n").dropFirst()
    return blocks.map { $0.components(separatedBy: "\n```")[0] }
  }

  /// Writes a ledger of several segments, with all that shells like to stumble over.
  private func writeLedger() throws -> LedgerWriter {
    let owner = LedgerOwner(bank: fixtures.bank.id, terminal: fixtures.terminal)
    let writer = try LedgerWriter.open(
      on: try POSIXVolume(FilePath(probe.state)), owner: owner, segmentByteLimit: 4_000,
      at: fixtures.now)
    let memos = [
      "rent", "back\\slash \\n %s $HOME `id` 'quoted' \"twice\"", "Žluťoučký ☃ *", "\n\t",
    ]
    for round in 0..<24 {
      let entry = fixtures.entry(
        .deposit, debit: fixtures.till(), credit: fixtures.number("2378"),
        fixtures.money("12.00"), number: writer.state.nextNumber, memo: memos[round % 4])
      try writer.append([.entry(EntryRecord(entry))], at: fixtures.now)
    }
    writer.close()
    return writer
  }

  private func run(_ command: String, on file: String) async throws -> CommandResult {
    try await probe.run("FILE=\(file)\n\(command)")
  }

  @Test("Both commands find the head that the mark holds, and notice a changed byte")
  func commandsCheckTheChain() async throws {
    let writer = try writeLedger()
    let commands = try commands()
    #expect(commands.count == 2)
    let last = probe.state + "/" + LedgerNames(fixtures.terminal.name).segment(writer.segment)
    let good = "\(writer.end.records) lines, head \(writer.end.head)\n"
    for command in commands {
      let result = try await run(command, on: last)
      #expect(result.standardOutput == good, "\(result.standardError)")
      #expect(result.status == 0)
    }
    let mark = try String(contentsOfFile: probe.state + "/till-1.mark", encoding: .utf8)
    #expect(mark.contains(writer.end.head.description))

    let bytes = [UInt8](try Data(contentsOf: URL(filePath: last)))
    for position in [0, 70, 200, bytes.count - 2] {
      var changed = bytes
      changed[position] ^= 1
      let file = probe.caretaker.directory + "/changed"
      try Data(changed).write(to: URL(filePath: file))
      for command in commands {
        let result = try await run(command, on: file)
        #expect(result.status != 0, "byte \(position)")
        #expect((result.standardOutput + result.standardError).contains("is bad"))
      }
    }
  }

  @Test("Perl follows the chain through all sealed segments, and misses one that is gone")
  func perlAcrossSegments() async throws {
    let writer = try writeLedger()
    #expect(writer.segment >= 3)
    let perl = try #require(try commands().last)
    let all = perl.replacing("\"$FILE\"", with: "\"$STATE\"/till-1.*.ledger")
    let whole = try await probe.run(all)
    #expect(whole.standardOutput.hasSuffix("head \(writer.end.head)\n"), "\(whole.standardError)")
    try FileManager.default.removeItem(
      atPath: probe.state + "/" + LedgerNames(fixtures.terminal.name).segment(2))
    #expect(try await probe.run(all).status != 0)
  }

  @Test("The document names every type of record, every verdict and every ending")
  func documentIsComplete() throws {
    let document = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/manual-ledger.md")
    let text = try String(contentsOf: document, encoding: .utf8)
    let types = [
      "open", "entry", "released", "outcome", "void", "keep", "sending", "healed", "mode", "note",
      "recovery", "seal",
    ]
    let words =
      types + SegmentVerdict.allCases.map(\.rawValue)
      + Predecessor.Ending.allCases.map(\.rawValue)
    for word in words { #expect(text.contains("`\(word)`"), "\(word)") }
  }
}
