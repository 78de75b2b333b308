import RealParts
import Synchronization

/// Something that is wrong, and the words under which more is to be found about it.
struct ChaosFault: Sendable {
  let text: String
  let names: [String]
}

/// What every command of the test has told, and what was wrong with it.
final class ChaosRecord: Sendable {
  struct Notice: Sendable {
    let till: String
    let entry: String
    let outcome: String
  }

  struct Settlement: Sendable {
    let till: String
    let exception: String
    let resolution: String
    /// How it stands on record, as the command has told; nil where it told nothing.
    let told: String?
    let wasRefused: Bool
  }

  private struct Contents {
    var tales: [String: ChaosTale] = [:]
    var order: [String] = []
    var memosByID: [String: [String]] = [:]
    var acts: [String] = []
    var counts: [String: Int] = [:]
    var findings: [ChaosFault] = []
    var notices: [Notice] = []
    var settlements: [Settlement] = []
    /// `till|id` of what was told to be voided.
    var voided: Set<String> = []
    /// The same of what was asked to be voided by a command that told nothing.
    var perhapsVoided: Set<String> = []
    /// The memo under which a till has told a number.
    var numbers: [String: String] = [:]
    var memos = 0
  }

  private let contents = Mutex(Contents())

  /// A memo that nobody has used.
  func mintMemo() -> String {
    contents.withLock {
      $0.memos += 1
      return "act \($0.memos)"
    }
  }

  var tales: [ChaosTale] { contents.withLock { held in held.order.compactMap { held.tales[$0] } } }
  var findings: [ChaosFault] { contents.withLock { $0.findings } }
  var notices: [Notice] { contents.withLock { $0.notices } }
  var settlements: [Settlement] { contents.withLock { $0.settlements } }

  /// The newest ones, oldest first.
  func recentTales(_ count: Int) -> [ChaosTale] {
    contents.withLock { held in held.order.suffix(count).compactMap { held.tales[$0] } }
  }

  /// The tale of an id at a till, where that content was sent there before.
  func tale(of id: String, at till: String, as wish: ChaosWish) -> ChaosTale? {
    contents.withLock { held in
      (held.memosByID[id] ?? []).compactMap { held.tales[$0] }.first {
        $0.tills.contains(till) && $0.wish.renamed("") == wish.renamed("")
      }
    }
  }

  var actCount: Int { contents.withLock { $0.acts.count } }

  func tale(_ memo: String) -> ChaosTale? { contents.withLock { $0.tales[memo] } }

  func wasVoided(_ id: String, at till: String) -> Bool {
    contents.withLock { $0.voided.contains("\(till)|\(id)") }
  }

  /// Whether a command that told nothing may have voided it.
  func mayBeVoided(_ id: String, at till: String) -> Bool {
    contents.withLock { $0.perhapsVoided.contains("\(till)|\(id)") }
  }

  /// How often each kind of thing happened, for the summary.
  var summary: String {
    contents.withLock { held in
      held.counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        .joined(separator: ", ")
    }
  }

  /// The last things that happened, oldest first.
  func lastActs(_ count: Int = 40) -> String {
    contents.withLock { $0.acts.suffix(count).joined(separator: "\n") }
  }

  /// The acts that name an id or a memo.
  func acts(naming words: [String]) -> String {
    contents.withLock { held in
      held.acts.filter { act in words.contains { act.contains($0) } }.suffix(60)
        .joined(separator: "\n")
    }
  }

  /// Something happened that belongs in the list of acts.
  func note(_ text: String, counted kind: String? = nil) {
    contents.withLock { held in
      held.acts.append("\(held.acts.count + 1) \(text)")
      if let kind { held.counts[kind, default: 0] += 1 }
    }
  }

  func find(_ text: String, _ names: String...) {
    contents.withLock {
      $0.findings.append(ChaosFault(text: "after act \($0.acts.count): \(text)", names: names))
    }
  }

  /// A till is going to be asked: from now on the entry may exist.
  func begin(_ wish: ChaosWish, id: String?) {
    contents.withLock { held in
      guard held.tales[wish.memo] == nil else { return }
      held.tales[wish.memo] = ChaosTale(wish: wish, id: id)
      held.order.append(wish.memo)
      if let id { held.memosByID[id, default: []].append(wish.memo) }
    }
  }

  func took(_ wish: ChaosWish, at till: String, _ answer: DaybookAnswer) {
    let telling = ChaosTelling(answer)
    let receipt = (try? answer.json())?["receipt"] ?? .null
    contents.withLock { held in
      let act = ChaosTale.Act(number: held.acts.count, till: till, telling: telling)
      held.tales[wish.memo]?.acts.append(act)
      if let id = receipt["entry"].text {
        if let known = held.tales[wish.memo]?.id, known != id {
          held.findings.append(
            ChaosFault(
              text: "\(wish.memo) has the id \(known), and was told \(id)", names: [known, id]))
        }
        if held.tales[wish.memo]?.id == nil { held.memosByID[id, default: []].append(wish.memo) }
        held.tales[wish.memo]?.id = id
      }
      held.counts["told \(telling.word)", default: 0] += 1
      guard let number = receipt["number"].int, let owner = receipt["terminal"].text else { return }
      let label = "\(owner)/\(number)"
      if let other = held.numbers.updateValue(wish.memo, forKey: label), other != wish.memo {
        held.findings.append(
          ChaosFault(
            text: "\(label) was told for \(other) and for \(wish.memo)",
            names: [held.tales[other]?.id ?? "", held.tales[wish.memo]?.id ?? ""]))
      }
    }
  }

  /// A number that is shown again belongs to the entry that it was told for.
  func checkNumber(_ label: String, of id: String) {
    contents.withLock { held in
      guard let memo = held.numbers[label], let known = held.tales[memo]?.id, known != id else {
        return
      }
      held.findings.append(
        ChaosFault(
          text: "\(label) was told for \(known), and is shown as \(id)", names: [known, id]))
    }
  }

  func tookVoid(_ id: String, at till: String, _ answer: DaybookAnswer) {
    let telling = ChaosTelling(answer)
    contents.withLock {
      switch telling {
      // An error says that it was voided before.
      case .voided where (try? answer.json())?["receipt"]["state"].text == "voided":
        $0.voided.insert("\(till)|\(id)")
        $0.counts["voids", default: 0] += 1
      case .nothing: $0.perhapsVoided.insert("\(till)|\(id)")
      default: break
      }
    }
  }

  func tookNotices(at till: String, _ answer: DaybookAnswer) {
    guard let list = (try? answer.json())?["notices"].list else { return }
    contents.withLock { held in
      for notice in list {
        guard let entry = notice["entry"].text, let outcome = notice["outcome"].text else {
          continue
        }
        held.notices.append(Notice(till: till, entry: entry, outcome: outcome))
        held.counts["notices listed", default: 0] += 1
      }
    }
  }

  func tookSettlement(
    of exception: String, at till: String, _ resolution: String, _ answer: DaybookAnswer
  ) {
    let json = try? answer.json()
    // Without the bank's answer, the decision is kept, and goes to the bank again.
    let code = json?["error"]["code"].text
    let settlement = Settlement(
      till: till, exception: exception, resolution: resolution,
      told: json?["exception"]["settlement"]["resolution"].text,
      wasRefused: answer.status == 1 && code != nil && code != "R018")
    contents.withLock {
      $0.settlements.append(settlement)
      guard settlement.told != nil else { return }
      $0.counts["settled by \(resolution)", default: 0] += 1
    }
  }
}

extension ChaosTelling {
  /// A word for the summary.
  fileprivate var word: String {
    switch self {
    case .receipt(let state, _): state
    case .notRecorded(let code): "not recorded (\(code))"
    case .differs: "other content"
    case .voided: "voided"
    case .inDoubt: "in doubt"
    case .nothing: "nothing"
    }
  }
}
