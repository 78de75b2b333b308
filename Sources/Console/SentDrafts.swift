import BankCore
import Screen

/// One entry that was posted from this console, and what has come of it.
struct SentDraft: Sendable {
  enum State: Sendable {
    case writing
    case told(Receipt)
    case failed(Failure)
  }

  let serial: Int
  let draft: Draft
  let holder: String?
  /// The number of the entry that it takes back.
  let takesBack: String?
  var state = State.writing

  var receipt: Receipt? {
    if case .told(let receipt) = state { receipt } else { nil }
  }
}

/// The newest captures of this console. None is forgotten before its answer has come.
struct SentDrafts: Sendable {
  private static let greatestCount = 20

  private(set) var all: [SentDraft] = []
  /// Of these captures, and of others whose receipts were printed here.
  var slips = SlipPrints()
  private var lastSerial = 0

  var last: SentDraft? { all.last }

  var isWriting: Bool {
    all.contains { if case .writing = $0.state { true } else { false } }
  }

  subscript(serial: Int) -> SentDraft? { all.last { $0.serial == serial } }

  mutating func begin(_ draft: Draft, holder: String?, takesBack: String? = nil) -> Int {
    lastSerial += 1
    all.append(
      SentDraft(serial: lastSerial, draft: draft, holder: holder, takesBack: takesBack))
    if all.count > Self.greatestCount,
      let oldest = all.firstIndex(where: { if case .writing = $0.state { false } else { true } })
    {
      all.remove(at: oldest)
    }
    return lastSerial
  }

  mutating func settle(_ serial: Int, _ state: SentDraft.State) {
    guard let index = all.firstIndex(where: { $0.serial == serial }) else { return }
    all[index].state = state
  }
}

extension Context {
  /// What has become of a capture; the batch that it belongs to hears it too.
  mutating func settle(_ serial: Int, _ state: SentDraft.State) {
    sentDrafts.settle(serial, state)
    form?.batch?.hear(serial, state)
  }

  // The receipt of the capture that the open form follows stands above the form; any other that
  // finds the screen in use goes to the message line.
  fileprivate mutating func showOutcome(_ serial: Int) {
    if form == nil, overlay?.takesKeys != true {
      overlay = OutcomePanel(serial: serial)
    } else {
      announce(serial)
    }
  }

  private mutating func announce(_ serial: Int) {
    if form?.followedCapture != serial || overlay != nil { tell(serial) }
  }
}

extension ConsoleState {
  /// Takes in the receipt of a capture, shows it, and rings where the teller must not pay.
  mutating func receiveCapture(_ reply: Reply, _ serial: Int) -> [ConsoleEffect] {
    var rings = false
    var slip: [Wish] = []
    switch reply {
    case .receipt(let receipt):
      context.settle(serial, .told(receipt))
      // Wherever it is listed it is the selected line: the next key is meant for it.
      _ = tell(.captured(receipt.entry))
      rings = receipt.state.needsPerson
      slip = context.printBySelf(receipt)
    case .failed(let failure):
      context.settle(serial, .failed(failure))
      rings = true
    default: return []
    }
    context.showOutcome(serial)
    return (rings ? [.bell(1)] : []) + grant(slip) + refresh()
  }
}
