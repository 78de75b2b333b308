import Foundation
import RealParts
import Testing

extension EndToEnd {
  @Suite("What the shell's limits and masks cannot spoil")
  struct ProcessCareTests {
    /// Runs shell commands as a script that somebody keeps would: `$DAYBOOK` is the program.
    private func shell(_ script: String, _ branch: Branch) async throws -> CommandResult {
      let environment = branch.till.environment.merging(["DAYBOOK": branch.till.binary]) { $1 }
      return try await Command.run(
        ["bash", "-c", script], environment: environment, directory: branch.till.home)
    }

    @Test("A state directory that others may write to is a warning, with what mends it")
    func writableByOthers() async throws {
      let branch = try await Branch.open()
      for (mode, isOpen) in [(0o777, true), (0o720, true), (0o755, false), (0o700, false)] {
        try FileManager.default.setAttributes(
          [.posixPermissions: mode], ofItemAtPath: branch.till.state)
        for words in [["deposit", "ANA", "2"], ["status"]] {
          let answer = try await branch.till.run(words)
          #expect(answer.status == 0, "\(answer)")
          for part in ["others may write to the state directory", "chmod 700 \(branch.till.state)"]
          {
            #expect(answer.standardError.contains(part) == isOpen, "\(mode): \(answer)")
          }
        }
      }
    }

    @Test("Under umask 000 all that is written is its owner's alone")
    func umask() async throws {
      let branch = try Branch.empty()
      let result = try await shell(
        """
        umask 000
        mkdir -p config/daybook && echo 'terminal: till-1' > config/daybook/config.yaml
        set -e
        $DAYBOOK init --name 'Riverside Bank' > /dev/null
        $DAYBOOK account open ANA --name Ana > /dev/null
        $DAYBOOK deposit ANA 5 > /dev/null
        mv data/daybook/bank.sqlite away
        $DAYBOOK deposit ANA 2 > /dev/null
        mv away data/daybook/bank.sqlite
        $DAYBOOK reconcile > /dev/null
        $DAYBOOK hold on --reason test > /dev/null
        $DAYBOOK hold off > /dev/null
        $DAYBOOK config history > /dev/null
        find state data \\( -type f -o -type d \\) | wc -l
        find state data/daybook \\( -type f -o -type d \\) -perm /077
        """, branch)
      #expect(result.status == 0, "\(result)")
      let lines = result.standardOutput.split(separator: "\n")
      #expect((lines.first.flatMap { Int($0) } ?? 0) > 10, "\(result)")
      #expect(lines.dropFirst().isEmpty, "others may read: \(result)")
    }

    @Test("A file that may not grow any further keeps no command from looking")
    func fileSizeLimit() async throws {
      let branch = try await Branch.open()
      let log = "\(branch.till.state)/daybook.log"
      try Data(repeating: UInt8(ascii: "x"), count: 60 << 10).write(to: URL(fileURLWithPath: log))
      for command in ["status", "ledger list", "account show ANA"] {
        let result = try await shell("ulimit -f 40; exec $DAYBOOK \(command)", branch)
        #expect(result.status == 0, "\(command): \(result)")
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: log)).count == 60 << 10)
    }

    @Test("Few open files: a message and exit status 3 with nothing recorded, or all of it")
    func fewFiles() async throws {
      let branch = try await Branch.open()
      var taken = 0
      for files in [4, 5, 6, 8, 12, 16, 20, 24, 28, 31, 32, 33, 40, 64] {
        for bank in ["there", "away"] {
          if bank == "away" { try branch.takeBankAway() }
          let result = try await shell(
            "ulimit -n \(files); exec $DAYBOOK deposit ANA 1 --json", branch)
          if bank == "away" { try branch.giveBankBack() }
          let said = "\(files) files, the bank \(bank): \(result)"
          switch result.status {
          case 0: taken += 1
          // Below this the system cannot even start the program, and says so.
          case 127 where files < 6: #expect(!result.standardError.isEmpty, "\(said)")
          default:
            #expect(result.status == 3, "\(said)")
            #expect(result.standardOutput.contains("ulimit -n"), "\(said)")
            #expect(result.standardOutput.contains(Phrases.nothingRecorded), "\(said)")
            #expect(files < 32, "\(said)")
          }
        }
      }
      #expect(taken >= 8)
      let entries = try await branch.json("ledger", "list")["entries"].list ?? []
      #expect(entries.count == taken)
      try await branch.json("ledger", "verify")
      _ = try await branch.till.run(["reconcile"])
      #expect(try await branch.balance("ANA") == "\(taken).00 live")
    }

    @Test("A crash leaves no copy of memory, whatever the shell allows")
    func noCore() async throws {
      let branch = try await Branch.open()
      let listener = try SilentListener()
      let result = try await shell(
        """
        ulimit -c unlimited 2> /dev/null
        $DAYBOOK doctor postgres://127.0.0.1:\(listener.port)/bank > /dev/null 2>&1 &
        process=$!
        for look in $(seq 100); do
          sleep 0.02
          limit=$(grep '^Max core' /proc/$process/limits) || break
          case "$limit" in *" 1 "*) echo "$limit"; break;; esac
        done
        kill -SEGV $process
        wait $process
        echo "status $?"
        ls
        """, branch)
      #expect(result.standardOutput.contains("Max core file size"), "\(result)")
      #expect(result.standardOutput.contains("status 139"), "\(result)")
      #expect(!result.standardOutput.contains("\ncore"), "\(result)")
    }
  }
}
