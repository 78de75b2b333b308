import RealParts

/// What a person does about what is left open, by commands.
extension ChaosScene {
  /// Voids an entry, and keeps what was told.
  @discardableResult
  func void(_ id: String, at till: ChaosTill, killAfter delay: Int? = nil) async -> DaybookAnswer {
    let answer = await ask(
      till, ["void", id, "--note", "not wanted"], killAfter: delay)
    record.tookVoid(id, at: till.name, answer)
    return answer
  }

  /// Asks for the open exceptions and settles some of them in one way or another.
  func settleSome(
    at till: ChaosTill, _ chance: inout SeededChance, killAfter delay: Int?
  ) async {
    let list = await ask(till, ["exceptions", "list"])
    let open = (try? list.json())?["exceptions"].list ?? []
    guard !open.isEmpty else { return }
    for _ in 0..<2 {
      let exception = chance.pick(open)
      let ways = ways(to: exception, &chance)
      guard let id = exception["entry"].text else { return }
      await resolve(id, chance.pick(ways), at: till, killAfter: delay)
    }
  }

  /// What lies in suspense is entered once more, on an account that there is, and matched with that;
  /// or somebody tries to refuse it, although its cash has moved.
  func matchSome(
    at till: ChaosTill, _ chance: inout SeededChance, killAfter delay: Int?
  ) async {
    let list = await ask(till, ["exceptions", "list"])
    let suspended = ((try? list.json())?["exceptions"].list ?? []).filter {
      $0["state"].text == "suspense" && $0["outcome"].text != "held"
    }
    guard !suspended.isEmpty else { return }
    let exception = chance.pick(suspended)
    guard let id = exception["entry"].text, let currency = exception["currency"].text,
      let kind = exception["kind"].text.flatMap({ ChaosWish.Kind(rawValue: $0) }),
      let amount = exception["amount"].text.flatMap({ Int64($0.replacing(".", with: "")) })
    else { return }
    let wish = ChaosWish(
      kind: kind, memo: record.mintMemo(),
      account: currency == "JPY" ? Self.yen : chance.pick(Self.accounts), minorUnits: amount,
      currency: currency)
    let twin = chance.nextID()
    let answer = await enter(wish, at: till, id: twin)
    if chance.next(below: 4) == 0 { await resolve(id, ["--refuse"], at: till) }
    guard (try? answer.json())?["receipt"]["state"].text == "posted" else { return }
    await resolve(id, ["--match", twin], at: till, killAfter: delay)
  }

  /// The ways to settle an exception that may be possible, the likeliest first.
  func ways(to exception: JSONValue, _ chance: inout SeededChance) -> [[String]] {
    let target = exception["currency"].text == "JPY" ? Self.yen : chance.pick(Self.accounts)
    switch exception["state"].text {
    case "refused": return [["--refuse"]]
    case "posted":
      var ways = [["--post"]]
      if let twin = exception["probable_duplicate_of"].text { ways.append(["--match", twin]) }
      return ways
    default: return [["--post"], ["--to", target], ["--refuse"]]
    }
  }

  @discardableResult
  func resolve(
    _ id: String, _ way: [String], at till: ChaosTill, killAfter delay: Int? = nil
  ) async -> DaybookAnswer {
    let words = ["exceptions", "resolve", id] + way + ["--note", "seen to"]
    let answer = await ask(till, words, killAfter: delay)
    let resolution = String(way[0].dropFirst(2))
    record.tookSettlement(of: id, at: till.name, resolution, answer)
    // A blocked request that a person refuses ends like one that is voided.
    if resolution == "refuse" { record.tookVoid(id, at: till.name, answer) }
    return answer
  }

  /// The sums of a till must come out in themselves at every moment.
  func lookAtControl(_ answer: DaybookAnswer, of till: ChaosTill) {
    for control in (try? answer.json())?["control"].list ?? []
    where control["agrees"].bool != true {
      record.find("\(till.name): totals that do not agree: \(control)")
    }
  }

  /// A receipt that is shown again is kept like the first one.
  func lookAtReceipt(_ answer: DaybookAnswer, of till: ChaosTill) {
    guard let receipt = (try? answer.json())?["receipt"], let id = receipt["entry"].text,
      let number = receipt["number"].int, let owner = receipt["terminal"].text
    else { return }
    record.checkNumber("\(owner)/\(number)", of: id)
  }

  // MARK: Until nothing is left

  /// Ends everything that waits, by commands alone.
  ///
  /// - Returns: what is still open at last; nothing where all is well.
  func recover(_ chance: inout SeededChance) async -> [String] {
    var open: [String] = []
    for round in 1...12 {
      record.note("recovery, round \(round)")
      for till in tills { await seeTo(till, &chance) }
      open = []
      for till in tills { open += await leftOpen(at: till) }
      if open.isEmpty { return [] }
    }
    return open
  }

  private func seeTo(_ till: ChaosTill, _ chance: inout SeededChance) async {
    for entry in await entries(of: till, in: ["untold"]) {
      guard let id = entry["entry"].text else { continue }
      let memo = entry["memo"].text ?? ""
      // To keep or to void: sending the same id again keeps it.
      if chance.next(below: 2) == 0, let tale = record.tale(memo) {
        await enter(tale.wish, at: till, id: id)
      } else {
        await void(id, at: till)
      }
    }
    lookAtControl(await ask(till, ["reconcile"]), of: till)
    let list = await ask(till, ["exceptions", "list"])
    for exception in (try? list.json())?["exceptions"].list ?? [] {
      await settle(exception, at: till, &chance)
    }
    for entry in await entries(of: till, in: ["blocked"]) {
      guard let id = entry["entry"].text else { continue }
      if await resolve(id, ["--post"], at: till).status != 0 { await void(id, at: till) }
    }
    let notices = await ask(till, ["notice", "list"])
    record.tookNotices(at: till.name, notices)
    for notice in (try? notices.json())?["notices"].list ?? [] where notice["done_by"].isNull {
      guard let id = notice["id"].text else { continue }
      await ask(till, ["notice", "done", id])
    }
  }

  private func settle(
    _ exception: JSONValue, at till: ChaosTill, _ chance: inout SeededChance
  ) async {
    guard let id = exception["entry"].text else { return }
    for way in ways(to: exception, &chance) {
      let answer = await resolve(id, way, at: till)
      if answer.status == 0 { return }
    }
  }

  private func entries(of till: ChaosTill, in states: Set<String>) async -> [JSONValue] {
    let list = await ask(till, ["ledger", "list"])
    return ((try? list.json())?["entries"].list ?? []).filter {
      states.contains($0["state"].text ?? "")
    }
  }

  /// All that the tills' ledgers hold, by till and memo.
  func ledgers() async -> [String: [String: JSONValue]] {
    var ledgers: [String: [String: JSONValue]] = [:]
    for till in tills {
      let list = await ask(till, ["ledger", "list", "--all"])
      for entry in (try? list.json())?["entries"].list ?? [] {
        guard let memo = entry["memo"].text, entry["kind"].text != "settlement" else { continue }
        ledgers[till.name, default: [:]][memo] = entry
      }
    }
    return ledgers
  }

  /// Whatever a person at that till would still have to see to.
  private func leftOpen(at till: ChaosTill) async -> [String] {
    guard let status = try? await ask(till, ["status"]).json() else {
      return ["\(till.name): no status"]
    }
    var open: [String] = []
    if status["mode"].text != "online" || !status["cause"].isNull { open.append("mode") }
    for name in ["waiting", "unknown", "pending", "blocked", "untold"]
    where status["ledger"][name].int != 0 {
      open.append(name)
    }
    if !status["ledger"]["notice"].isNull { open.append("ledger notice") }
    for name in ["exceptions", "notices"] where status[name].int != 0 { open.append(name) }
    if !status["fix"].isNull { open.append("fix") }
    let states: Set = ["waiting", "unknown", "pending", "blocked", "untold"]
    for entry in await entries(of: till, in: states) { open.append("\(entry)") }
    return open.isEmpty ? [] : ["\(till.name): \(open.joined(separator: ", ")): \(status)"]
  }
}
