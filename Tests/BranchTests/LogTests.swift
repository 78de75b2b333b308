@_spi(Receipts) import BankCore
import BankTesting
import Files
import Foundation
import Glibc
import Logging
import Settings
import Testing

@testable import Branch

@Suite("The log")
struct LogTests {
  let scene: Scene
  var log: LogFile { LogFile(state: scene.folder, mostBytes: 200) }

  init() throws { scene = try Scene() }

  private func logger(_ level: String = "debug") -> Logger {
    let target = LogTarget()
    target.turn(to: LogFile(state: scene.folder), level: level)
    return Logger(label: "daybook.test") { LogFileHandler(label: $0, target: target) }
  }

  private func mode(_ name: String) throws -> Int? {
    let facts = try FileManager.default.attributesOfItem(atPath: "\(scene.folder)/\(name)")
    return (facts[.posixPermissions] as? NSNumber)?.intValue
  }

  // MARK: The file

  @Test("is its owner's alone, also where somebody has opened its rights")
  func modes() throws {
    #expect(log.append("one"))
    #expect(try mode("daybook.log") == 0o600)
    chmod(log.path, 0o666)
    #expect(log.append("two"))
    #expect(try mode("daybook.log") == 0o600)
    #expect(scene.read("daybook.log") == "one\ntwo\n")
  }

  @Test("begins another file when it is full, and keeps three")
  func rotation() throws {
    let line = String(repeating: "x", count: 98)
    for number in 10..<20 { #expect(log.append("\(number)\(line)")) }
    func numbers(_ name: String) -> [String]? {
      scene.read(name)?.split(separator: "\n").map { String($0.prefix(2)) }
    }
    #expect(numbers("daybook.log") == ["19"])
    #expect(numbers("daybook.log.1") == ["18"])
    #expect(numbers("daybook.log.3") == ["16"])
    #expect(scene.read("daybook.log.4") == nil)
    #expect(try mode("daybook.log.2") == 0o600)
  }

  @Test("cuts a line that is longer than any should be")
  func longLines() throws {
    let log = LogFile(state: scene.folder)
    #expect(log.append(String(repeating: "y", count: 100_000)))
    #expect(try #require(scene.read("daybook.log")).utf8.count == LogFile.longestLine + 1)
  }

  @Test("what cannot be renamed does not let it grow without end")
  func noRotation() throws {
    try FileManager.default.createDirectory(
      atPath: "\(log.path).1", withIntermediateDirectories: true)
    for _ in 0..<50 { log.append(String(repeating: "z", count: 50)) }
    let size = try #require(scene.read("daybook.log")).utf8.count
    #expect(size > 200 && size < 600)
    #expect(FileManager.default.subpaths(atPath: scene.folder)?.count == 2)
  }

  enum Stranger: CaseIterable {
    case pipe, folder, link, device

    /// False where this user may not make one.
    func put(at path: String) -> Bool {
      switch self {
      case .pipe: mkfifo(path, 0o600) == 0
      case .folder: mkdir(path, 0o700) == 0
      case .link: symlink("\(path).elsewhere", path) == 0
      case .device: mknod(path, S_IFCHR | 0o600, 0x107) == 0
      }
    }
  }

  @Test(
    "whatever else stands in its place is named and left alone, at once",
    arguments: Stranger.allCases)
  func strangers(_ stranger: Stranger) throws {
    guard stranger.put(at: log.path) else {
      #expect(stranger == .device, "only a device wants a right that somebody may lack")
      return
    }
    let began = ContinuousClock.now
    #expect(!log.append("one"))
    #expect(log.open() == nil)
    #expect(try #require(log.objection).sentence.contains("not an ordinary file"))
    #expect(ContinuousClock.now - began < .seconds(1))
    #expect(!FileManager.default.fileExists(atPath: "\(log.path).elsewhere"))
  }

  @Test("no folder is made for it")
  func noFolder() {
    let log = LogFile(state: "\(scene.folder)/not-there")
    #expect(!log.append("one") && log.objection == nil)
    #expect(!FileManager.default.fileExists(atPath: "\(scene.folder)/not-there"))
  }

  // MARK: What is in it

  @Test("has the lines of its level and above, each with its moment")
  func levels() throws {
    let info = logger("info")
    info.debug("no")
    info.info("yes", metadata: ["b": "2", "a": "1"])
    let text = try #require(scene.read("daybook.log"))
    #expect(!text.contains("no\n"))
    #expect(text.hasSuffix(" daybook.test: yes a=1 b=2\n"))
    #expect(text.wholeMatch(of: /\d{4}-\d\d-\d\dT[0-9:.]+Z info \d+ daybook\.test: .*\n/) != nil)
    logger("error").warning("neither")
    #expect(scene.read("daybook.log") == text)
  }

  @Test("says what ran, without its arguments")
  func processes() throws {
    let log = ProcessLog(logger())
    log.began("daybook.AccountCommand.Open", version: "1.0")
    log.ended(3)
    log.refused(Failure(.fault, code: "state", text: "s3cret at db", fix: "s3cret"))
    let text = try #require(scene.read("daybook.log"))
    #expect(text.contains("began command=account open version=1.0"))
    #expect(text.contains("ended status=3") && text.contains("refused to open code=state"))
    #expect(!text.contains("s3cret"))
    #expect(ProcessLog.words(ofType: "daybook.DaybookCommand") == "console")
    #expect(ProcessLog.words(ofType: "daybook.DepositCommand") == "deposit")
  }

  @Test("has ids, numbers, codes and counts of entries, and no customer")
  func entries() throws {
    let make = Fixtures()
    let log = ProcessLog(logger("info"))
    let entry = make.deposit(to: make.number("1001"), "777.77", memo: "rent of Novák")
    let draft = Request.capture(Draft(kind: .deposit, account: make.number("1001")))
    log.saw(draft, .receipt(Receipt(entry: entry, state: .posted, code: "x", at: make.now)))
    #expect(scene.read("daybook.log") == nil, "every day's entries are for debug")
    log.saw(draft, .receipt(Receipt(entry: entry, state: .recorded, code: "x", at: make.now)))
    let copy = Receipt(entry: entry, state: .recorded, code: "x", at: make.now, isCopy: true)
    log.saw(draft, .receipt(copy))
    log.saw(.resolve(entry.id, .refuse, note: "Novák is not his name"), .done)
    log.saw(.noteDone(make.id()), .failed(Failure(.outcomeUnknown)))
    let text = try #require(scene.read("daybook.log"))
    #expect(text.contains("released entry=\(entry.id) label=\(entry.label) reason=none"))
    #expect(text.split(separator: "\n").count { $0.contains("released") } == 1, "a copy is no news")
    #expect(text.contains("resolved entry=\(entry.id) resolution=refuse"))
    #expect(!text.contains("notice done"), "nothing was done")
    for word in ["Novák", "rent", "777", "1001"] { #expect(!text.contains(word), "\(word)") }
  }

  @Test(
    "keeps no password, wherever an address has it",
    arguments: [
      "postgres://ana:s3cret@db/books", "postgresql://ana@db/books?password=s3cret",
      "host=db user=ana password=s3cret", "host=db password='s3cret'",
      "postgres://db/books?sslpassword=s3cret", "password=s3cret",
    ])
  func secrets(_ address: String) throws {
    let log = logger()
    log.error("the address \(address) failed")
    log.error("failed", metadata: ["database": "\(address)", "text": "no way to \(address)"])
    let text = try #require(scene.read("daybook.log"))
    #expect(text.split(separator: "\n").count == 2)
    #expect(!text.contains("s3cret"), "\(text)")
  }

  @Test("one event is one line, and steers no terminal")
  func hidden() throws {
    logger().info("a\nb\u{1B}[31m", metadata: ["path": "x\ny"])
    let text = try #require(scene.read("daybook.log"))
    #expect(text.split(separator: "\n").count == 1 && !text.contains("\u{1B}"))
  }

  @Test("its level is a setting")
  func setting() throws {
    try scene.write("log: {level: debug}\n")
    #expect(try scene.options.settings(scene.surroundings).logLevel == "debug")
    try scene.write("log: {level: loud}\n")
    #expect(throws: SettingsFault.self) { try scene.options.settings(scene.surroundings) }
    try scene.write("theme: paper\n")
    #expect(try scene.options.settings(scene.surroundings).logLevel == "info")
  }
}
