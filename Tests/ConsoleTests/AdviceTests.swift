import BankCore
import Screen
import Testing

@testable import Console

/// What people are told to do exists, and is taken where it is said.
@Suite struct AdviceTests {
  private static let kinds: [EntryKind] = [.deposit, .withdrawal, .transfer, .fee, .reversal]

  /// All that is advised about a reason or a cause, with where it is said.
  private static var advice: [(about: String, text: String)] {
    var advice: [(about: String, text: String)] = []
    for reason in Reason.allCases {
      advice.append((about: "\(reason)", text: reason.fix))
      for kind in EntryKind.allCases {
        for isAway in [true, false] {
          let text = reason.fix(for: kind, isAway: isAway)
          advice.append((about: "\(reason) \(kind)", text: text))
        }
      }
    }
    for cause in CauseCode.allCases { advice.append((about: "\(cause)", text: cause.remedy)) }
    return advice
  }

  @Test func eachKeyAndCommandOfTheConsoleIsThere() throws {
    var keys = 0
    for (about, text) in Self.advice {
      for match in text.matches(of: #/\b([A-Za-z]) on screen ([0-9])/#) {
        let name = try #require(Int(match.output.2).flatMap(ScreenName.init(rawValue:)))
        let key = Key.character(try #require(match.output.1.first))
        let bindings = Screens.bindings(of: name)
        #expect(bindings.contains { $0.keys.contains(key) }, "\(about): \(text)")
        keys += 1
      }
      for match in text.matches(of: #/\b([A-Z]) on the account/#) {
        let key = Key.character(try #require(match.output.1.first))
        let bindings = Screens.bindings(of: .account)
        #expect(bindings.contains { $0.keys.contains(key) }, "\(about): \(text)")
        keys += 1
      }
      for match in text.matches(of: #/(?:^| ):([a-z]+)/#) {
        let names = Palette(field: TextField(String(match.output.1)))
          .commands(in: ConsoleDesk().console).map(\.word)
        #expect(names.first == String(match.output.1), "\(about): \(text)")
        keys += 1
      }
    }
    #expect(keys > 4)
  }

  /// No key and no command changes an overdraft, and a reversal is not reversed.
  @Test func nothingIsAdvisedThatNobodyCanDo() {
    for (about, text) in Self.advice { #expect(!text.contains("overdraft"), "\(about): \(text)") }
    for reason in Reason.allCases {
      for isAway in [true, false] {
        let text = reason.fix(for: .reversal, isAway: isAway)
        #expect(!text.contains(#/\(post\).*reverse it/#), "\(reason): \(text)")
      }
    }
  }

  /// The ways to settle an exception that a text names.
  private func ways(in text: String) -> [Resolution.Way] {
    var ways: [Resolution.Way] = []
    if text.contains(#/\b[Pp]ost (it|sends)|\b[Aa]ccept it|\(post\)/#) { ways.append(.post) }
    if text.contains(#/[Rr]e-point/#) { ways.append(.to) }
    if text.contains(#/\b[Mm]atch it/#) { ways.append(.match) }
    if text.contains(#/\brefuse it|\(refuse\)/#) { ways.append(.refuse) }
    return ways
  }

  private static var held: [HeldFacts?] { [nil] + SettlingTests.heldStates }

  /// Whoever is refused one way is shown another one that is taken: kind × outcome × what was told.
  @Test func whatARefusedWayAdvisesIsTaken() throws {
    var looked = 0
    for kind in Self.kinds {
      for held in Self.held {
        for outcome in [Outcome.posted, .suspense(.accountClosed), .refused(.insufficientFunds)] {
          if held != nil, outcome != .suspense(.accountClosed) { continue }
          let record = ExceptionRecord(
            entry: identifier(77), label: "till-2/0077", kind: kind,
            account: try #require(AccountNumber("0000003818")), amount: money(50_000),
            outcome: outcome, flags: outcome == .posted ? [.overdrawn] : [],
            probableDuplicateOf: nil, maker: "petr", terminal: "till-2", openedAt: noon, held: held)
          var reasons = Resolution.Way.allCases.compactMap { record.objection(to: $0) }
          // What the books add to it, where the way itself is open.
          if record.objection(to: .match) == nil { reasons.append(.matchDiffers) }
          if held != nil, held?.isBlocked == false { reasons.append(.rejectedByDatabase) }
          for reason in reasons {
            let fix = reason.fix(for: kind, isAway: false)
            for way in ways(in: fix) {
              let isRequest = kind != .deposit && kind != .withdrawal
              // Of an advice the kind tells: only cash makes one.
              if way == .refuse, held?.released == .advice, isRequest { continue }
              #expect(
                record.objection(to: way) == nil,
                "\(kind) \(outcome) \(String(describing: held)): \(reason) advises '\(fix)'")
              looked += 1
            }
          }
        }
      }
    }
    #expect(looked > 50)
  }
}
