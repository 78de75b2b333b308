import Glibc
import Screen

/// Asks a terminal on which no screen is open for its text and background: for lines that are to look as
/// they do on a full screen.
enum BackgroundQuestion {
  /// A terminal that has answered nothing by then is shown what is readable on each background.
  private static let patience = Duration.milliseconds(300)

  /// Notes what the terminal answers. Nothing is asked of a terminal that another job has, and what was
  /// typed meanwhile is lost.
  static func ask(_ canvas: inout Canvas) {
    var before = termios()
    let group = tcgetpgrp(STDIN_FILENO)
    // Below zero nobody has jobs there.
    guard isatty(STDOUT_FILENO) == 1, group < 0 || group == getpgrp(),
      tcgetattr(STDIN_FILENO, &before) == 0
    else { return }
    var raw = before
    // The answer is neither echoed nor kept until a line ends. Ctrl-c must not leave it so.
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
    guard tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0 else { return }
    let (answers, isInterrupted) = answers()
    tcsetattr(STDIN_FILENO, TCSANOW, &before)
    if isInterrupted { raise(SIGINT) }
    for answer in answers { ColorQuestion.note(answer, in: &canvas) }
  }

  private static func answers() -> (answers: [String], isInterrupted: Bool) {
    // Every terminal knows where its cursor is: with that answer, nothing else comes any more.
    let question = Array((ColorQuestion.text + "\u{1B}[6n").utf8)
    guard write(STDOUT_FILENO, question, question.count) == question.count else {
      return ([], false)
    }
    var assembler = KeyAssembler()
    assembler.awaitedAnswers = ColorQuestion.answers + 1
    var answers: [String] = []
    var isInterrupted = false
    assembler.read(until: .now.advanced(by: patience)) { assembler in
      answers += assembler.drainAnswers()
      isInterrupted = isInterrupted || assembler.drainKeys().contains(.control("c"))
      return assembler.awaitedAnswers + answers.count > ColorQuestion.answers
    }
    return (answers, isInterrupted)
  }
}
