import BankCore
import Screen

extension Answer {
  /// - Parameters:
  ///   - holders: of the accounts, as far as they are known.
  ///   - isWorklist: a person is needed while one of them is open.
  public static func notices(
    _ notices: [Notice], _ holders: [AccountNumber: String], _ wording: Wording, isWorklist: Bool
  ) -> Answer {
    func text(_ notice: Notice) -> String {
      notice.text(wording, holder: notice.entry.customerAccounts.first.flatMap { holders[$0] })
    }
    var table = PrintedTable(
      ("Since", .leading), ("Notice", .leading), ("Done by", .leading), ("Id", .leading))
    for notice in notices {
      table.add(
        wording.moment(notice.at), text(notice), notice.doneBy ?? "open", "\(notice.id)")
    }
    return Answer(
      json: ["notices": JSON(notices.map { JSON($0, text($0)) })],
      text: table.text(orElse: "no notices"),
      status: CommandStatus(notices, isWorklist: isWorklist))
  }
}

extension Notice {
  func text(_ wording: Wording, holder: String? = nil) -> String {
    text(amount: wording.money(entry.amount), holder: holder)
  }
}

extension JSON {
  init(_ notice: Notice, _ text: String) {
    self = [
      "id": JSON(notice.id), "entry": JSON(notice.entry.id),
      "number": .number(notice.entry.number), "at": JSON(notice.at),
      "text": .text(text), "done_by": JSON(notice.doneBy),
      "outcome": .text(notice.outcome.word), "reason": JSON(notice.outcome.reason?.code),
    ]
  }
}
