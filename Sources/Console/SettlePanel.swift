import BankCore
import Screen

/// Settles an exception: how, with which account or entry, and a note. Accounts and entries are
/// chosen among what fits, so that nobody has to know a number by heart.
struct SettlePanel: Sendable {
  typealias Way = Resolution.Way

  enum Step: Hashable, Sendable {
    case way
    /// The account to re-point to, or the entry it matches.
    case target
    case note
    /// Counts as seen once a frame of that generation is painted.
    case confirm(since: UInt64)
  }

  /// What would become of a settlement, known before anybody has typed a note for it.
  enum Forecast: Hashable, Sendable {
    case asked
    /// Nothing speaks against it, as far as anybody can say.
    case possible
    case refused(Failure)
  }

  let record: ExceptionRecord
  /// What is settled in the same way with the same note, each by itself.
  let others: [ExceptionRecord]
  var step = Step.way
  var way: Way
  var account = AccountChoice()
  var booked = BookedChoice()
  var note = TextField()
  /// What the bank has said beforehand of the ways that were asked about.
  var forecasts: [Resolution: Forecast] = [:]
  /// The person is done with the account; the note follows as soon as the bank has answered.
  var wantsNote = false

  init(record: ExceptionRecord, with others: [ExceptionRecord] = []) {
    self.record = record
    self.others = others
    way = .post
    way = Way.allCases.first { objection(to: $0) == nil } ?? .post
  }

  var records: [ExceptionRecord] { [record] + others }

  var isPastTarget: Bool {
    switch step {
    case .note, .confirm: true
    case .way, .target: false
    }
  }

  var needsTarget: Bool { way == .to || way == .match }

  private var isRefused: Bool { if case .refused = record.outcome { true } else { false } }
  private var isBlocked: Bool { record.held?.isBlocked == true }

  /// What the ways mean for this exception.
  func explanation(_ way: Way) -> String {
    switch (way, record.outcome) {
    case (.post, .posted): "Accept it as booked."
    case (.post, _): "Post it to the account it was meant for."
    case (.to, _): "Post it to another account."
    case (.match, _): "Match it with an entry that is booked already."
    case (.refuse, .refused): "Note that the customer was told; it stays refused."
    case (.refuse, _) where isBlocked: "Void it: it is never booked."
    case (.refuse, _): "Refuse it for good."
    }
  }

  func key(_ way: Way) -> Character {
    switch way {
    case .post: "p"
    case .to: "t"
    case .match: "m"
    case .refuse: isRefused ? "c" : "x"
    }
  }

  func word(_ way: Way) -> String {
    switch way {
    case .post: isRefused || record.outcome != .posted ? "post" : "accept"
    case .to: "to account"
    case .match: "match"
    case .refuse: isRefused ? "customer told" : isBlocked ? "void" : "refuse"
    }
  }

  /// Why a way cannot be taken, of itself or because the bank would refuse it; nil when it can.
  func objection(to way: Way) -> String? {
    impossibility(of: way) ?? foretoldRefusal(of: way)?.text
  }

  /// The bank's refusal of a way that needs no target.
  func foretoldRefusal(of way: Way) -> Failure? {
    switch way {
    case .post: refusal(foretold: .post)
    case .refuse: refusal(foretold: .refuse)
    case .to, .match: nil
    }
  }

  func refusal(foretold resolution: Resolution) -> Failure? {
    if case .refused(let failure)? = forecasts[resolution] { failure } else { nil }
  }

  /// Why a way does not exist for this exception, whatever the bank says.
  func impossibility(of way: Way) -> String? {
    if let no = records.lazy.compactMap({ $0.objection(to: way) }).first { return no.text }
    return !others.isEmpty && (way == .to || way == .match)
      ? "Each needs its own: settle them one by one." : nil
  }

  /// The resolution that was chosen; nil while its target is missing.
  var resolution: Resolution? {
    switch way {
    case .post: .post
    case .to: account.chosen.map { .to($0.account.number) }
    case .match: booked.entry.map(Resolution.match)
    case .refuse: .refuse
    }
  }
}
