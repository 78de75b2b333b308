/// What every session is told first.
enum SessionSettings {
  /// Every statement of the store goes by a key. The planner, which may know the tables from
  /// before an import, must not gamble on reading one from end to end, nor spend a tenth of a
  /// second compiling, nor milliseconds on remembering what is asked once; and workers would take
  /// processors from others' entries for what nobody waits for. Every name in our SQL carries its
  /// schema: nothing is found by a search path.
  ///
  /// Row policies that apply to the role are an error, never a shorter answer: an account that is
  /// hidden must not be taken for one that is not there.
  ///
  /// A client whose machine vanished between two messages is noticed by the server's kernel only;
  /// by default that takes two hours, in which its locks would stand.
  private static let values = [
    ("search_path", ""), ("client_encoding", "UTF8"), ("client_min_messages", "warning"),
    ("jit", "off"), ("enable_seqscan", "off"), ("random_page_cost", "1.1"),
    ("max_parallel_workers_per_gather", "0"), ("enable_memoize", "off"), ("row_security", "off"),
    ("tcp_keepalives_idle", "10"), ("tcp_keepalives_interval", "3"), ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "10000"),
  ]

  /// A name that the server's session may know already must not be given to it: it is not prepared.
  static let call = Call(
    once: "SELECT "
      + values.map { "set_config('\($0.0)', '\($0.1)', false)" }.joined(separator: ", "))

  private static let limits = [
    "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout",
  ]

  /// All that is set here.
  static let names = values.map(\.0) + limits

  /// For the rest of a transaction that really asks about every row.
  static let allowsWholeTables = Call("SELECT set_config('enable_seqscan', 'on', true)")

  static func timeouts(_ errand: Errand) -> Call {
    Call(
      """
      SELECT set_config('statement_timeout', $1::text, false),
        set_config('lock_timeout', $2::text, false),
        set_config('idle_in_transaction_session_timeout', $3::text, false)
      """,
      [
        .text(String(errand.statementTimeoutMilliseconds)),
        .text(String(errand.lockTimeoutMilliseconds)),
        .text(String(errand.idleTimeoutMilliseconds)),
      ])
  }
}
