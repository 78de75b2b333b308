import BankCore

extension Answer {
  /// The bank that `init` has made, or found.
  public static func prepared(_ bank: BankIdentity, created: Bool) -> Answer {
    var facts = Facts()
    facts.add("Bank", bank.name)
    facts.add("Id", "\(bank.id)")
    facts.add("Currency", bank.currency.code)
    facts.add("Time zone", bank.timeZone)
    facts.add("Schema", "\(bank.schema)")
    facts.add("", created ? "created" : "was there already")
    return Answer(
      json: ["bank": JSON(bank), "schema": JSON(bank.schema), "created": .bool(created)],
      text: facts.text)
  }
}
