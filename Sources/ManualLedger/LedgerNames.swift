import BankCore

/// The names of a terminal's files. A terminal's name holds no dot, so no two terminals share one.
public struct LedgerNames: Hashable, Sendable {
  public let terminal: TerminalName

  public init(_ terminal: TerminalName) { self.terminal = terminal }

  /// `till-1.mark`
  public var mark: String { "\(terminal).mark" }
  /// `till-1.witness`: what the mark said last, for the day on which it is gone or an old one.
  public var witness: String { "\(terminal).witness" }
  /// `till-1.ballast`: room to close properly on a full disk.
  public var ballast: String { "\(terminal).ballast" }
  /// `till-1.copy`: where the second copy was set up.
  public var copy: String { "\(terminal).copy" }
  /// `till-1.adopted`: what the newest directory has taken over from this old one.
  public var adopted: String { "\(terminal).adopted" }
  /// `till-1.lock`
  public var lock: String { "\(terminal).lock" }

  /// `till-1.000001.ledger`
  public func segment(_ number: Int64) -> String { "\(stem(number)).ledger" }

  /// `till-1.000001.torn-4711`: what was cut off at that offset.
  func tornCopy(segment: Int64, offset: Int64, attempt: Int) -> String {
    "\(stem(segment)).torn-\(offset)" + (attempt == 0 ? "" : "-\(attempt)")
  }

  private func stem(_ number: Int64) -> String {
    let digits = String(number)
    let padding = String(repeating: "0", count: max(0, 6 - digits.count))
    return "\(terminal).\(padding)\(digits)"
  }

  /// The number of a segment of this terminal; nil for any other name.
  public func segmentNumber(_ name: String) -> Int64? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == terminal.text, parts[2] == "ledger",
      let number = Int64(parts[1]), number > 0, number < 1 << 60, segment(number) == name
    else { return nil }
    return number
  }

  /// The terminals that have a mark among these names, in order.
  public static func terminals(among names: [String]) -> [TerminalName] {
    names.compactMap { name in
      name.hasSuffix(".mark") ? TerminalName(name.dropLast(5)) : nil
    }.sorted { $0.text < $1.text }
  }
}

extension LedgerNames {
  /// What a file of a terminal is for, and so what may stand in its place and what helps if something
  /// else does.
  public enum Part: String, Hashable, Sendable, CaseIterable {
    case segment = "ledger"
    case mark, witness, ballast, copy, adopted, lock

    /// Nil for any other file.
    public init?(ofFile name: String) {
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      guard let first = parts.first, let terminal = TerminalName(first), let last = parts.last,
        let part = Self(rawValue: String(last))
      else { return nil }
      let isWhole =
        part == .segment ? LedgerNames(terminal).segmentNumber(name) != nil : parts.count == 2
      guard isWhole else { return nil }
      self = part
    }

    /// Whatever is larger was put there by somebody else.
    public var largestByteCount: Int {
      switch self {
      case .segment: 1 << 30
      case .mark: 2 * Mark.slotByteCount
      case .witness: Mark.slotByteCount
      case .ballast: LedgerWriter.ballastByteCount
      case .copy, .lock: 1 << 16
      case .adopted: 64 << 20
      }
    }

    /// Whether the verdict on the ledger hangs on it.
    public var isOfTheLedger: Bool { self == .segment || self == .mark || self == .witness }

    /// What to do about something else in its place.
    public var remedy: String {
      switch self {
      case .segment, .mark:
        "Remove it, and restore the real file from the second copy or a backup. What is gone "
          + "altogether is noticed, and daybook heal goes on without it."
      case .witness, .ballast, .lock: "Remove it. Daybook makes the file again by itself."
      case .copy:
        "Remove it, and check that the second copy is in its place. Daybook makes the file again."
      case .adopted:
        "Restore the real file: it says what a newer state directory has taken over from this one."
      }
    }
  }
}
