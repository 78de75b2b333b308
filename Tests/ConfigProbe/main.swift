// Begins a configuration change and dies in the middle of it, for the tests of the next start:
//
//   ConfigProbe HISTORY FILE CANDIDATE COUNT   applies CANDIDATE over FILE, of which HISTORY knows
//                                              the generation in force, and is killed after COUNT
//                                              of the steps; prints how many there are
import BankCore
import Foundation
import Host
import Settings

let words = CommandLine.arguments
guard words.count == 5, let count = Int(words[4]) else { exit(64) }
let clock = SystemClock()
let folder = HistoryFolder(path: words[1])
let history = folder.load()
guard let old = history.inForce(words[2]), let text = try HistoryFolder.text(of: words[3]) else {
  exit(65)
}
let generation = Generation(
  number: history.nextNumber, file: words[2], content: text, hash: nil, author: "probe",
  reason: "killed after \(count) steps", kind: .applied, previous: old.number,
  recordedAt: clock.now)
let pending = PendingChange(
  .apply, generation: generation.number, previous: old.number, file: words[2], withinSeconds: 600,
  at: ChangeMoment(
    now: clock.now, boot: clock.boot, uptimeMilliseconds: clock.uptimeMilliseconds))
let steps = ChangePlan.apply(
  generation, pending, Occurrence(at: clock.now, by: "probe", text: "applied"))
print(steps.count)
fflush(nil)
try folder.carryOut(Array(steps.prefix(count)))
kill(getpid(), SIGKILL)
