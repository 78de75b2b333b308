import BankCore
import Screen

/// A screen with a list that is read page by page. How the list is filtered, sorted, moved in, and read
/// on as far as a filter, an order, a day or a held key wants it, is the same for all of them.
protocol PagedScreen: ScreenModel where Question: PageQuestion, Question.Answer == Reply {
  associatedtype Row: Listed

  var list: ListWindow<Row> { get set }
  /// Why the list could not be read the last time.
  var failure: Failure? { get set }
  /// When the list was read last; nil before.
  var readAt: Instant? { get }

  /// Asks for a page; nothing where there is none to ask for.
  mutating func askPage(_ load: Load, _ context: inout Context) -> [Wish]
  /// Rows of the list on the screen.
  func listRows(_ context: Context) -> Int
  /// Asks for what the detail tells of the selected row.
  mutating func followSelection(_ context: inout Context) -> [Wish]
}

/// What a screen with such a list asks: a page of it, or something else.
protocol PageQuestion: ScreenQuestion {
  /// Which part of the list is asked for; nil where it is no page.
  var load: Load? { get }
}

extension PagedScreen {
  /// The page that is being read; one at a time.
  func load(_ context: Context) -> Load? {
    context.questions.open(Question.self).lazy.compactMap(\.load).first
  }

  func isReading(_ context: Context) -> Bool { load(context) != nil }

  var arranged: (any ArrangedList)? {
    get { list }
    set { if let changed = newValue as? ListWindow<Row> { list = changed } }
  }

  mutating func filterChanged(_ context: inout Context) -> [Wish] {
    let wasSearched = list.isSearched
    list.filter(by: context.rowFilter(filter))
    giveUpOrder(&context)
    // One page is read at a time: where one is on its way, the next is asked for when it is there.
    let reads =
      wasSearched && !list.isSearched && !isReading(context) ? askUnfiltered(&context) : []
    return reads + readOn(&context) + followSelection(&context)
  }

  mutating func move(_ motion: Motion, _ context: inout Context) -> [Wish] {
    guard let load = list.move(motion, rows: listRows(context)),
      !load.isNextPage || !isReading(context)
    else { return followSelection(&context) }
    return askPage(load, &context) + followSelection(&context)
  }

  /// An order that would be of a part of the list only is not claimed.
  mutating func giveUpOrder(_ context: inout Context) {
    if list.giveUpOrder() { context.tellTooLong() }
  }

  // MARK: Reading

  /// What the store is asked for; empty for all of the list.
  var storeFilter: RowFilter { list.isSearched ? list.rowFilter : RowFilter() }

  /// A page was read for a filter that is not wanted any more: asks for what is.
  mutating func askAnew(_ context: inout Context) -> [Wish] {
    list.isArranged ? readOn(&context) : askUnfiltered(&context)
  }

  private mutating func askUnfiltered(_ context: inout Context) -> [Wish] {
    askPage(list.hasMoreAbove ? .below : list.loadAgain, &context)
  }

  mutating func readOn(_ context: inout Context) -> [Wish] {
    guard list.isArranged, !isReading(context) else { return [] }
    if list.awaitsSearch || list.hasMoreAbove { return askPage(.first, &context) }
    return list.readsOn ? askPage(.below, &context) : []
  }

  /// Reads again what is looked at: what is long only where its reading has stopped before its end.
  mutating func rereadList(_ context: inout Context) -> [Wish] {
    guard list.isLoaded, let readAt, context.isDue(readAt), !isReading(context) else { return [] }
    return list.isLong ? readOn(&context) : askPage(list.loadAgain, &context)
  }

  /// A page was read: goes on to what keys have asked for beyond it, or to a day, or reads all that a
  /// filter or an order wants.
  mutating func received(_ context: inout Context) -> [Wish] {
    failure = nil
    context.stopTellingOfReading(Self.name)
    giveUpOrder(&context)
    if let load = list.payOwed(rows: listRows(context)), !isReading(context) {
      return askPage(load, &context)
    }
    return lookForDay(&context) + readOn(&context)
  }

  /// Takes in what is no page.
  mutating func receivedNoPage(_ reply: Reply, _ context: inout Context) {
    guard case .failed(let failure) = reply else { return }
    self.failure = failure
    list.stopReading()
    if !list.elements.isEmpty { context.message = .failed(failure).about(.reading(Self.name)) }
  }

  /// Why a key that is about the selected row cannot be meant for it yet.
  var objectionWhileBehind: String? {
    list.isBehind ? "The rows are still being read. Try again in a moment." : nil
  }

  // MARK: Days

  mutating func go(to day: BusinessDay, _ context: inout Context) -> [Wish] {
    list.stopMoving()
    list.wantedDay = day
    return lookForDay(&context) + followSelection(&context)
  }

  /// Selects the first line of the wanted day, or the nearest one before it. Reads on where neither is
  /// loaded.
  private mutating func lookForDay(_ context: inout Context) -> [Wish] {
    guard let day = list.wantedDay, !isReading(context) else { return [] }
    guard context.screen == Self.name else {
      list.stopMoving()
      return []
    }
    let words = context.words
    let days = list.elements.map { $0.day(words) }
    // Its first line may stand above what is loaded.
    if list.hasMoreAbove, let first = days.lazy.compactMap(\.self).first, first <= day {
      return askPage(.top, &context)
    }
    if let index = days.firstIndex(where: { $0.map { $0 <= day } ?? false }) {
      list.select(at: index)
      context.tellOf(day, found: days[index])
      return []
    }
    let canReadOn = list.isArranged ? list.readsOn : list.hasMoreBelow
    list.selectLast(rows: listRows(context))
    guard canReadOn else {
      list.stopMoving()
      context.tellOf(day, found: nil, oldest: days.last ?? nil)
      return []
    }
    context.message = .plain("Reading back to \(words.day(day, now: words.today(context.now)))…")
    return askPage(.below, &context)
  }
}

extension Context {
  /// What was found of a day that somebody wants to see.
  mutating func tellOf(_ wanted: BusinessDay, found: BusinessDay?, oldest: BusinessDay? = nil) {
    let today = words.today(now)
    let day = words.day(wanted, now: today)
    guard let found else {
      let oldest = oldest.map { " The oldest one is of \(words.day($0, now: today))." } ?? ""
      message = .cannot("No line here is of \(day) or before it.\(oldest)")
      return
    }
    message =
      found == wanted
      ? .plain("The first line of \(day).")
      : .cannot(
        "No line here is of \(day). The nearest one before it is of \(words.day(found, now: today))."
      )
  }
}
