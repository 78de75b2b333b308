import Foundation
import Glibc
import RealParts
import Testing

extension EndToEnd {
  /// Slips on real commands, and a form that is taken away half typed.
  @Suite("Slips, and what is half typed")
  struct SlipTests {
    /// A till whose slips go to that shell script.
    private func till(_ script: String, _ branch: Branch) throws {
      let folder = "\(branch.till.home)/config/daybook"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let printer = "\(branch.till.home)/printer.sh"
      try script.write(toFile: printer, atomically: true, encoding: .utf8)
      try "print: [sh, '\(printer)']\n".write(
        toFile: "\(folder)/config.yaml", atomically: true, encoding: .utf8)
    }

    private func paper(_ branch: Branch) -> String {
      (try? String(contentsOfFile: "\(branch.till.home)/paper", encoding: .utf8)) ?? ""
    }

    @Test("a slip is printed by itself, on a key, offline and in lines", arguments: [false, true])
    func prints(_ isPlain: Bool) async throws {
      let branch = try await Branch.open()
      try till("cat >> '\(branch.till.home)/paper'", branch)
      let arguments = isPlain ? ["--plain"] : []
      let console = try await branch.till.open(arguments: arguments)
      try await console.waitFor(isPlain ? "Online." : "ONLINE")
      try await console.waitFor("ANA")
      try await console.type("d")
      try await console.waitFor("Deposit")
      try await console.type("12")
      try await console.send("Enter", "Enter")
      // A line that is heard breaks anywhere on the screen.
      try await console.waitFor(isPlain ? "Type post" : "Posted now")
      try await post(console, isPlain)
      try await console.waitFor("The slip of")
      try await eventually("the slip") { paper(branch).contains("POSTED\n") }
      #expect(paper(branch).contains("RECEIVED 12.00 EUR") && !paper(branch).contains("COPY"))
      try await console.waitIdle()
      try await console.type("i")
      try await console.waitFor("Copy 2 of the slip")
      #expect(paper(branch).contains("COPY 2\n"))
      await console.close()
      // A console that closes early leaves the copy of the books half made; a command waits for it.
      try await branch.json("account", "show", "ANA")

      try branch.takeBankAway()
      let away = try await branch.till.open(arguments: arguments)
      try await away.waitFor(isPlain ? "Manual ledger." : "MANUAL LEDGER")
      try await away.waitIdle()
      try await away.type(":d ANA 7 rent")
      try await away.send("Enter")
      try await away.waitFor(isPlain ? "Type post" : "To the manual ledger")
      try await post(away, isPlain)
      try await eventually("the slip of the outage") {
        paper(branch).contains("RECORDED, NOT YET IN THE ACCOUNT")
      }
      await away.close()
    }

    /// By a key on a full screen, and by a typed word where the review is heard.
    private func post(_ console: Tmux, _ isPlain: Bool) async throws {
      try await console.waitIdle()
      try await console.type(isPlain ? "post" : "p")
      if isPlain { try await console.send("Enter") }
    }

    @Test("a printer that fails is quoted; the entry is recorded all the same")
    func fails() async throws {
      let branch = try await Branch.open()
      try till("cat >/dev/null; echo 'out of paper' >&2; exit 1", branch)
      let console = try await branch.till.open(columns: 120, rows: 40)
      try await console.waitFor("ONLINE")
      try await console.post("d ANA 12", as: "deposit", receipt: "POSTED")
      try await console.waitFor("till-1/0001: The slip is not printed. sh: out of paper.")
      try await console.waitFor("NOT PRINTED")
      await console.close()
      #expect(try await branch.balance("ANA") == "12.00 live")
    }

    @Test("a printer that hangs holds up neither keys, nor the next entry, nor the end")
    func hangs() async throws {
      let branch = try await Branch.open()
      try till("cat >/dev/null; sleep 40", branch)
      let console = try await branch.till.open()
      try await console.waitFor("ONLINE")
      try await console.post("d ANA 12", as: "deposit", receipt: "POSTED")
      try await console.waitFor("at the printer")
      let began = ContinuousClock.now
      try await console.post("d BOB 7", as: "deposit", receipt: "0002")
      try await console.send("Escape")
      try await console.waitIdle()
      try await console.type("q")
      #expect(try await console.waitEnd() == 0)
      #expect(ContinuousClock.now - began < .seconds(20))
      #expect(try await branch.balance("BOB") == "7.00 live")
    }

    // MARK: Half typed

    private func typeHalf(_ branch: Branch) async throws -> Tmux {
      let console = try await branch.till.open()
      try await console.waitFor("ONLINE")
      try await console.waitFor("> ANA")
      try await console.type("d")
      try await console.waitFor("Deposit")
      try await console.type("12.50")
      try await console.send("Enter")
      try await console.type("rent")
      try await console.waitIdle()
      return console
    }

    private func goOn(_ branch: Branch) async throws {
      let console = try await branch.till.open()
      try await console.waitFor("An unfinished deposit to ANA was kept.")
      try await console.send("Enter")
      try await console.waitFor("rent")
      try await console.send("Enter")
      try await console.waitFor("p post   P post, next")
      try await console.waitIdle()
      try await console.type("p")
      try await console.waitFor("POSTED")
      await console.close()
      #expect(try await branch.balance("ANA") == "12.50 live")
      let after = try await branch.till.open()
      try await after.waitFor("12.50")
      try await after.waitIdle()
      #expect(try await !after.screen().joined().contains("unfinished"))
      await after.close()
    }

    @Test("what is half typed survives a kill", arguments: [SIGKILL, SIGHUP, SIGTERM])
    func killed(_ signal: Int32) async throws {
      let branch = try await Branch.open()
      let console = try await typeHalf(branch)
      try await console.signal(signal)
      _ = try await console.waitEnd()
      #expect(try await branch.json("ledger", "list")["entries"].list?.isEmpty == true)
      try await goOn(branch)
    }

    @Test("and a terminal that is taken away")
    func hungUp() async throws {
      let branch = try await Branch.open()
      let console = try await typeHalf(branch)
      let process = try await console.process()
      try await console.hangUp()
      try await eventually("the end of the console") { kill(process, 0) != 0 }
      try await goOn(branch)
    }

    @Test("and ctrl-c; x drops it for good")
    func dropped() async throws {
      let branch = try await Branch.open()
      let console = try await typeHalf(branch)
      try await console.send("C-c")
      try await console.waitFor("It is kept.")
      try await console.send("C-c")
      #expect(try await console.waitEnd() == 0)
      let next = try await branch.till.open()
      try await next.waitFor("An unfinished deposit to ANA was kept.")
      try await next.waitIdle()
      try await next.type("x")
      try await next.waitFor("What was half typed is dropped.")
      await next.close()
      let last = try await branch.till.open()
      try await last.waitFor("> ANA")
      try await last.waitIdle()
      #expect(try await !last.screen().joined().contains("unfinished"))
      await last.close()
    }

    @Test("templates and keys that are wrong are named with their lines")
    func templates() async throws {
      let branch = try await Branch.open()
      let folder = "\(branch.till.home)/config/daybook"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      func write(_ text: String) throws {
        try text.write(toFile: "\(folder)/config.yaml", atomically: true, encoding: .utf8)
      }
      try write("templates:\n  rent: x 5\nkeys:\n  depositt: D\n")
      let wrong = try await branch.till.open(columns: 160)
      try await wrong.waitFor("config.yaml:2: templates: rent: 'x 5' is no entry")
      try await wrong.waitFor("config.yaml:4: keys: depositt: no action has that name")
      await wrong.close()
      try write("templates:\n  rent: d ANA 12 rent july\ncontrol:\n  retype_above: 10\n")
      let console = try await branch.till.open()
      try await console.waitFor("ONLINE")
      try await console.type(":rent")
      try await console.waitFor("d ANA 12 rent july")
      try await console.send("Enter")
      try await console.waitFor("p type the amount again")
      try await console.waitIdle()
      try await console.type("p12")
      try await console.send("Enter")
      try await console.waitFor("The amounts agree. Press p to post.")
      try await console.type("p")
      try await console.waitFor("POSTED")
      await console.close()
      #expect(try await branch.balance("ANA") == "12.00 live")
    }
  }
}
