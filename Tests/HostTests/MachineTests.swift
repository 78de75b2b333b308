import BankCore
import Files
import Foundation
import ManualLedger
import RealParts
import SystemPackage
import Testing

@testable import Host

@Suite("Clock, calendar, ids and places of the machine")
struct MachineTests {
  @Test("The monotonic clock never goes back; the other one knows this century")
  func clock() {
    let clock = SystemClock()
    let first = clock.monotonicMilliseconds
    #expect(clock.monotonicMilliseconds >= first)
    #expect(clock.now > Instant(millisecondsSince1970: 1_700_000_000_000))
  }

  @Test("This run of the machine has a name that stays, and a clock that nobody sets")
  func boot() {
    let clock = SystemClock()
    let first = clock.uptimeMilliseconds
    #expect(!clock.boot.isEmpty && clock.boot == SystemClock().boot)
    #expect(first > 0 && clock.uptimeMilliseconds >= first)
  }

  @Test("A folder's lock has one holder, and goes with it")
  func folderLock() throws {
    let caretaker = try Caretaker("lock")
    let folder = FilePath(caretaker.directory)
    var first = try FolderLock.acquire(in: folder)
    #expect(first != nil)
    #expect(try FolderLock.acquire(in: folder) == nil)
    first = nil
    #expect(try FolderLock.acquire(in: folder) != nil)
    #expect(throws: VolumeFault.self) { try FolderLock.acquire(in: folder.appending("nowhere")) }
  }

  @Test("Ids are version 7, different, and sort by time")
  func ids() {
    let now = SystemClock().now
    let ids = (0..<1000).map { _ in Identifier.minted(at: now) }
    #expect(Set(ids).count == 1000)
    #expect(ids.allSatisfy { $0.description.dropFirst(14).first == "7" })
    #expect(ids.allSatisfy { $0 < Identifier.minted(at: now.advanced(byMilliseconds: 1)) })
  }

  @Test(
    "Midnight in the bank's time zone ends the business day",
    arguments: [
      ("2026-11-23T22:59:59.999Z", "Europe/Prague", "2026-11-23"),
      ("2026-11-23T23:00:00.000Z", "Europe/Prague", "2026-11-24"),
      ("2026-07-01T21:59:59.999Z", "Europe/Prague", "2026-07-01"),
      ("2026-07-01T22:00:00.000Z", "Europe/Prague", "2026-07-02"),
      ("2026-11-23T00:30:00.000Z", "America/New_York", "2026-11-22"),
      ("2026-11-23T18:15:00.000Z", "Asia/Kathmandu", "2026-11-24"),
      ("1969-12-31T23:59:59.999Z", "UTC", "1969-12-31"),
    ])
  func businessDay(instant: String, zone: String, day: String) throws {
    let calendar = try #require(BankCalendar(timeZone: zone))
    let instant = try #require(Instant(instant))
    #expect(calendar.businessDay(of: instant).description == day)
  }

  @Test("A time zone nobody knows is no calendar")
  func unknownZone() { #expect(BankCalendar(timeZone: "Europe/Atlantis") == nil) }

  @Test(
    "A clock is ahead of UTC by its zone and season, and by nothing where the zone is not known")
  func ahead() throws {
    let (winter, summer) = (Instant("2026-11-23T12:00:00Z"), Instant("2026-07-01T12:00:00Z"))
    for (instant, zone, seconds) in [
      (winter, "Europe/Prague", 3_600), (summer, "Europe/Prague", 7_200),
      (winter, "Asia/Kathmandu", 20_700), (winter, "Europe/Atlantis", 0), (winter, nil, 0),
    ] {
      #expect(
        BankCalendar.secondsAhead(at: try #require(instant), in: zone) == seconds, "\(zone ?? "")")
    }
  }

  @Test("What is kept of a time zone is what the system says, in any order and near each change")
  func offsets() throws {
    var random = SeededRandom(seed: 7)
    for zone in [
      "Europe/Prague", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu", "Africa/Monrovia",
    ] {
      let known = try #require(TimeZone(identifier: zone))
      var moments = (0..<400).map { _ in Double(random.number(-2_000_000_000...2_000_000_000)) }
      var change = Date(timeIntervalSince1970: -100_000)
      while let next = known.nextDaylightSavingTimeTransition(after: change), moments.count < 460 {
        moments += [-1, -0.001, 0, 1, 1_800].map { next.timeIntervalSince1970 + $0 }
        change = next
      }
      // The second time it is kept.
      for moment in moments + moments {
        let instant = Instant(millisecondsSince1970: Int64((moment * 1000).rounded()))
        let date = Date(timeIntervalSince1970: Double(instant.millisecondsSince1970) / 1000)
        #expect(
          BankCalendar.knownSecondsAhead(at: instant, in: zone) == known.secondsFromGMT(for: date),
          "\(zone) \(instant)")
      }
    }
    #expect(BankCalendar.knownSecondsAhead(at: SystemClock().now, in: "Europe/Atlantis") == nil)
  }

  @Test("The login name is a name")
  func login() { #expect(!LoginName.current.isEmpty) }

  @Test("A network file system is refused in words; a local disk is not")
  func networkFileSystems() throws {
    let mounts = """
      24 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
      90 24 0:52 / /home rw shared:7 master:2 - nfs4 server:/home rw,vers=4.2
      91 24 0:53 / /mnt/my\\040disk rw - fuse.sshfs host: rw
      """
    #expect(FileSystemKind.name(of: "8:1", in: mounts) == "ext4")
    #expect(FileSystemKind.name(of: "0:52", in: mounts) == "nfs4")
    #expect(FileSystemKind.name(of: "0:53", in: mounts) == "fuse.sshfs")
    #expect(FileSystemKind.name(of: "9:9", in: mounts) == nil)
    try FileSystemKind(name: "ext4", path: "/state").requireLocal()
    try FileSystemKind(name: nil, path: "/state").requireLocal()
    let refusal = #expect(throws: (any Error).self) {
      try FileSystemKind(name: "nfs4", path: "/home/ana").requireLocal()
    }
    #expect(
      "\(String(describing: refusal))".contains("/home/ana is on a network file system (nfs4)"))
  }

  @Test("The holder's line in the lock file is read back; anything else is nobody")
  func holder() throws {
    let now = Instant(millisecondsSince1970: 1_795_422_000_000)
    let holder = TerminalLock.Holder(process: 17, host: "branch-2", since: now)
    #expect(TerminalLock.Holder(line: holder.line) == holder)
    #expect(TerminalLock.Holder(line: "") == nil)
    #expect(TerminalLock.Holder(line: "x y z") == nil)
    #expect(TerminalLock.Holder(line: String(holder.line.dropLast())) == nil)
  }

  @Test("A holder that has not named itself yet is waited for, for a moment")
  func unnamed() throws {
    let path = NSTemporaryDirectory() + "daybook-lock-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let own = TerminalLock.Holder(
      process: getpid(), host: TerminalLock.hostName,
      since: Instant(millisecondsSince1970: 1_795_422_000_000))
    let descriptor = try OrdinaryFile.lockFile(path)
    let holding = try OrdinaryFile.lockFile(path)
    defer { for file in [descriptor, holding] { close(file) } }
    var pauses = 0
    let named = TerminalLock.holder(descriptor) {
      pauses += 1
      if pauses == 3 {
        _ = Array(own.line.utf8).withUnsafeBytes { pwrite(holding, $0.baseAddress, $0.count, 0) }
      }
    }
    #expect(named == own && pauses == 3)
  }
}
