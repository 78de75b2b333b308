@_spi(Receipts) import BankCore
import BankTesting
import Branch
import Foundation
import Settings
import Testing

/// Slips on real commands: what they say, which of them are copies, and what becomes of a printer that
/// fails.
@Suite("Slips") struct SlipsTests {
  let scene: Scene
  let make = Fixtures()

  init() throws {
    scene = try Scene()
    try FileManager.default.createDirectory(atPath: scene.state, withIntermediateDirectories: true)
  }

  /// A printer that is that shell script.
  private func slips(_ script: String?, patience: Duration = .seconds(30)) throws -> Slips {
    if let script {
      let file = try scene.write(script, "printer.sh")
      try scene.write("print: [sh, '\(file)']\n")
    }
    return Slips(try scene.workplace(), patience: patience)
  }

  private func receipt(
    _ state: Receipt.State = .posted, isCopy: Bool = false, _ entry: Entry? = nil
  ) -> Receipt {
    Receipt(
      entry: entry ?? make.deposit(to: make.number("1001"), "12.00"), state: state,
      code: "C31A 7557", at: make.now, isCopy: isCopy)
  }

  private func failure(_ print: () async throws -> Int) async throws -> Failure {
    do { _ = try await print() } catch let failure as Failure { return failure }
    throw Unprinted()
  }

  private struct Unprinted: Error {}

  private var paper: String { scene.read("paper") ?? "" }

  @Test("a slip goes to the command's standard input; the second one is COPY 2, the third COPY 3")
  func copies() async throws {
    let slips = try slips("cat > '\(scene.folder)/paper'")
    let receipt = receipt()
    #expect(try await slips.print(receipt, of: make.identity) == 1)
    #expect(paper.hasPrefix("POSTED\n") && !paper.contains("COPY"))
    #expect(paper.contains("\(make.identity.name)  till-1"))
    #expect(paper.contains("RECEIVED 12.00") && paper.contains("value date "))
    #expect(try await slips.print(receipt, of: make.identity) == 2)
    #expect(paper.contains("COPY 2\n"))
    let again = try self.slips(nil)
    #expect(try await again.print(receipt, of: nil) == 3, "another process counts on")
    #expect(try await again.print(self.receipt(), of: nil) == 1, "each entry has its own")
  }

  @Test("what was shown before is a copy, although it was never printed")
  func shown() async throws {
    let slips = try slips("cat > '\(scene.folder)/paper'")
    #expect(try await slips.print(receipt(isCopy: true), of: nil) == 2)
    #expect(paper.contains("COPY 2\n"))
  }

  @Test("cash is only said to have moved where it has")
  func deeds() {
    func text(_ state: Receipt.State, _ entry: Entry) -> String {
      Slip(receipt(state, entry), Wording(), number: 1).text
    }
    let (deposit, withdrawal) = (
      make.deposit(to: make.number("1001"), "1.00"),
      make.withdrawal(from: make.number("1001"), "1.00")
    )
    for state in [Receipt.State.posted, .recorded, .suspense] {
      #expect(text(state, deposit).contains("RECEIVED 1.00"))
      #expect(text(state, withdrawal).contains("PAID OUT 1.00"))
    }
    for state in [Receipt.State.taken, .refused, .unknown, .voided, .blocked] {
      #expect(text(state, deposit).contains("deposit 1.00"))
      #expect(text(state, withdrawal).contains("withdrawal 1.00"))
    }
  }

  @Test("the booking date stands on it where it is another day than its time")
  func bookingDate() {
    func text(_ day: BusinessDay?) -> String {
      let receipt = Receipt(
        entry: make.deposit(to: make.number("1001"), "1.00"), state: .posted, code: "",
        at: make.now,
        bookingDate: day)
      return Slip(receipt, Wording(), number: 1).text
    }
    let today = BusinessDay(Wording().date(make.now))
    #expect(!text(today).contains("booking date") && !text(nil).contains("booking date"))
    let tomorrow = today?.advanced(byDays: 1)
    #expect(tomorrow.map { text($0).contains("\nbooking date \($0)\n") } == true)
  }

  @Test("a bank's own texts stand in the place of ours on paper, and change no figure")
  func ownTexts() async throws {
    let file = try scene.write("cat > '\(scene.folder)/paper'", "printer.sh")
    try scene.write(
      "print: [sh, '\(file)']\nslip:\n  heading: RIVERSIDE\n  posted: BOOKED\n"
        + "  received: PAID IN\n  value_date: counts from\n  closing: Thank you.\n")
    let slips = Slips(try scene.workplace())
    _ = try await slips.print(receipt(), of: make.identity)
    #expect(paper.hasPrefix("RIVERSIDE\nBOOKED\n") && paper.hasSuffix("\nThank you.\n"))
    #expect(paper.contains("PAID IN 12.00") && paper.contains("\ncounts from "))
    _ = try await slips.print(receipt(.unknown), of: nil)
    #expect(paper.contains("OUTCOME UNKNOWN: PAY NOTHING"), "what warns is never replaced")
  }

  @Test("a printer that fails is quoted, and no copy is counted")
  func fails() async throws {
    let broken = try slips("cat >/dev/null; echo 'out of paper.' >&2; echo more >&2; exit 3")
    let receipt = receipt()
    let failure = try await failure { try await broken.print(receipt, of: nil) }
    #expect(failure.text == "The slip is not printed. sh: out of paper.")
    #expect(failure.fix.contains("The entry itself is recorded."))
    let mute = try slips("exit 4")
    #expect(
      try await self.failure { try await mute.print(receipt, of: nil) }.text
        == "The slip is not printed. sh: it ended with status 4.")
    let works = try slips("cat > '\(scene.folder)/paper'")
    #expect(try await works.print(receipt, of: nil) == 1)
  }

  @Test("a printer that hangs is stopped with all that it has started")
  func hangs() async throws {
    let slips = try slips(
      "sleep 61 & echo $! > '\(scene.folder)/child'; sleep 62", patience: .milliseconds(700))
    let began = ContinuousClock.now
    let failure = try await failure { try await slips.print(receipt(), of: nil) }
    #expect(failure.text.contains("sh: it did not end within"))
    #expect(ContinuousClock.now - began < .seconds(20))
    let child = try #require(Int32((scene.read("child") ?? "").filter(\.isNumber)))
    var isThere = true
    while isThere, ContinuousClock.now - began < .seconds(20) {
      isThere = kill(child, 0) == 0 && !Self.isDead(child)
      await Task.yield()
    }
    #expect(!isThere)
  }

  private static func isDead(_ process: Int32) -> Bool {
    let facts = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    return facts?.contains(") Z ") ?? true
  }

  @Test("a printer that says without end what is wrong is quoted in part")
  func talks() async throws {
    let slips = try slips("yes wrong | head -c 3000000 >&2; exit 1")
    let failure = try await failure { try await slips.print(receipt(), of: nil) }
    #expect(failure.text == "The slip is not printed. sh: wrong.")
  }

  @Test("one that is not there, and none at all")
  func absent() async throws {
    let none = try slips(nil)
    #expect(try await failure { try await none.print(receipt(), of: nil) } == .noPrinter)
    try scene.write("print: [no-such-printer-here]\n")
    let missing = Slips(try scene.workplace())
    let failure = try await failure { try await missing.print(receipt(), of: nil) }
    #expect(failure.text.contains("no-such-printer-here") && failure.code == "print")
  }

  @Test("one that ends before it reads, many times")
  func readsNothing() async throws {
    let slips = try slips("exit 3")
    for _ in 0..<10 {
      let failure = try await failure { try await slips.print(receipt(), of: nil) }
      #expect(failure.text.contains("it ended with status 3"))
    }
  }

  @Test("what stands in the place of the count keeps no slip back")
  func oddCount() async throws {
    try FileManager.default.createDirectory(
      atPath: "\(scene.state)/slips.printed", withIntermediateDirectories: true)
    let slips = try slips("cat > '\(scene.folder)/paper'")
    #expect(try await slips.print(receipt(), of: nil) == 1)
    #expect(try await slips.print(receipt(isCopy: true), of: nil) == 2)
  }
}
