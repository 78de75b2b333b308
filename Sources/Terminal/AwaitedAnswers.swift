import CNcurses
import Glibc

/// What the terminal was asked, and how long it is waited for. The `KeyAssembler` of the keys takes the
/// answers out of them and counts; this is the time they have.
struct AwaitedAnswers {
  /// After that the terminal is one that does not answer.
  private static let patience = Duration.seconds(10)
  /// How long a terminal that is given back may still answer. Whoever reads next would take it for keys.
  private static let lastPatience = Duration.milliseconds(250)

  private var end: ContinuousClock.Instant?

  /// So many answers will come.
  mutating func await(_ count: Int, in assembler: inout KeyAssembler) {
    assembler.awaitedAnswers += count
    end = .now.advanced(by: Self.patience)
  }

  /// Gives up what has not come in time.
  mutating func expire(_ now: ContinuousClock.Instant, in assembler: inout KeyAssembler) {
    guard let end, now > end else { return }
    self.end = nil
    assembler.awaitedAnswers = 0
  }

  /// Reads what is on its way, until all of it has ended or a moment is over. The question has been sent,
  /// and the terminal must still be raw: what came now would be echoed.
  mutating func discard(_ assembler: inout KeyAssembler) {
    expire(.now, in: &assembler)
    assembler.read(until: .now.advanced(by: Self.lastPatience)) { $0.awaitedAnswers > 0 }
    assembler.awaitedAnswers = 0
    end = nil
  }
}

extension KeyAssembler {
  /// Takes in what the terminal sends by itself, as long as it is wanted, and until that moment at most: a
  /// part of a second ahead.
  mutating func read(
    until end: ContinuousClock.Instant, while isWanted: (inout KeyAssembler) -> Bool
  ) {
    var bytes = [UInt8](repeating: 0, count: 256)
    while isWanted(&self) {
      let left = ContinuousClock.now.duration(to: end)
      guard left > .zero else { return }
      var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      let wait = Int32(left.components.attoseconds / 1_000_000_000_000_000) + 1
      guard poll(&input, 1, wait) > 0 else { continue }
      let count = Glibc.read(STDIN_FILENO, &bytes, bytes.count)
      guard count > 0 else { return }
      for byte in bytes.prefix(count) { receive(Int32(byte)) }
    }
  }
}
