// A teller without a screen, for tests that kill, starve and rival a real writer.
//
//   LedgerProbe write DIRECTORY    takes the terminal's lock and records deposits until it dies,
//                                  saying each one that may be told: "told NUMBER HASH"
//   LedgerProbe hold DIRECTORY     takes the lock, says "held", and waits for the end of its input

import BankCore
import Glibc
import Host
import ManualLedger
import SystemPackage

/// One line on standard output, at once: what was said before a kill must have been heard.
func say(_ line: String) {
  let bytes = Array("\(line)\n".utf8)
  guard write(STDOUT_FILENO, bytes, bytes.count) == bytes.count else { exit(9) }
}

func writeUntilDeath(_ directory: FilePath, _ terminal: TerminalIdentity) throws {
  let clock = SystemClock()
  let owner = LedgerOwner(bank: Identifier(high: 1, low: 1), terminal: terminal)
  let writer = try LedgerWriter.open(
    on: try POSIXVolume(directory), owner: owner, segmentByteLimit: 40_000, at: clock.now)
  guard let currency = Currency("EUR"), let till = AccountNumber("BANK-TILL-1-EUR"),
    let account = AccountNumber("2378")
  else { exit(9) }
  let today = BusinessDay(
    daysSince1970: Int32(clamping: clock.now.millisecondsSince1970 / 86_400_000))
  while true {
    let entry = Entry(
      id: .minted(at: clock.now), number: writer.state.nextNumber, terminal: terminal.name,
      operatorName: LoginName.current, kind: .deposit, debit: till, credit: account,
      amount: Money(minorUnits: 1200, currency), memo: "probe", capturedAt: clock.now,
      valueDate: today)
    let receipt = try writer.append([.entry(EntryRecord(entry))], at: clock.now)
    for line in receipt.lines { say("told \(entry.number) \(line.hash)") }
  }
}

let arguments = CommandLine.arguments
guard arguments.count == 3, let name = TerminalName("till-1") else { exit(64) }
let directory = FilePath(arguments[2])
let terminal = TerminalIdentity(id: Identifier(high: 2, low: 2), name: name)
do {
  _ = try POSIXVolume(directory)
  let lock = try TerminalLock(name, in: directory, at: SystemClock().now)
  defer { withExtendedLifetime(lock) {} }
  if arguments[1] == "write" {
    try writeUntilDeath(directory, terminal)
  } else {
    say("held")
    while readLine() != nil {}
  }
} catch let fault as LedgerFault {
  say("fault \(fault.text)")
  exit(3)
} catch let fault as TerminalLock.Fault {
  say("locked \(fault.text(at: SystemClock().now))")
  exit(4)
}
