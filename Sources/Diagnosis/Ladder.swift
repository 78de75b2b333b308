import BankCore
import BankService

/// Turns what a probe has seen, layer after layer, into the report. The first failure is the
/// diagnosis; what lies behind it was not reached.
struct Ladder {
  private let expected: ExpectedBank?
  private let origin: String?
  private var reports: [Layer: LayerReport] = [:]
  private var origins: [ValueOrigin] = []
  private(set) var hasEnded = false
  /// Nobody there has said a word in time.
  private(set) var isSilent = false
  /// Who answers there; nil before C14.
  private(set) var bank: BankIdentity?

  init(expecting expected: ExpectedBank?, origin: String?) {
    self.expected = expected
    self.origin = origin
  }

  /// One for each layer, in order.
  var layers: [LayerReport] {
    Layer.allCases.map { reports[$0] ?? LayerReport($0, .notReached) }
  }

  /// The doctor's own time is over.
  mutating func runOut(at layer: Layer) {
    put(LayerReport(layer, .couldNotTest, observed: "the doctor's ten seconds were over"))
    hasEnded = true
  }

  /// - Parameter moment: this machine's clock, right after the finding.
  mutating func receive(
    _ finding: LayerFinding, for layer: Layer, milliseconds: Double, at moment: Instant
  ) {
    var report = LayerReport(layer, .pass, milliseconds: milliseconds)
    switch finding {
    case .pass(let text): report.observed = text
    case .notApplicable(let text):
      report.result = .notApplicable
      report.observed = text
    case .warn(let kind, let text, let remedy): report.warn(kind, text, remedy: remedy)
    case .origins(let origins):
      self.origins = origins
      report.judge(origins)
    case .roundTrips(let times): report.judge(roundTrips: times)
    case .clock(let server, let roundTrip):
      report.judge(server: server, here: moment, roundTrip: roundTrip)
    case .bank(let bank, let place, let knowledge):
      self.bank = bank
      if let fault = stranger(bank, place) ?? forgetful(bank, place, knowledge) {
        guard bank.name == expected?.acceptedName, let kind = fault.kind else {
          return fail(fault, at: layer, milliseconds: milliseconds)
        }
        report.warn(kind, "\(fault.text); accepted, because its name was given")
      } else {
        report.observed = "\(bank.name) (\(bank.environment)), \(bank.id), \(place)"
      }
    case .fail(let fault): return fail(fault, at: layer, milliseconds: milliseconds)
    }
    if layer == .unparsable, let origin { report.observed += "; it comes from \(origin)" }
    put(report)
  }

  private func stranger(_ bank: BankIdentity, _ place: String) -> StoreFault? {
    guard let expected, expected.id != bank.id else { return nil }
    return StoreFault(
      .anotherBank,
      "\(bank.name) (\(bank.id)) answers \(place); this till belongs to \(expected.name) "
        + "(\(expected.id))")
  }

  private func forgetful(
    _ bank: BankIdentity, _ place: String, _ knowledge: TillKnowledge?
  ) -> StoreFault? {
    guard let memory = expected?.memory, let knowledge, memory.isForgotten(by: knowledge) else {
      return nil
    }
    let what =
      knowledge.epoch < memory.epoch
      ? "is in epoch \(knowledge.epoch), this till has seen epoch \(memory.epoch)"
      : knowledge.counter < memory.counter
        ? "knows \(knowledge.counter) of the \(memory.counter) transactions that it has "
          + "acknowledged to this till"
        : "does not know the entry that it acknowledged last to this till"
    return StoreFault(.olderDatabase, "\(bank.name) answers \(place) and \(what)")
  }

  // MARK: The failure

  private mutating func fail(
    _ fault: StoreFault, at layer: Layer, milliseconds: Double
  ) {
    hasEnded = true
    isSilent = [.nameServerSilent, .noAnswer, .silentService].contains(fault.kind)
    guard let kind = fault.kind else {
      // Nobody here knows what it means. To guess would send people the wrong way.
      return put(
        LayerReport(
          layer, .couldNotTest, milliseconds: milliseconds, observed: fault.text,
          sqlState: fault.sqlState))
    }
    prove(from: layer, upTo: kind.layer)
    var failure = LayerReport(
      kind.layer, .fail, milliseconds: milliseconds, observed: fault.text, fault: kind,
      remedy: fault.remedy, sqlState: fault.sqlState)
    if layer == .unparsable, let origin { failure.observed += "; it comes from \(origin)" }
    if let expected, let remedy = missingBankRemedy(kind, expected) { failure.remedy = remedy }
    failure.ruledOut = Evidence(layers: layers, failure: failure).ruledOut
    put(failure)
    for behind in Layer.allCases where behind > kind.layer { reports[behind] = nil }
    blameOrigin(of: fault, failure)
  }

  /// A failure of a later layer shows that the ones before it let us through.
  private mutating func prove(from layer: Layer, upTo failed: Layer) {
    let login: Set<Layer> = [
      .encryption, .notReady, .noSlots, .accessRule, .login, .noSuchDatabase, .startOptions,
    ]
    // A pooler answers in the place of its server, which may never have been asked.
    guard login.contains(layer), failed != .pooler else { return }
    for passed in Layer.allCases
    where passed >= layer && passed < failed && login.contains(passed) {
      put(LayerReport(passed, .pass, observed: "the server got past this layer"))
    }
  }

  /// Making a bank in a wrong place would hide that it is the wrong one.
  private func missingBankRemedy(_ kind: FaultKind, _ expected: ExpectedBank) -> String? {
    guard FaultKind.noBankThere.contains(kind) else { return nil }
    return "This till belongs to \(expected.name): first check that the address leads to its "
      + "database. If it does, restore its backup: daybook init makes no other bank in its place."
  }

  /// When what failed is a value that the address never named, the missing value is the diagnosis.
  private mutating func blameOrigin(of fault: StoreFault, _ failure: LayerReport) {
    guard let origin = fault.blamed(origins) else { return }
    var blamed = LayerReport(
      .valueMissing, .fail, milliseconds: failure.milliseconds,
      observed: fault.traced(to: origins).text,
      fault: origin.kind, remedy: origin.remedy, sqlState: failure.sqlState)
    blamed.ruledOut = failure.ruledOut
    put(blamed)
    for behind in Layer.allCases where behind > .valueMissing { reports[behind] = nil }
  }

  private mutating func put(_ report: LayerReport) { reports[report.layer] = report }
}
