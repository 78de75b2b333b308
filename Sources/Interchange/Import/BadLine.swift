import BankCore

/// A line of an imported file that cannot be used, and why.
public struct BadLine: Error, Hashable, Sendable, CustomStringConvertible {
  /// Named only when it is not the imported file itself but one that the rules look things up in.
  public let file: String?
  /// Counted from 1, as an editor does.
  public let line: Int
  /// One plain reason, such as "the field amount is missing". Holds no control characters,
  /// whatever the file held.
  public let why: String
  /// The earlier line that has the same identity. If both are real, this one is lost.
  public let twinOf: Int?

  public init(file: String? = nil, line: Int, why: String, twinOf: Int? = nil) {
    self.file = file
    self.line = line
    self.why = why
    self.twinOf = twinOf
  }

  public var description: String {
    (file.map { "\($0), " } ?? "") + "line \(line): \(why)"
  }
}

/// Why a line cannot be used, before it is known which line it is.
struct LineFlaw: Error, Hashable {
  let why: String
  let twinOf: Int?

  init(_ why: String) {
    self.why = why
    twinOf = nil
  }

  init(twinOf line: Int) {
    why = "line \(line) has the same identity"
    twinOf = line
  }
}

/// Text from a file as a message may show it: short, in quotes, and with everything that a
/// terminal would obey written out.
func quoted(_ text: String) -> String {
  var shown = ""
  for scalar in text.unicodeScalars.prefix(40) {
    if scalar.isHidden {
      shown += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
    } else {
      shown.unicodeScalars.append(scalar)
    }
  }
  return "\"" + shown + (text.unicodeScalars.count > 40 ? "…" : "") + "\""
}
