import BankCore
import Screen

/// `:tour`: a walk through browse, deposit, outage and reconcile in the sample bank, one line at a
/// time. Each step is done when its thing has happened, whichever way somebody got there.
struct Tour: Hashable, Sendable {
  enum Step: Int, CaseIterable, Sendable {
    case browse = 1, deposit, loss, record, wayBack, reconcile, end
  }

  var step = Step.browse
  /// The last capture before it began.
  let lastSerial: Int
  /// The bank was taken away while it was under way, and is given back where it is left.
  var hasDrill = false

  init(after lastSerial: Int) { self.lastSerial = lastSerial }

  /// What has become of the entries that were captured in it.
  func outcomes(_ sent: SentDrafts) -> [Receipt.State] {
    sent.all.filter { $0.serial > lastSerial }.compactMap(\.receipt?.state)
  }
}

/// What `:tour` does: begins the tour, or leaves the one that is under way.
struct TourAction: ConsoleAction {
  func objection(in console: ConsoleState) -> String? {
    console.options.isDemo
      ? nil : "The tour needs the sample bank. Run daybook demo, then type :tour there."
  }

  func perform(on console: inout ConsoleState) -> [ConsoleEffect] {
    guard console.context.tour == nil else { return console.leaveTour() }
    console.context.tour = Tour(after: console.sentDrafts.last?.serial ?? 0)
    return console.show(.accounts)
  }
}

extension ConsoleState {
  /// Leaves the tour before its end, and gives the bank back that was taken away for it.
  mutating func leaveTour() -> [ConsoleEffect] {
    guard let tour = context.tour else { return [] }
    context.tour = nil
    message = .plain("The tour is left. Type :tour to begin it again.")
    guard tour.hasDrill, status.isDrill else { return [] }
    return grant([context.ask(.drill(false), for: BranchQuestion.control(""))])
  }

  /// Goes on to the first step whose thing has not happened yet.
  mutating func followTour() {
    while let tour = context.tour, tour.isDone(in: self),
      let next = Tour.Step(rawValue: tour.step.rawValue + 1)
    {
      context.tour?.step = next
    }
  }
}

extension Tour {
  /// Whether the thing of the present step has happened.
  fileprivate func isDone(in console: ConsoleState) -> Bool {
    let outcomes = outcomes(console.sentDrafts)
    return switch step {
    case .browse: console.screen == .account
    case .deposit: outcomes.contains(.posted) || outcomes.contains(.recorded)
    case .loss: console.status.isCutOff
    case .record: outcomes.contains(.recorded)
    case .wayBack: console.status.mode.isLive
    case .reconcile: console.status.mode == .online && console.status.waiting == 0
    case .end: false
    }
  }
}

/// What the tour says: the next key, from where somebody stands now.
struct TourLine {
  private let state: ConsoleState
  private let step: Tour.Step

  /// Nil while no tour is under way.
  init?(_ state: ConsoleState) {
    guard let tour = state.context.tour else { return nil }
    self.state = state
    step = tour.step
  }

  var text: String {
    step == .end
      ? "The tour is over. Press ? on any screen for its keys."
      : "Tour \(step.rawValue) of \(Tour.Step.end.rawValue - 1). \(advice)"
  }

  private var advice: String {
    switch step {
    case .browse:
      state.screen == .accounts
        ? "Press enter to open the selected account."
        : "Press \(key(of: .accounts)), then enter on an account."
    case .deposit: entering("Press \(key("deposit")) for a deposit to this account.")
    case .loss: drilling("Type :drill and enter: the bank goes away.")
    case .record:
      state.status.isCutOff
        ? entering("The bank is away. Press \(key("deposit")) again.")
        : drilling("Type :drill and enter, then take a deposit.")
    case .wayBack: drilling("Type :drill and enter: the bank comes back.")
    case .reconcile: reconciling
    case .end: ""
    }
  }

  private func entering(_ beginning: String) -> String {
    guard let form = state.form else {
      if state.overlay?.takesKeys == true { return "Press esc to close this panel." }
      return state.selectedAccount == nil
        ? "Press \(key(of: .accounts)) and choose an account." : beginning
    }
    guard let review = form.reviewPanel else { return "Fill in each field and press enter." }
    guard !review.isAsking else { return "The bank is asked about the entry." }
    return form.objectionToPosting(state.context) == nil
      ? review.word == nil
        ? "Read the review, then press \(key("post")) to post."
        : "Type post and press enter to post."
      : "Not possible. Press esc, or another account."
  }

  private func drilling(_ words: String) -> String {
    if state.overlay is Palette { return "Type drill, then press enter." }
    return state.form == nil ? words : "Press esc to leave the form."
  }

  private var reconciling: String {
    if state.status.progress != nil { return "The entries are being sent." }
    guard state.status.mode.isLive else { return "Wait until the bank answers." }
    return state.screen == .reconcile
      ? "Press \(key("start")) to send what waits."
      : "Press \(key(of: .reconcile)) to see what waits for the bank."
  }

  /// The key that does it here, as the bindings have it.
  private func key(_ word: String) -> String {
    let bindings = state.panelWithKeys?.bindings ?? state.screenBindings
    return bindings.first { $0.word == word }?.keyName ?? word
  }

  private func key(of screen: ScreenName) -> String {
    Screens.bindings(of: state.screen).first { $0.keys.contains(screen.digit) }?.keyName
      ?? screen.digit.name
  }
}
