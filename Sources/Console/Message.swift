import BankCore
import Screen

/// One line that answers the last key or tells what came in.
struct Message: Hashable, Sendable {
  /// What it says is so. It is told anew or withdrawn when that has changed.
  enum Subject: Hashable, Sendable {
    /// The bank is away, or back, or a drill is over.
    case loss, wayBack, drillEnd
    /// How everything stood when the last key was pressed.
    case standing
    /// The first `q` or `ctrl-c` names what is left behind.
    case quitting
    /// That list could not be read again.
    case reading(ScreenName)
    /// What has come of a capture.
    case capture(serial: Int)
    /// What has come of the slip of an entry.
    case slip(EntryID)
  }

  private let sentence: String
  let role: Role
  /// So often it was the answer to one key after the other.
  private var times = 1
  /// Nil for what stays so: what has happened, or what a key is for.
  private(set) var subject: Subject?

  init(text: String, role: Role) {
    sentence = text
    self.role = role
  }

  var text: String {
    switch times {
    case 1: sentence
    case 2: "Again: \(sentence)"
    default: "\(times) times: \(sentence)"
    }
  }

  /// The same message once more is seen and heard to be one.
  func again(after other: Message) -> Message {
    guard sentence == other.sentence, role == other.role else { return self }
    var message = self
    message.times = other.times + 1
    return message
  }

  func about(_ subject: Subject) -> Message {
    var message = self
    message.subject = subject
    return message
  }

  /// Why a key cannot do it now.
  static func objection(_ text: String) -> Message { cannot(text).about(.standing) }

  static func plain(_ text: String) -> Message { Message(text: text, role: .text) }
  static func good(_ text: String) -> Message { Message(text: text, role: .success) }
  static func cannot(_ text: String) -> Message { Message(text: text, role: .warning) }
  static func alarm(_ text: String) -> Message { Message(text: text, role: .danger) }

  static func failed(_ failure: Failure) -> Message {
    .cannot([failure.text, failure.fix].filter { !$0.isEmpty }.joined(separator: " "))
  }
}
