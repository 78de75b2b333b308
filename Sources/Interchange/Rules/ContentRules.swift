import BankCore

/// How an account is made from a line.
struct AccountRules: Hashable, Sendable {
  let number: ValueRule
  let holder: ValueRule
  let currency: ValueRule
  let overdraft: AmountRule?
  let status: ValueRule?
  let reference: ValueRule?

  init(_ node: RulesNode, _ scope: inout RulesScope) throws(RulesFault) {
    let values = try node.values(of: [
      "number", "holder", "currency", "overdraft", "status", "reference",
    ])
    number = try ValueRule(node.required("number", values), &scope)
    holder = try ValueRule(node.required("holder", values), &scope)
    currency = try ContentRules.currency(node.required("currency", values), &scope)
    if let overdraft = values["overdraft"] {
      self.overdraft = try AmountRule(overdraft, &scope)
    } else {
      overdraft = nil
    }
    try values["status"]?.checkConstants(
      scope.valueNodes, among: AccountStatus.allCases.map(\.rawValue))
    status = try ValueRule.optional(values["status"], &scope)
    reference = try ValueRule.optional(values["reference"], &scope)
  }
}

/// How a transaction is made from a line.
struct TransactionRules: Hashable, Sendable {
  enum Amounts: Hashable, Sendable {
    /// One column; something else says which way the money goes.
    case single(AmountRule, Direction)
    /// A column for each direction, one of which is empty or zero.
    case separate(credit: AmountRule, debit: AmountRule)
  }

  enum Direction: Hashable, Sendable {
    /// A value that is `credit` or `debit`.
    case word(ValueRule)
    /// A minus sign is a debit; `reversed`: a credit.
    case sign(reversed: Bool)
  }

  /// Whatever tells this transaction from all others of the same source.
  let identity: ValueRule
  let account: ValueRule
  /// An account number, or `clearing` or `fees` for one of the bank's own accounts.
  let counterAccount: ValueRule?
  let date: ValueRule
  let amounts: Amounts
  let currency: ValueRule
  let kind: ValueRule?
  let memo: ValueRule?

  init(_ node: RulesNode, _ scope: inout RulesScope) throws(RulesFault) {
    let values = try node.values(of: [
      "id", "account", "counter_account", "date", "amount", "direction", "currency", "kind",
      "memo",
    ])
    identity = try ValueRule(node.required("id", values), &scope)
    account = try ValueRule(node.required("account", values), &scope)
    try values["counter_account"]?.checkConstants(scope.valueNodes) { text in
      ImportedTransaction.ownAccountWords.contains(text) || AccountNumber(text) != nil
        ? nil : "\(quoted(text)) is neither an account number nor clearing or fees."
    }
    counterAccount = try ValueRule.optional(values["counter_account"], &scope)
    date = try ValueRule(node.required("date", values), &scope)
    amounts = try Self.amounts(node, values, &scope)
    currency = try ContentRules.currency(node.required("currency", values), &scope)
    try values["kind"]?.checkConstants(
      scope.valueNodes, among: ImportedTransaction.kinds.map(\.rawValue))
    kind = try ValueRule.optional(values["kind"], &scope)
    memo = try ValueRule.optional(values["memo"], &scope)
  }

  private static func amounts(
    _ node: RulesNode, _ values: [String: RulesNode], _ scope: inout RulesScope
  ) throws(RulesFault) -> Amounts {
    let amount = try node.required("amount", values)
    if amount.isMapping {
      let parts = try amount.pairs()
      var sides: [String: RulesNode] = [:]
      for (key, value) in parts { sides[try key.text()] = value }
      if let credit = sides["credit"], let debit = sides["debit"] {
        _ = try amount.values(of: ["credit", "debit"])
        if let stray = values["direction"] {
          throw stray.fault("The two amounts say the direction already.")
        }
        return .separate(
          credit: try AmountRule(credit, &scope), debit: try AmountRule(debit, &scope))
      }
    }
    let rule = try AmountRule(amount, &scope)
    let direction = try node.required("direction", values)
    if !direction.isMapping {
      switch try direction.text() {
      case "sign": return .single(rule, .sign(reversed: false))
      case "reversed sign": return .single(rule, .sign(reversed: true))
      default: break
      }
    }
    try direction.checkConstants(
      scope.valueNodes,
      among: direction.isMapping
        ? ["credit", "debit"] : ["credit", "debit", "sign", "reversed sign"])
    return .single(rule, .word(try ValueRule(direction, &scope)))
  }
}

/// How an amount is written in the file.
struct AmountRule: Hashable, Sendable {
  let value: ValueRule
  let notation: AmountNotation
  /// Characters between groups of digits, which are left out.
  let grouping: Set<Character>

  /// Reads a template, or a value with `decimal` and `grouping` beside its other keys.
  init(_ node: RulesNode, _ scope: inout RulesScope) throws(RulesFault) {
    guard node.isMapping else {
      value = .template(try Template(node, &scope))
      notation = .point
      grouping = []
      return
    }
    let values = try node.values(of: ValueRule.keys + ["decimal", "grouping"])
    value = try ValueRule(node, values, &scope)
    let decimal = try values["decimal"]?.word(of: [".", ","]) ?? "."
    notation = decimal == "," ? .comma : .point
    if scope.main.mayPartAmounts(at: decimal) {
      throw (values["decimal"] ?? node).fault(
        "The decimal separator is the delimiter of the file too: name its columns with \"columns\", so"
          + " that an amount in two pieces is noticed.")
    }
    grouping =
      try values["grouping"].map { node throws(RulesFault) in
        let characters = Set(try node.text())
        // Whatever else was left out could change the amount, or turn it round.
        let strangers = characters.filter { !WrittenAmount.mayGroup($0) || String($0) == decimal }
        guard let stranger = strangers.min() else { return characters }
        throw node.fault(
          "\"grouping\" cannot hold \(quoted(String(stranger))): it holds what stands between groups"
            + " of digits, blanks and signs of currencies, and never the decimal separator.")
      } ?? []
  }
}

enum ContentRules {
  /// A value that is the code of a currency.
  static func currency(
    _ node: RulesNode, _ scope: inout RulesScope
  ) throws(RulesFault) -> ValueRule {
    try node.checkConstants(scope.valueNodes) { text in
      Currency(text) == nil ? "\(quoted(text)) is no currency code of ISO 4217." : nil
    }
    return try ValueRule(node, &scope)
  }
}
