import BankCore

extension Answer {
  /// - Parameter isWorklist: a person is needed while one of them is open.
  static func notices(_ notices: [Notice], _ wording: Wording, isWorklist: Bool) -> Answer {
    var table = Table(("Since", .left), ("Notice", .left), ("Done by", .left), ("Id", .left))
    for notice in notices {
      table.add(
        wording.time(notice.at), notice.text(wording), notice.doneBy ?? "open", "\(notice.id)")
    }
    return Answer(
      json: ["notices": JSON(notices.map { JSON($0, wording) })],
      text: table.text(orElse: "no notices"),
      status: isWorklist && notices.contains(where: \.isOpen) ? 1 : 0)
  }
}

extension Notice {
  func text(_ wording: Wording) -> String { text(amount: wording.money(entry.amount)) }
}

extension JSON {
  init(_ notice: Notice, _ wording: Wording) {
    self = [
      "id": JSON(notice.id), "entry": JSON(notice.entry.id),
      "number": .number(notice.entry.number), "at": JSON(notice.at),
      "text": .text(notice.text(wording)), "done_by": JSON(notice.doneBy),
      "outcome": .text(notice.outcome.word), "reason": JSON(notice.outcome.reason?.code),
    ]
  }
}
