import BankCore
import BankService

/// Plain sockets to one or several addresses at the same time: who accepts a connection, and who
/// answers PostgreSQL's first question. A silent one costs the others no more than the patience of
/// `Connecting`, and nobody logs in here.
enum Reaching {
  /// Waits until every address has accepted a connection or refused it. Once one accepts, the others
  /// are waited for a little longer.
  static func reach(_ knocks: inout [Knock], by limit: Deadline) {
    var deadline = limit
    while knocks.contains(where: \.isConnecting), !deadline.hasPassed {
      if knocks.contains(where: \.isConnected) {
        deadline = deadline.atMost(milliseconds: Connecting.patience)
      }
      Knock.wait(for: &knocks, by: deadline)
    }
  }

  /// Asks every address that has accepted, or still may, and waits for the first answer of
  /// PostgreSQL. The addresses before it have a little longer.
  static func ask(_ knocks: inout [Knock], by deadline: Deadline) {
    // Who waits for the end of a line says something after one; a frozen server never will.
    let prompt = deadline.atMost(milliseconds: 1_000)
    var hasPrompted = false
    for index in knocks.indices { knocks[index].ask() }
    while knocks.contains(where: \.isPending), !deadline.hasPassed {
      let end = Knock.patience(for: knocks) ?? deadline
      guard !end.hasPassed else { return }
      Knock.wait(
        for: &knocks, by: hasPrompted ? end.earlier(of: deadline) : end.earlier(of: prompt))
      guard prompt.hasPassed, !hasPrompted else { continue }
      hasPrompted = true
      for index in knocks.indices { knocks[index].prompt() }
    }
  }
}
