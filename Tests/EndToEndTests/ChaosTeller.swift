import RealParts

/// Works at one till, one command after the other; what it does follows from its seed.
struct ChaosTeller: Sendable {
  let scene: ChaosScene
  let till: ChaosTill
  var chance: SeededChance

  private var record: ChaosRecord { scene.record }

  /// Works until that moment.
  mutating func work(until end: ContinuousClock.Instant) async {
    while ContinuousClock.now < end { await act() }
  }

  private mutating func act() async {
    switch chance.next(below: 100) {
    case 0..<46: await enterSomething()
    case 46..<55: await repeatTheSame()
    case 55..<59: await sendOtherContent()
    case 59..<63: await sendElsewhere()
    case 63..<68: await void()
    case 68..<72: await scene.settleSome(at: till, &chance, killAfter: isKilled())
    case 72: await scene.matchSome(at: till, &chance, killAfter: isKilled())
    case 73..<76: await seeToNotices()
    case 76..<85: await reconcile()
    case 85..<88: await twoAtOnce()
    case 88..<90: await changeAnAccount()
    default: await read()
    }
  }

  /// After how many milliseconds the next command is killed; nil for most.
  private mutating func isKilled() -> Int? {
    chance.next(below: 9) == 0 ? chance.next(below: 700) : nil
  }

  // MARK: New entries

  private mutating func enterSomething() async {
    let wish = invent()
    // Without an id, the command makes one up.
    let id = chance.next(below: 5) < 3 ? chance.nextID() : nil
    await scene.enter(wish, at: till, id: id, killAfter: isKilled())
  }

  private mutating func invent() -> ChaosWish {
    let memo = record.mintMemo()
    // Some are beyond the offline cap, and few enough that instructions look like duplicates.
    let isLarge = chance.next(below: 5) == 0
    let amount = Int64(isLarge ? 55_000 : 100 + chance.next(below: 6_000))
    switch chance.next(below: 46) {
    case 0..<18:
      return ChaosWish(kind: .deposit, memo: memo, account: someAccount(), minorUnits: amount)
    case 18..<30:
      return ChaosWish(kind: .withdrawal, memo: memo, account: someAccount(), minorUnits: amount)
    case 30..<39:
      return ChaosWish(
        kind: .transfer, memo: memo, account: someAccount(), counterAccount: someAccount(),
        minorUnits: amount)
    case 39..<41:
      return ChaosWish(
        kind: chance.next(below: 4) == 0 ? .withdrawal : .deposit, memo: memo,
        account: ChaosScene.yen, minorUnits: amount, currency: "JPY")
    case 41..<43:
      return ChaosWish(
        kind: .deposit, memo: memo, account: chance.pick(ChaosScene.unknown), minorUnits: amount,
        holder: "As stated")
    default:
      guard let target = booked() else {
        return ChaosWish(kind: .deposit, memo: memo, account: someAccount(), minorUnits: amount)
      }
      return ChaosWish(kind: .reversal, memo: memo, target: target)
    }
  }

  private mutating func someAccount() -> String {
    switch chance.next(below: 30) {
    case 0: ChaosScene.frozen
    case 1: ChaosScene.closed
    default: chance.pick(ChaosScene.accounts)
    }
  }

  /// The id of something that is posted, wherever.
  private mutating func booked() -> String? {
    let ids = record.recentTales(200).compactMap { tale in
      tale.acts.contains { $0.telling == .receipt(state: "posted", reason: nil) } ? tale.id : nil
    }
    return ids.isEmpty ? nil : chance.pick(ids)
  }

  // MARK: Known ids

  /// One of the newer tales that have an id.
  private mutating func someTale(_ isWanted: (ChaosTale) -> Bool) -> ChaosTale? {
    let tales = record.recentTales(120).filter { $0.id != nil && isWanted($0) }
    return tales.isEmpty ? nil : chance.pick(tales)
  }

  private mutating func repeatTheSame() async {
    let name = till.name
    // Those of which nothing was told come first: a script sends them again.
    let doubtful = chance.next(below: 3) > 0
    let tale = someTale { tale in
      guard tale.tills == [name], tale.wish.kind != .reversal || tale.wish.target != nil else {
        return false
      }
      let last = tale.acts.last?.telling
      return !doubtful || last == .nothing || last == .receipt(state: "unknown", reason: "R018")
    }
    guard let tale, let id = tale.id else { return }
    await scene.enter(tale.wish, at: till, id: id, killAfter: isKilled())
  }

  private mutating func sendOtherContent() async {
    let name = till.name
    guard let tale = someTale({ $0.tills.contains(name) }), let id = tale.id else { return }
    let wish = tale.wish.changed(memo: record.mintMemo())
    await scene.enter(wish, at: till, id: id, killAfter: isKilled())
  }

  /// A script that fails over to another till.
  private mutating func sendElsewhere() async {
    let name = till.name
    guard let tale = someTale({ !$0.tills.contains(name) }), let id = tale.id else { return }
    // The cash is in this till's drawer: the same words are another content.
    let known = tale.wish.isTheSameEverywhere ? tale : record.tale(of: id, at: name, as: tale.wish)
    let wish = known?.wish ?? tale.wish.renamed(record.mintMemo())
    await scene.enter(wish, at: till, id: id, killAfter: isKilled())
  }

  private mutating func void() async {
    let name = till.name
    let waiting = chance.next(below: 3) > 0
    let tale = someTale { tale in
      tale.tills.contains(name)
        && (!waiting || tale.last(at: name) == .receipt(state: "recorded", reason: nil))
    }
    guard let id = tale?.id else { return }
    await scene.void(id, at: till, killAfter: isKilled())
  }

  // MARK: Everything else

  private mutating func seeToNotices() async {
    let answer = await scene.ask(till, ["notice", "list"], killAfter: isKilled())
    record.tookNotices(at: till.name, answer)
    for notice in (try? answer.json())?["notices"].list ?? [] where notice["done_by"].isNull {
      guard let id = notice["id"].text else { continue }
      await scene.ask(till, ["notice", "done", id], killAfter: isKilled())
    }
  }

  private mutating func reconcile() async {
    let plan = chance.next(below: 6) == 0 ? ["--plan"] : []
    let answer = await scene.ask(till, ["reconcile"] + plan, killAfter: isKilled())
    scene.lookAtControl(answer, of: till)
  }

  /// Two commands of one till at the same moment: one of them may find the other in its way.
  private mutating func twoAtOnce() async {
    let (first, second) = (invent(), invent())
    let ids = (chance.nextID(), chance.nextID())
    let (scene, till) = (scene, till)
    async let one = scene.enter(first, at: till, id: ids.0)
    async let other = scene.enter(second, at: till, id: ids.1)
    _ = await (one, other)
  }

  private mutating func changeAnAccount() async {
    let what = chance.next(below: 2) == 0 ? "freeze" : "unfreeze"
    await scene.ask(till, ["account", what, "A5"], killAfter: isKilled())
  }

  private mutating func read() async {
    let account = someAccount()
    switch chance.next(below: 8) {
    case 0: await scene.ask(till, ["status"], killAfter: isKilled())
    case 1: await scene.ask(till, ["ledger", "list"], killAfter: isKilled())
    case 2: await scene.ask(till, ["account", "show", account], killAfter: isKilled())
    case 3: await scene.ask(till, ["statement", account], killAfter: isKilled())
    case 4: await scene.ask(till, ["ledger", "list", "--all"], killAfter: isKilled())
    case 5:
      let answer = await scene.ask(till, ["ledger", "verify"])
      if answer.status == 1 { record.find("\(till.name): a damaged ledger: \(answer)") }
    default:
      let name = till.name
      guard let tale = someTale({ $0.tills.contains(name) }), let id = tale.id else { return }
      let answer = await scene.ask(till, ["receipt", id])
      scene.lookAtReceipt(answer, of: till)
    }
  }
}

extension SeededChance {
  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[next(below: elements.count)]
  }

  /// A UUID of its own.
  mutating func nextID() -> String {
    let digits = Array("0123456789abcdef")
    var text = (0..<32).map { _ in digits[next(below: 16)] }
    text[12] = "4"
    text[16] = "8"
    for place in [20, 16, 12, 8] { text.insert("-", at: place) }
    return String(text)
  }
}
