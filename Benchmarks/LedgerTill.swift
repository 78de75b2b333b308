import BankCore
import BankService
import BankTesting
import Glibc
import Host
import ManualLedger
import RealParts
import SystemPackage

/// A till that works on a manual ledger of its own, on a real disk: beside this program, where the
/// package was built.
final class LedgerTill {
  let directory: FilePath
  private(set) var ledger: HostLedger
  private let fixtures = Fixtures()
  private var counter: Int64 = 0

  var terminal: TerminalName { fixtures.terminal.name }

  /// - Throws: `RealPartFault` when there is no disk to measure.
  init(_ name: String) async throws {
    directory = try await Self.makeDirectory(name)
    ledger = HostLedger(directory: directory, terminal: fixtures.terminal, isReadOnly: false)
  }

  func open() async throws {
    _ = try await ledger.open()
    let bank = BankIdentity(
      id: fixtures.bank.id, name: fixtures.bank.name, environment: fixtures.bank.environment,
      currency: fixtures.euro, timeZone: fixtures.bank.timeZone, epoch: 1, schema: 1)
    _ = try await ledger.begin(bank, fixtures.terminal)
  }

  /// Another start on the same files.
  func anotherLedger() -> HostLedger {
    HostLedger(directory: directory, terminal: fixtures.terminal, isReadOnly: false)
  }

  func remove() { try? Self.removeDirectory(directory) }

  func segmentPaths() async throws -> [String] {
    try POSIXVolume(directory).fileNames().filter { $0.hasSuffix(".ledger") }.sorted()
      .map { directory.appending($0).string }
  }

  // MARK: Work

  /// The next entry's line: a deposit at the counter, to one of a few thousand accounts.
  func deposit() -> LedgerRecord { .entry(EntryRecord(nextEntry())) }

  /// A working day: the first entry is never answered; half of the others are decided by the bank
  /// at once, and then an outage begins, in which they are released.
  func work(entries count: Int) async throws {
    var done = 0
    while done < count {
      var records: [LedgerRecord] = []
      for _ in 0..<min(1_000, count - done) {
        let entry = nextEntry()
        records.append(.entry(EntryRecord(entry)))
        done += 1
        if done == count / 2 { records.append(.mode(outage)) }
        if done == 1 || done > count / 2 {
          records.append(.released(release(of: entry)))
        } else {
          records.append(.outcome(outcome(of: entry)))
        }
      }
      _ = try await ledger.append(records)
    }
  }

  private func nextEntry() -> Entry {
    // Weeks at a till: an entry every twenty seconds.
    fixtures.now = fixtures.now.advanced(byMilliseconds: 19_000)
    let serial = fixtures.now.millisecondsSince1970 / 1_000
    fixtures.today = BusinessDay(daysSince1970: Int32(serial / 86_400))
    let account = fixtures.number("\(2_000_000_000 + serial * 7_919 % 5_000)")
    let amount = Money(minorUnits: 100 + serial * 31 % 90_000, fixtures.euro)
    return serial % 3 == 0
      ? fixtures.entry(
        .withdrawal, debit: account, credit: fixtures.till(), amount, memo: "cash")
      : fixtures.entry(
        .deposit, debit: fixtures.till(), credit: account, amount, memo: "Jana Benešová, rent")
  }

  private var outage: ModeRecord {
    ModeRecord(
      .outageBegan, cause: .connect, text: "The server refuses connections.",
      at: fixtures.now)
  }

  private func release(of entry: Entry) -> ReleaseRecord {
    ReleaseRecord(
      entry: entry.id, secondID: fixtures.id(), standing: Standing(released: entry.kind),
      wasSent: false, at: entry.capturedAt)
  }

  private func outcome(of entry: Entry) -> OutcomeRecord {
    counter += 1
    return OutcomeRecord(
      entry: entry.id,
      recorded: RecordedOutcome(
        outcome: .posted, flags: [], bookedAs: entry.id, bookingDate: entry.valueDate),
      acknowledgement: Acknowledgement(counter: counter, epoch: 1),
      at: entry.capturedAt.advanced(byMilliseconds: 12))
  }

  // MARK: The disk

  private static func makeDirectory(_ name: String) async throws -> FilePath {
    guard let program = realpath("/proc/self/exe", nil) else {
      throw RealPartFault("cannot find this program: \(Errno(rawValue: errno))")
    }
    defer { free(program) }
    let directory = FilePath(String(cString: program)).removingLastComponent()
      .appending("ledger-\(name)-\(getpid())")
    guard mkdir(directory.string, 0o700) == 0 else {
      throw RealPartFault("cannot make \(directory): \(Errno(rawValue: errno))")
    }
    let kind = try await Command.succeed(["stat", "-f", "-c", "%T", directory.string])
    guard !kind.hasPrefix("tmpfs") else {
      rmdir(directory.string)
      throw RealPartFault("\(directory) is in memory: there is no disk to measure")
    }
    return directory
  }

  private static func removeDirectory(_ directory: FilePath) throws {
    for name in try POSIXVolume(directory).fileNames() {
      unlink(directory.appending(name).string)
    }
    rmdir(directory.string)
  }
}

/// A file that is written without any ledger.
final class PlainFile {
  private let descriptor: FileDescriptor
  private var size: Int64 = 0

  init(_ path: FilePath) throws {
    descriptor = try FileDescriptor.open(
      path, .readWrite, options: [.create, .truncate], permissions: .ownerReadWrite)
  }

  deinit { try? descriptor.close() }

  /// One `pwrite` and one `fdatasync`.
  func appendAndSync(_ bytes: [UInt8]) throws {
    let written = try bytes.withUnsafeBytes {
      try descriptor.writeAll(toAbsoluteOffset: size, $0)
    }
    guard fdatasync(descriptor.rawValue) == 0 else {
      throw RealPartFault("fdatasync: \(Errno(rawValue: errno))")
    }
    size += Int64(written)
  }
}

func fileSize(_ path: FilePath) throws -> Int64 {
  var status = stat()
  guard stat(path.string, &status) == 0 else {
    throw RealPartFault("cannot look at \(path): \(Errno(rawValue: errno))")
  }
  return Int64(status.st_size)
}

func readBytes(_ path: FilePath, from offset: Int64, count: Int64) throws -> [UInt8] {
  let descriptor = try FileDescriptor.open(path, .readOnly)
  defer { try? descriptor.close() }
  return try [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, filled in
    filled = try descriptor.read(
      fromAbsoluteOffset: offset, into: UnsafeMutableRawBufferPointer(buffer))
  }
}
