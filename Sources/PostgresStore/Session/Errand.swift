import BankCore

/// What a session is used for: by when it must have ended, and which layer of the connection has
/// failed when it has not.
struct Errand: Sendable {
  var deadline: Deadline
  /// `.readProbe` or `.writeProbe`.
  let layer: Layer
  let milliseconds: Int
  /// Is told each time the server says something; nil where nobody listens.
  var hearing: Hearing?
  /// How long one attempt to connect to one address may take.
  let connectMilliseconds: Int

  private init(_ milliseconds: Int, _ layer: Layer, connectMilliseconds: Int) {
    deadline = Deadline(milliseconds: milliseconds)
    self.layer = layer
    self.milliseconds = milliseconds
    self.connectMilliseconds = connectMilliseconds
  }

  /// The time a connect may add to an errand: it is part of the deadline, not on top of it.
  static func reading(milliseconds: Int = 2_000) -> Errand {
    Errand(milliseconds, .readProbe, connectMilliseconds: milliseconds)
  }

  static func writing(milliseconds: Int = 5_000) -> Errand {
    Errand(milliseconds, .writeProbe, connectMilliseconds: min(3_000, milliseconds))
  }

  /// The share of one of several that are still to be tried.
  func share(of count: Int) -> Deadline {
    let left = Int(deadline.remainingMilliseconds) / max(1, count)
    return deadline.atMost(milliseconds: min(connectMilliseconds, left))
  }

  /// - Parameter addresses: how many there are to try, each with its own share of the time.
  static func greeting(milliseconds: Int, addresses: Int, _ hearing: Hearing) -> Errand {
    var errand = Errand(
      milliseconds * max(1, addresses), .readProbe, connectMilliseconds: milliseconds)
    errand.hearing = hearing
    return errand
  }

  /// The server is told to give up a little earlier than we do, so that a slow statement ends
  /// with an answer and the session survives it.
  var statementTimeoutMilliseconds: Int { milliseconds * 4 / 5 }

  /// Waiting for another session's lock ends first: it is the likeliest to be in vain.
  var lockTimeoutMilliseconds: Int { milliseconds * 3 / 5 }

  /// How long a transaction may lie open while we think: as long as we may think at most.
  var idleTimeoutMilliseconds: Int { max(10_000, milliseconds) }
}
