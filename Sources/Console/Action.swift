import BankCore
import Screen

/// Something that happened, which the console is told.
public enum Action: Sendable {
  case key(Key)
  /// The answer to the question with that token. Answers to abandoned questions are ignored.
  case replied(Token, Reply)
  /// The same, of the branch.
  case branchReplied(Token, BranchReply)
  case status(ServiceStatus)
  /// Something about this console that whoever sits before it must know, in a sentence.
  case notice(String)
  case resized(Size)
  /// The time has come to be that.
  case ticked(Instant)
  /// The frame of the state with that generation is on the glass. A posting key typed before its
  /// review panel was painted does not count, so the loop must say so after each paint, and only
  /// after it has handed over the keys that were waiting to be read when it had painted.
  case painted(generation: UInt64)
}

/// Something that the console wants done.
public enum ConsoleEffect: Hashable, Sendable {
  case ask(Request, Token)
  case askBranch(BranchRequest, Token)
  /// Ring the bell that many times.
  case bell(Int)
  /// Paint in the theme of that name from now on.
  case setTheme(String)
  /// Report the mouse from now on, or leave it to the terminal.
  case setMouse(Bool)
  /// Paint everything again: something else has written on the terminal.
  case redraw
  /// Stop until the shell brings the console back.
  case suspend
  case quit
}

/// Ties a reply to its question.
public struct Token: Hashable, Sendable {
  public let number: UInt64

  public init(number: UInt64) { self.number = number }
}
