import RealParts

/// What a till is asked to enter. Its memo is its own, so that it is found again in every ledger and
/// in the books, whatever its id is.
struct ChaosWish: Hashable, Sendable {
  enum Kind: String, Sendable {
    case deposit, withdrawal, transfer, reversal
  }

  let kind: Kind
  let memo: String
  /// The customer's account; empty for a reversal.
  var account = ""
  /// Where a transfer goes.
  var counterAccount: String?
  var minorUnits: Int64 = 0
  var currency = "EUR"
  /// The holder's name as the customer states it.
  var holder: String?
  /// The entry that a reversal takes back.
  var target: String?

  /// A request may still be refused after it was taken; the cash of the others has moved.
  var isRequest: Bool { kind == .transfer || kind == .reversal }

  /// Whether the same words make the same content at every till.
  var isTheSameEverywhere: Bool { isRequest }

  var amount: String {
    guard currency != "JPY" else { return "\(minorUnits)" }
    let cents = minorUnits % 100
    return "\(minorUnits / 100).\(cents < 10 ? "0" : "")\(cents)"
  }

  /// The command that enters it.
  func words(id: String?) -> [String] {
    let command: [String] =
      switch kind {
      case .deposit: ["deposit", account, amount] + (holder.map { ["--holder", $0] } ?? [])
      case .withdrawal: ["withdraw", account, amount]
      case .transfer: ["transfer", account, counterAccount ?? "", amount]
      case .reversal: ["reverse", target ?? ""]
      }
    let money = kind == .reversal ? [] : ["--currency", currency]
    return command + money + ["--memo", memo] + (id.map { ["--id", $0] } ?? [])
  }

  /// Another content that nobody else has sent: the number of the memo is in the amount.
  func changed(memo: String) -> ChaosWish {
    let difference = memo.split(separator: " ").last.flatMap { Int64($0) } ?? 1
    return ChaosWish(
      kind: kind == .reversal ? .deposit : kind, memo: memo,
      account: kind == .reversal ? ChaosScene.accounts[0] : account,
      counterAccount: counterAccount, minorUnits: minorUnits + difference, currency: currency,
      holder: holder)
  }

  /// The same under another memo.
  func renamed(_ memo: String) -> ChaosWish {
    ChaosWish(
      kind: kind, memo: memo, account: account, counterAccount: counterAccount,
      minorUnits: minorUnits, currency: currency, holder: holder, target: target)
  }
}

/// What a command has told about an entry.
enum ChaosTelling: Hashable, Sendable {
  case receipt(state: String, reason: String?)
  /// Refused before anything was recorded, or a fault that says so.
  case notRecorded(code: String)
  /// The id is known with another content.
  case differs
  /// It was voided, or a person has refused it.
  case voided
  /// It is in somebody's hands, and nobody knows its outcome.
  case inDoubt
  /// The command was killed, or a fault promises nothing.
  case nothing

  init(_ answer: DaybookAnswer) {
    guard let json = try? answer.json() else {
      self = .nothing
      return
    }
    let receipt = json["receipt"]
    if let state = receipt["state"].text {
      self = state == "voided" ? .voided : .receipt(state: state, reason: receipt["reason"].text)
      return
    }
    let error = json["error"]
    let says = "\(error["text"].text ?? "") \(error["fix"].text ?? "")".lowercased()
    switch (answer.status, error["code"].text ?? "") {
    case (1, "R011"): self = .differs
    case (1, "R024"), (1, "R025"): self = .voided
    case (1, "R018"): self = .inDoubt
    case (1, let code): self = .notRecorded(code: code)
    case (_, let code) where says.contains("nothing was recorded"): self = .notRecorded(code: code)
    default: self = .nothing
    }
  }
}

/// All that became of one wish.
struct ChaosTale: Sendable {
  struct Act: Sendable {
    let number: Int
    let till: String
    let telling: ChaosTelling
  }

  let wish: ChaosWish
  var id: String?
  var acts: [Act] = []

  /// What was told last at that till, killed commands apart.
  func last(at till: String) -> ChaosTelling? {
    acts.last { $0.till == till && $0.telling != .nothing }?.telling
  }

  var tills: Set<String> { Set(acts.map(\.till)) }
}
