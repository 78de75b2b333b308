import BankCore
import BankService
import BankTesting
import Foundation
import ManualLedger
import RealParts
import SystemPackage
import Testing

@testable import Host

@Suite("The manual ledger on a real disk")
struct RealDiskTests {
  let probe: Probe
  let owner: LedgerOwner
  let now = SystemClock().now

  init() throws {
    probe = try Probe()
    let name = try #require(TerminalName("till-1"))
    owner = LedgerOwner(
      bank: Identifier(high: 1, low: 1),
      terminal: TerminalIdentity(id: Identifier(high: 2, low: 2), name: name))
  }

  private func volume() throws -> POSIXVolume { try POSIXVolume(FilePath(probe.state)) }

  private func open() throws -> LedgerWriter {
    try LedgerWriter.open(on: try volume(), owner: owner, at: now)
  }

  /// What the probe said may be told: numbers with the hashes of their lines.
  private func told(_ output: String) -> [Int64: String] {
    var told: [Int64: String] = [:]
    for line in output.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.first == "told", words.count == 3, let number = Int64(words[1]) {
        told[number] = String(words[2])
      }
    }
    return told
  }

  /// Every told entry is there, under its number and hash, and no number is missing.
  private func check(_ told: [Int64: String], _ state: LedgerState) {
    let found = Dictionary(
      state.entries.map { ($0.entry.number, $0) }, uniquingKeysWith: { first, _ in first })
    for (number, hash) in told {
      #expect(found[number]?.lineHash.description == hash, "entry \(number)")
      #expect(found[number]?.isUntold == false, "entry \(number)")
    }
    #expect(found.keys.sorted() == Array(1..<state.nextNumber))
    #expect(state.irregularities.isEmpty)
  }

  @Test("A volume makes, grows, shortens, protects and removes files")
  func volumeStory() throws {
    let volume = try volume()
    try volume.create("a")
    #expect(throws: VolumeFault.self) { try volume.create("a") }
    try volume.write([1, 2, 3], to: "a", at: 0)
    try volume.write([9, 9], to: "a", at: 4)
    try volume.synchronize("a")
    try volume.synchronizeDirectory()
    #expect(try volume.read("a", from: 0, count: 100) == [1, 2, 3, 0, 9, 9])
    #expect(try volume.read("a", from: 4, count: 1) == [9])
    try volume.truncate("a", to: 2)
    #expect(try volume.size(of: "a") == 2)
    volume.close("a")
    #expect(try volume.read("a", from: 0, count: 5) == [1, 2])
    try volume.makeReadOnly("a")
    let mode = try FileManager.default.attributesOfItem(atPath: probe.state + "/a")
    #expect(mode[.posixPermissions] as? Int == 0o400)
    #expect(try volume.fileNames() == ["a"])
    try volume.remove("a")
    #expect(try volume.fileNames().isEmpty)
    #expect(try volume.freeBytes() > 0)
  }

  @Test("A volume says what it could not do, on what, and why")
  func volumeFaults() throws {
    let volume = try volume()
    #expect(throws: VolumeFault.self) { try POSIXVolume(FilePath("/proc/daybook/state")) }
    do throws(VolumeFault) {
      _ = try volume.read("absent", from: 0, count: 1)
      Issue.record("reading an absent file succeeded")
    } catch {
      #expect(error.kind == .missing)
      #expect(error.text == "cannot open \(probe.state)/absent: No such file or directory")
    }
  }

  @Test("Only the owner may read the ledger")
  func permissions() throws {
    let writer = try open()
    writer.close()
    for (name, mode) in [("", 0o700), ("/till-1.000001.ledger", 0o600), ("/till-1.mark", 0o600)] {
      let attributes = try FileManager.default.attributesOfItem(atPath: probe.state + name)
      #expect(attributes[.posixPermissions] as? Int == mode, "\(name)")
    }
  }

  @Test("Full segments are sealed by themselves, and nobody may write to a sealed one")
  func rotation() throws {
    let limit: Int64 = 4_000
    let fixtures = Fixtures()
    let writer = try LedgerWriter.open(
      on: try volume(), owner: owner, segmentByteLimit: limit, at: now)
    for number in 1...30 {
      let entry = fixtures.entry(
        .deposit, debit: fixtures.till(), credit: fixtures.number("2378"),
        fixtures.money("12.00"), number: Int64(number))
      try writer.append([.entry(EntryRecord(entry))], at: now)
    }
    writer.close()
    #expect(writer.segment >= 4)
    for segment in 1...writer.segment {
      let path = "\(probe.state)/till-1.00000\(segment).ledger"
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      let isLast = segment == writer.segment
      #expect(attributes[.posixPermissions] as? Int == (isLast ? 0o600 : 0o400), "\(path)")
      // One line may reach beyond the limit, and the seal stands behind it.
      #expect(try #require(attributes[.size] as? Int64) < limit + 2_000)
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.contains("\"type\":\"seal\",\"cause\":\"full\"") == !isLast)
    }
    #expect(try open().state.waitingCount == 30)
  }

  @Test("A desk is told of a loss at every start until it is accepted, and never again")
  func acceptedLoss() async throws {
    let writer = try LedgerWriter.open(
      on: try volume(), owner: owner, segmentByteLimit: 2_000, at: now)
    let fixtures = Fixtures()
    for number in 1...9 {
      let entry = fixtures.entry(
        .deposit, debit: fixtures.till(), credit: fixtures.number("2378"),
        fixtures.money("12.00"), number: Int64(number))
      try writer.append([.entry(EntryRecord(entry))], at: now)
    }
    writer.close()
    let file = URL(filePath: probe.state + "/till-1.000002.ledger")
    var bytes = try Data(contentsOf: file)
    bytes[bytes.count / 2] ^= 4
    // Root may write where the file's rights forbid it; the owner has to replace it.
    try FileManager.default.removeItem(at: file)
    try bytes.write(to: file)

    for start in 1...3 {
      let ledger = HostLedger(
        directory: FilePath(probe.state), terminal: owner.terminal, isReadOnly: false)
      let contents = try await ledger.open()
      #expect(contents.isDamaged == (start < 3), "start \(start)")
      #expect((contents.notice != nil) == (start < 3), "start \(start)")
      if start == 2 {
        let lifted = ModeRecord(
          .quarantineLifted, cause: .ledgerDamaged, operatorName: "sup", at: now)
        _ = try await ledger.append([.mode(lifted)])
      }
      await ledger.close()
    }
    let found = try LedgerReading(of: owner.terminal.name, on: try volume())
    #expect(!found.isSound && found.newLosses.isEmpty)
  }

  @Test("A writer killed at any moment: what it said is there, and the next one goes on")
  func killed() async throws {
    let result = try await probe.run(
      """
      for delay in 0.05 0.1 0.15 0.2 0.25 0.3 0.35 0.4 0.45 0.5; do
        timeout -s KILL $delay "$PROBE" write "$STATE"
      done
      """)
    let told = told(result.standardOutput)
    #expect(!told.isEmpty, "\(result.standardOutput)\(result.standardError)")
    let writer = try open()
    #expect(!writer.recovery.needsPerson, "\(writer.recovery.reports)")
    check(told, writer.state)
  }

  @Test("A second writer is turned away by the name of the first; a dead one holds nothing")
  func twoWriters() async throws {
    let result = try await probe.run(
      """
      mkfifo in out
      "$PROBE" hold "$STATE" < in > out & holder=$!
      exec 3> in
      read -r line < out; echo "first $line $holder"
      "$PROBE" hold "$STATE" < /dev/null; echo "second $?"
      kill -KILL $holder; wait $holder
      "$PROBE" hold "$STATE" < /dev/null; echo "third $?"
      """)
    let lines = result.standardOutput.split(separator: "\n").map(String.init)
    try #require(lines.count == 5, "\(lines)\(result.standardError)")
    let holder = lines[0].split(separator: " ").last ?? ""
    #expect(lines[0].hasPrefix("first held "))
    #expect(lines[1].hasPrefix("locked till-1 is in use by process \(holder) on "))
    #expect(lines[2...] == ["second 4", "held", "third 0"])
  }

  @Test("Two locks in one process exclude each other too")
  func twoLocks() throws {
    _ = try volume()
    let directory = FilePath(probe.state)
    let name = owner.terminal.name
    do {
      let first = try TerminalLock(name, in: directory, at: now)
      defer { withExtendedLifetime(first) {} }
      do throws(TerminalLock.Fault) {
        _ = try TerminalLock(name, in: directory, at: now)
        Issue.record("the second lock was given")
      } catch {
        guard case .held(let holder?, name) = error else {
          Issue.record("\(error)")
          return
        }
        #expect(holder.process == ProcessInfo.processInfo.processIdentifier)
        #expect(holder.since == now)
      }
    }
    _ = try TerminalLock(name, in: directory, at: now)
  }

  @Test("Who holds a lock is told by this machine's clock, as people say it")
  func holderInWords() throws {
    let holder = TerminalLock.Holder(process: 42, host: "desk-3", since: now)
    let today = holder.description(at: now)
    #expect(try #/process 42 on desk-3, since \d\d:\d\d/#.wholeMatch(in: today) != nil, "\(today)")
    let later = holder.description(at: now.advanced(byMilliseconds: 3 * 86_400_000))
    #expect(
      try #/process 42 on desk-3, since \d{4}-\d\d-\d\d \d\d:\d\d/#.wholeMatch(in: later) != nil,
      "\(later)")
  }

  @Test("A lock that was given back is free, though a child still has the open file")
  func givenBack() throws {
    _ = try volume()
    let directory = FilePath(probe.state)
    let name = owner.terminal.name
    let path = directory.appending(LedgerNames(name).lock)
    var child: FileDescriptor?
    do {
      let first = try TerminalLock(name, in: directory, at: now)
      defer { withExtendedLifetime(first) {} }
      // A child that was forked and has not come to its exec holds a duplicate of each descriptor.
      child = try duplicate(of: path)
    }
    defer { try? child?.close() }
    _ = try TerminalLock(name, in: directory, at: now)
  }

  /// A duplicate of the descriptor by which this process has a file open.
  private func duplicate(of path: FilePath) throws -> FileDescriptor {
    for number in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
      let target = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "/proc/self/fd/\(number)")
      guard target == path.string, let number = Int32(number) else { continue }
      return try FileDescriptor(rawValue: number).duplicate()
    }
    throw Errno.badFileDescriptor
  }

  @Test("Whoever is refused is told the holder, and never anybody else")
  func namesNobodyElse() throws {
    _ = try volume()
    let directory = FilePath(probe.state)
    let name = owner.terminal.name
    let path = directory.appending(LedgerNames(name).lock).string
    func holder() -> TerminalLock.Holder? {
      do throws(TerminalLock.Fault) {
        _ = try TerminalLock(name, in: directory, at: now)
        Issue.record("the lock was given")
        return nil
      } catch {
        guard case .held(let holder, name) = error else {
          Issue.record("\(error)")
          return nil
        }
        return holder
      }
    }
    let own = ProcessInfo.processInfo.processIdentifier
    do {
      let lock = try TerminalLock(name, in: directory, at: now)
      defer { withExtendedLifetime(lock) {} }
      let line = try String(contentsOfFile: path, encoding: .utf8)
      #expect(holder()?.process == own)
      // What a killed holder has left is read before the new one has written: a process that is gone,
      // or one that has its number by now and does not have the file.
      for process in [1, 4_194_303] as [Int32] {
        let words = line.split(separator: " ").dropFirst().joined(separator: " ")
        try overwrite(path, "\(process) \(words)")
        #expect(holder() == nil, "\(process)")
      }
      // Half a line, and none.
      try overwrite(path, String(line.dropLast(3)))
      #expect(holder() == nil)
      try overwrite(path, "")
      #expect(holder() == nil)
    }
    // Who has given it back is not named to the next one.
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)).isEmpty)
  }

  /// In its place: another file would have no lock.
  private func overwrite(_ path: String, _ text: String) throws {
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.truncate(atOffset: 0)
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }

  @Test("No room for the file: the entry is refused, what was told stays")
  func noRoom() async throws {
    let result = try await probe.run(
      "(ulimit -f 40; \"$PROBE\" write \"$STATE\"); echo \"status $?\"")
    #expect(result.standardOutput.contains("status 3"), "\(result.standardOutput.suffix(200))")
    #expect(result.standardOutput.contains("fault The disk of the manual ledger is full"))
    let told = told(result.standardOutput)
    #expect(told.count > 10)
    let writer = try open()
    #expect(!writer.recovery.needsPerson)
    #expect(writer.recovery.untold.isEmpty)
    check(told, writer.state)
  }
}
