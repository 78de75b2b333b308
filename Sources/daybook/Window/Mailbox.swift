import Answers
import Console
import Synchronization
import Terminal

/// Brings what other threads have to say to the one thread that owns the terminal.
final class Mailbox: Sendable {
  private let waker: Waker
  private let contents = Mutex(Contents())

  private struct Contents {
    var actions: [Action] = []
    /// Questions without an answer yet.
    var openQuestions = 0
  }

  init(_ waker: Waker) { self.waker = waker }

  func put(_ action: Action) {
    contents.withLock { $0.actions.append(action) }
    waker.wake()
  }

  /// Before a question is asked.
  func expectAnswer() { contents.withLock { $0.openQuestions += 1 } }

  func answer(_ action: Action) {
    contents.withLock {
      $0.openQuestions -= 1
      $0.actions.append(action)
    }
    waker.wake()
  }

  func drain() -> [Action] {
    contents.withLock { contents in
      defer { contents.actions.removeAll() }
      return contents.actions
    }
  }

  /// Nothing has come in and nothing is being waited for.
  var isQuiet: Bool {
    contents.withLock { $0.actions.isEmpty && $0.openQuestions == 0 }
  }
}
