import BankCore

/// One step of a change. Each is done wholly or not at all, is on the disk before the next one
/// begins, and may be done again.
public enum ChangeStep: Hashable, Sendable {
  /// Writes a generation into the history.
  case record(Generation)
  /// Writes the deadline marker.
  case arm(PendingChange)
  /// Replaces the configuration file; nil removes it.
  case activate(file: String, content: String?)
  case note(generation: Int, Occurrence.Kind, Occurrence)
  /// Removes the deadline marker.
  case disarm
}

/// The order of the steps of each kind of change. Whatever a kill leaves of it, the verdict on the
/// marker finds the way to the old or to the new configuration.
public enum ChangePlan {
  /// Takes a configuration that is there into the history, as confirmed.
  public static func adopt(_ generation: Generation, _ occurrence: Occurrence) -> [ChangeStep] {
    [
      .record(generation), .note(generation: generation.number, .activated, occurrence),
      .note(generation: generation.number, .confirmed, occurrence),
    ]
  }

  public static func apply(
    _ generation: Generation, _ pending: PendingChange, _ occurrence: Occurrence
  ) -> [ChangeStep] {
    [
      .record(generation), .arm(pending),
      .activate(file: generation.file, content: generation.content),
      .note(generation: generation.number, .activated, occurrence),
    ]
  }

  /// A file that somebody has edited is in place already.
  public static func edited(
    _ generation: Generation, _ pending: PendingChange, _ occurrence: Occurrence
  ) -> [ChangeStep] {
    [
      .record(generation), .arm(pending),
      .note(generation: generation.number, .activated, occurrence),
    ]
  }

  public static func confirm(
    _ pending: PendingChange, _ occurrence: Occurrence
  ) -> [ChangeStep] {
    [.note(generation: pending.generation, .confirmed, occurrence), .disarm]
  }

  public static func goBack(
    _ pending: PendingChange, to previous: Generation, _ occurrence: Occurrence
  ) -> [ChangeStep] {
    [
      .activate(file: pending.file, content: previous.content),
      .note(generation: pending.generation, .reverted, occurrence), .disarm,
    ]
  }

  /// The text of a confirmed generation, as a new one. A kill cannot leave it half done: it is
  /// finished by whoever comes next.
  public static func rollBack(
    _ generation: Generation, _ pending: PendingChange, _ occurrence: Occurrence
  ) -> [ChangeStep] {
    [.record(generation), .arm(pending)] + finishRollback(generation, occurrence)
  }

  static func finishRollback(_ generation: Generation, _ occurrence: Occurrence) -> [ChangeStep] {
    [
      .activate(file: generation.file, content: generation.content),
      .note(generation: generation.number, .activated, occurrence),
      .note(generation: generation.number, .confirmed, occurrence), .disarm,
    ]
  }
}
