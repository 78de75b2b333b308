import BankCore
import Screen

// What each screen says: which list it is and how it stands, then what is selected in it.

extension AccountsScreen {
  func spokenPlace(_ context: Context) -> [Speech.Part] {
    let found = matching(context.words)
    let source = provenance.map { context.spokenSource($0, failure) }
    let total = total.map { context.words.count($0) }
    let text = SpokenWords.list(Self.title, total, filter?.inSpokenWords(found: found), source)
    let kept = filter?.isTyping == false ? typed : ""
    return [
      .init(
        .place, SpokenWords.sentences([text]),
        identity: "\(Self.title) \(kept) \(provenance?.word ?? "") \(failure?.text ?? "")")
    ]
  }

  func spokenItem(_ context: Context) -> [Speech.Part] {
    let all = typed.isEmpty ? total.flatMap { $0.isCapped ? nil : $0.count } : nil
    return spokenRows(
      context, total: all, found: matching(context.words), empty: emptyText(context)
    ) { $0.spokenRow(context.spoken) }
  }
}

extension PagedScreen {
  /// How many rows the filter has found, where all rows of the list are looked through.
  fileprivate func found(_ context: Context) -> String {
    filter?.inWords(list, newest: "newest", context.words) ?? ""
  }

  /// What is typed to find rows, and the selected one.
  fileprivate func spokenRows(
    _ context: Context, total: Int? = nil, found: String, empty: String, row: (Row) -> String
  ) -> [Speech.Part] {
    let isReading = load(context)?.leadsElsewhere ?? false
    return (filter?.spoken(found: found) ?? []) + [
      context.spokenItem(list, total: total, isReading: isReading, empty: empty, row: row)
    ]
  }
}

extension AccountScreen {
  func spokenPlace(_ context: Context) -> [Speech.Part] {
    guard let view = selectedAccount else { return [.init(.place, "Account.")] }
    let row = view.spokenRow(context.spoken)
    let source = context.spokenSource(view.provenance, failure)
    return [
      .init(
        .place,
        SpokenWords.sentences([
          "Account of \(row)", source, filter?.inSpokenWords(found: found(context)) ?? "",
        ]), identity: "\(row) \(filter?.field.trimmed ?? "") \(view.provenance.word)"),
      .init(.place, showsChart ? chart(context) : ""),
    ]
  }

  /// What a picture of the balance would show first.
  private func chart(_ context: Context) -> String {
    let chart = balanceChart(context)
    guard let highest = chart?.highest, let lowest = chart?.lowest else {
      return "There are too few lines for a chart."
    }
    let words = context.spoken
    return SpokenWords.sentences([
      "Highest balance \(words.amount(highest)), lowest \(words.amount(lowest))"
    ])
  }

  func spokenItem(_ context: Context) -> [Speech.Part] {
    guard let number = selectedAccount?.account.number else {
      return [.init(.item, SpokenWords.sentences([Self.nothingOpen]))]
    }
    return spokenRows(context, found: found(context), empty: emptyText(context)) {
      $0.spokenRow(of: number, context)
    }
  }
}

extension JournalScreen {
  func spokenPlace(_ context: Context) -> [Speech.Part] {
    let source = provenance.map { context.spokenSource($0, failure) }
    let text = SpokenWords.list(
      "Journal, newest first", filter?.inSpokenWords(found: found(context)), source)
    let kept = filter?.isTyping == false ? filter?.field.trimmed ?? "" : ""
    return [
      .init(
        .place, SpokenWords.sentences([text]),
        identity: "\(Self.title) \(kept) \(provenance?.word ?? "") \(failure?.text ?? "")")
    ]
  }

  func spokenItem(_ context: Context) -> [Speech.Part] {
    spokenRows(context, found: found(context), empty: emptyText(context)) {
      $0.spokenRow(context.spoken)
    }
  }
}

extension LedgerScreen {
  func spokenPlace(_ context: Context) -> [Speech.Part] {
    let control = context.status.control
    let agrees = control.allSatisfy(\.agrees)
    let totals =
      control.isEmpty
      ? "" : agrees ? "Control totals agree" : "Control totals do not agree: press 5"
    let older =
      leftOut == 0 ? "" : "\(context.words.count(leftOut)) older entries are not shown here"
    let kept = filter?.isTyping == false ? filter?.field.trimmed ?? "" : ""
    return [
      .init(
        .place,
        SpokenWords.sentences([
          SpokenWords.list(
            Self.title, total.map(context.words.entries),
            filter?.inSpokenWords(found: found(context))),
          older, totals, failure?.text ?? "",
        ]), identity: "\(Self.title) \(kept) \(agrees) \(failure?.text ?? "")")
    ]
  }

  func spokenItem(_ context: Context) -> [Speech.Part] {
    spokenRows(context, total: total, found: found(context), empty: emptyText(context)) {
      $0.spokenRow(context, can: offers)
    }
  }
}

extension ReconcileScreen {
  func spokenPlace(_ context: Context) -> [Speech.Part] {
    let view = ReconcileView(screen: self, context: context)
    let totals = shownTotals(context.status)
    let verdict = ControlTotalsView(totals: totals, words: context.words).verdict.text
    let sums = totals.map { $0.inSpokenWords(context.spoken) }
    let isRunning = context.status.progress != nil
    return [
      .init(
        .place, SpokenWords.sentences(["Reconcile", view.standing]),
        identity: "Reconcile \(isRunning ? "" : view.standing)"),
      .init(
        .place,
        totals.isEmpty
          ? "No control totals yet: nothing was captured."
          : SpokenWords.sentences(sums + [view.undecidedApart, verdict]),
        identity: isRunning ? "totals" : "\(sums) \(verdict)"),
      .init(.place, SpokenWords.sentences([view.silence(columns: .max)])),
      .init(
        .place, SpokenWords.sentences([paneInWords(view, context)]),
        identity: "\(pane) \(filters(pane))"),
    ]
  }

  private func paneInWords(_ view: ReconcileView, _ context: Context) -> String {
    let title = view.titles.first { $0.0 == pane }?.1 ?? ""
    return SpokenWords.list(title, filter?.inSpokenWords(found: found(context.words)))
  }

  private func filters(_ pane: Pane) -> String {
    filter?.isTyping == false ? filter?.field.trimmed ?? "" : ""
  }

  func spokenItem(_ context: Context) -> [Speech.Part] {
    let view = ReconcileView(screen: self, context: context)
    let item =
      switch pane {
      case .plan:
        context.spokenItem(lines, empty: view.emptyPlanText) { $0.spokenRow(context.spoken) }
      case .done:
        context.spokenItem(done.list, empty: "Nothing was done yet.") {
          $0.spokenRow(context.spoken)
        }
      case .exceptions:
        context.spokenItem(exceptions, empty: view.emptyExceptionsText) {
          $0.spokenRow(context.spoken)
        }
      case .notices:
        context.spokenItem(notices, empty: ReconcileView.noNotice) {
          SpokenWords.sentences([
            $0.entry.spokenRow(context.spoken), context.spoken.labels(in: context.text(of: $0)),
            "Press enter to mark it as done",
          ])
        }
      }
    return (filter?.spoken(found: found(context.words)) ?? []) + [item]
  }
}

extension ConnectionScreen {
  func spokenPlace(_ context: Context) -> [Speech.Part] {
    let view = ConnectionView(screen: self, context: context)
    let standing = view.standing.map { Speech.Part(.place, SpokenWords.sentences([$0.0])) }
    let mode = SpokenWords.sentences(["Connection", view.modeInWords])
    guard let examination, !showsFacts else {
      return [.init(.place, mode)] + standing
    }
    let verdict = view.verdict(examination).text
    return [.init(.place, mode)] + standing + [.init(.place, SpokenWords.sentences([verdict]))]
  }

  func spokenItem(_ context: Context) -> [Speech.Part] {
    let view = ConnectionView(screen: self, context: context)
    guard examination != nil, !showsFacts else {
      let cause = context.status.cause.map { [$0.text, view.remedy($0)] } ?? []
      let facts = view.facts.map { "\($0.label) \($0.text)" }
      return [
        .init(.item, SpokenWords.sentences(cause + facts), edge: "Nothing has changed.")
      ]
    }
    return [
      context.spokenItem(list, empty: "Beginning") { row in
        let layer = row.report
        let through = row.through.map { "to \($0.name)" }
        return SpokenWords.sentences(
          [
            SpokenWords.list(
              [layer.name, through].compactMap(\.self).joined(separator: " "),
              row.isBeingLookedAt ? "being looked at" : layer.result.words, layer.code)
          ] + view.details(row).map { "\($0.label) \($0.text)" })
      }
    ]
  }
}

extension OutagesScreen {
  func spokenPlace(_ context: Context) -> [Speech.Part] {
    let count = list.isLoaded ? context.words.count(list.elements.count) : nil
    return [
      .init(
        .place, SpokenWords.sentences([SpokenWords.list(Self.title, count, source(context))]),
        identity: "\(Self.title) \(failure?.text ?? "")")
    ]
  }

  func spokenItem(_ context: Context) -> [Speech.Part] {
    let item = context.spokenItem(list, empty: emptyText(context)) { report in
      report.spokenRow(OutageView(report, readAt: readAt, context), context.spoken)
    }
    guard let report = list.selectedElement else { return [item] }
    let view = OutageView(report, readAt: readAt, context)
    let events = report.timeline.map {
      "\(context.spoken.moment($0.at)) \(view.sentence($0))"
    }
    return [item, .init(.hint, SpokenWords.sentences(events))]
  }
}

extension Context {
  /// Where the figures of a list come from; what could not be read again says so.
  fileprivate func spokenSource(_ provenance: Provenance, _ failure: Failure?) -> String {
    SpokenWords.list(
      spoken.source(provenance, isLive: isLive(provenance, failure)), failure?.text)
  }
}

extension Load {
  /// What is selected while it is read is not what will be.
  fileprivate var leadsElsewhere: Bool {
    switch self {
    case .first, .top, .last: true
    case .above, .below, .again: false
    }
  }
}
