/// What was said and done when an entry was captured, as a person needs it who has to settle it.
public struct CaptureFacts: Hashable, Sendable {
  /// The other customer's account of a transfer.
  public var counterAccount: AccountNumber?
  /// The holder's name as the customer gave it, where the account could not be looked up.
  public var statedHolder: String?
  public var memo: String
  public var capturedAt: Instant

  public init(
    counterAccount: AccountNumber? = nil, statedHolder: String? = nil, memo: String = "",
    capturedAt: Instant
  ) {
    self.counterAccount = counterAccount
    self.statedHolder = statedHolder
    self.memo = memo
    self.capturedAt = capturedAt
  }

  public init(_ entry: Entry) {
    self.init(
      counterAccount: entry.customerAccounts.dropFirst().first, statedHolder: entry.statedHolder,
      memo: entry.memo, capturedAt: entry.capturedAt)
  }
}

/// How an entry stands that waits at its till for a person, and what was told of it.
public struct HeldFacts: Hashable, Sendable {
  /// The bank knows its id or its number otherwise: it is booked under its second id, or ends.
  public let isBlocked: Bool
  /// As what its customer was told that it is taken; nil where nobody was.
  public let released: Standing?
  /// It was told as booked, and the bank has lost it since.
  public let wasTakenBack: Bool

  public init(isBlocked: Bool = false, released: Standing?, wasTakenBack: Bool = false) {
    self.isBlocked = isBlocked
    self.released = released
    self.wasTakenBack = wasTakenBack
  }

  /// Why it cannot be settled in that way: the one rule, for the desk that decides and for the panel
  /// that offers.
  public func objection(to way: Resolution.Way) -> Reason? {
    let wasTold = released != nil || wasTakenBack
    return switch way {
    case .post: isBlocked && !wasTold ? .neverTold : nil
    case .refuse where released != .advice: nil
    case .refuse: isBlocked ? .blockedAdvice : .heldNotMovable
    case .to, .match: isBlocked && !wasTold ? .neverTold : .heldNotMovable
    }
  }

  /// What ends a blocked entry.
  fileprivate var ends: String {
    if released != nil { return "Void it, or post it under its second id." }
    return wasTakenBack ? "Post it, or void it." : Reason.neverTold.fix
  }
}

/// An outcome that a person must settle.
public struct ExceptionRecord: Hashable, Sendable {
  /// The id under which the entry stands in the books.
  public let entry: EntryID
  public let label: String
  public let kind: EntryKind
  /// The account the entry was meant for.
  public let account: AccountNumber
  public let amount: Money
  public let outcome: Outcome
  public let flags: Set<Flag>
  public let probableDuplicateOf: EntryID?
  /// Who captured it.
  public let maker: String
  public let terminal: String
  public let facts: CaptureFacts
  public let openedAt: Instant
  /// Who is to settle it: whoever captured it, until it is given to somebody else.
  public var owner: String
  public var settlement: Settlement?
  /// Not in the books: the entry waits in this terminal's manual ledger until a person decides. Nil for
  /// one that is in the books.
  public let held: HeldFacts?

  /// - Parameters:
  ///   - facts: nothing but the moment of opening is known where they are nil.
  ///   - owner: whoever captured it where it is nil.
  public init(
    entry: EntryID, label: String, kind: EntryKind, account: AccountNumber, amount: Money,
    outcome: Outcome, flags: Set<Flag>, probableDuplicateOf: EntryID?, maker: String,
    terminal: String, facts: CaptureFacts? = nil, openedAt: Instant, owner: String? = nil,
    settlement: Settlement? = nil, held: HeldFacts? = nil
  ) {
    self.entry = entry
    self.label = label
    self.kind = kind
    self.account = account
    self.amount = amount
    self.outcome = outcome
    self.flags = flags
    self.probableDuplicateOf = probableDuplicateOf
    self.maker = maker
    self.terminal = terminal
    self.facts = facts ?? CaptureFacts(capturedAt: openedAt)
    self.openedAt = openedAt
    self.owner = owner ?? maker
    self.settlement = settlement
    self.held = held
  }

  /// The exception that a decision makes, if it makes one: suspense, a flag that needs a person,
  /// or a refusal of what the customer was told is taken.
  init?(
    _ submission: Submission, bookedAs id: EntryID, _ outcome: Outcome, _ flags: Set<Flag>,
    probableDuplicateOf duplicate: EntryID?, at now: Instant
  ) {
    guard outcome.needsPerson(flags: flags, wasReleased: submission.wasTold) else {
      return nil
    }
    self.init(
      submission.entry, as: id, outcome, flags: flags,
      probableDuplicateOf: flags.contains(.probableDuplicate) ? duplicate : nil, openedAt: now)
  }

  /// Of an entry; nil where no customer's account is touched.
  public init?(
    _ entry: Entry, as id: EntryID, _ outcome: Outcome, flags: Set<Flag> = [],
    probableDuplicateOf duplicate: EntryID? = nil, openedAt: Instant,
    settlement: Settlement? = nil, held: HeldFacts? = nil
  ) {
    guard let account = entry.customerAccounts.first else { return nil }
    self.init(
      entry: id, label: entry.label, kind: entry.kind, account: account, amount: entry.amount,
      outcome: outcome, flags: flags, probableDuplicateOf: duplicate, maker: entry.operatorName,
      terminal: entry.terminal.text, facts: CaptureFacts(entry), openedAt: openedAt,
      settlement: settlement, held: held)
  }

  /// Whether only its till knows of it.
  public var isHeld: Bool { held != nil }

  /// The same exception, settled.
  public func settled(_ settlement: Settlement) -> ExceptionRecord {
    var settled = self
    settled.settlement = settlement
    return settled
  }

  /// The customers' accounts of the entry.
  public var accounts: [AccountNumber] { [account] + [facts.counterAccount].compactMap { $0 } }

  /// The entry's number at its terminal.
  public var number: Int64? { label.split(separator: "/").last.flatMap { Int64($0) } }

  /// Whole days since it was captured.
  public func ageInDays(at now: Instant) -> Int64 {
    max(0, now.milliseconds(since: facts.capturedAt)) / 86_400_000
  }

  /// What must be done, in words.
  public var need: String {
    switch outcome {
    case .suspense(let reason) where held?.isBlocked == true:
      "Blocked: \(reason.whyBlocked) \(held?.ends ?? "")"
    case .suspense(let reason) where isHeld: "Held at the till. \(reason.text)"
    case .suspense(let reason): "In suspense. \(reason.text)"
    case .refused(let reason): "Refused: tell the customer. \(reason.text)"
    case .posted: flags.filter(\.needsPerson).sorted().map(\.text).joined(separator: " ")
    }
  }
}

extension Reason {
  fileprivate var whyBlocked: String {
    switch self {
    case .contentDiffers: "the bank knows its id with other content."
    case .numberUsed: "the bank knows its number as another entry's."
    default: text
    }
  }
}

extension Outcome {
  /// Whether somebody has to see to it: what a customer was refused at once is no surprise to anybody.
  public func needsPerson(flags: Set<Flag>, wasReleased: Bool) -> Bool {
    switch self {
    case .posted: flags.contains(where: \.needsPerson)
    case .suspense: true
    case .refused: wasReleased
    }
  }
}

/// How a person settled an exception.
public struct Settlement: Hashable, Sendable {
  public let resolution: Resolution
  public let by: String
  public let note: String
  public let at: Instant

  public init(resolution: Resolution, by: String, note: String, at: Instant) {
    self.resolution = resolution
    self.by = by
    self.note = note
    self.at = at
  }
}

/// The ways to settle an exception.
public enum Resolution: Hashable, Sendable {
  /// Post it as it was meant; for an entry that is posted already: accept it as it is.
  case post
  /// Re-point it to another account.
  case to(AccountNumber)
  /// It is the same as what is already booked under that id.
  case match(EntryID)
  /// Refuse it, or note that the customer was told of the refusal. Requests only.
  case refuse

  /// The same without the account or the entry that it names.
  public enum Way: String, Hashable, Sendable, CaseIterable { case post, to, match, refuse }

  public var way: Way {
    switch self {
    case .post: .post
    case .to: .to
    case .match: .match
    case .refuse: .refuse
    }
  }

  public var word: String { way.rawValue }
}

extension Flag {
  /// One or two words for a list.
  public var word: String {
    switch self {
    case .overdrawn: "overdrawn"
    case .overLimit: "over limit"
    case .probableDuplicate: "duplicate?"
    case .backValue: "back value"
    case .valueDate: "value date?"
    }
  }

  public var text: String {
    switch self {
    case .overdrawn: "The account was overdrawn beyond its limit."
    case .overLimit: "It was over an offline limit."
    case .probableDuplicate: "The same instruction may have been booked elsewhere."
    case .backValue: "Its value date is in a closed period."
    case .valueDate:
      "It was captured more than seven days ago or in the future: check the clock of the till."
    }
  }
}
