import Interchange

/// One line on standard error that says how far a long task has come; silent where standard error
/// is no terminal that could redraw it.
struct ProgressBar {
  private let isShown: Bool
  private static let width = 30

  init(environment: [String: String]) {
    isShown = Standard.error.isTerminal && !["", "dumb"].contains(environment["TERM"] ?? "")
  }

  /// `checking   [##########....................]  33 %  16,000 lines`
  func show(_ progress: ImportProgress, _ phase: String) {
    guard isShown else { return }
    var line = "\r\(phase)  "
    if let total = progress.totalBytes, total > 0 {
      let share = min(1, Double(progress.bytesRead) / Double(total))
      let done = Int(share * Double(Self.width))
      line += "[" + String(repeating: "#", count: done)
      line += String(repeating: ".", count: Self.width - done) + "]  \(Int(share * 100)) %  "
    }
    Standard.error.write(line + "\(progress.linesRead) lines\u{1B}[K")
  }

  /// Takes the line away again.
  func clear() {
    if isShown { Standard.error.write("\r\u{1B}[K") }
  }
}
