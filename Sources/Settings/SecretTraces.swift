import BankCore
import Foundation

extension Secrets {
  /// The lines of a text in which a password seems to stand, from 1; never what stands there. For
  /// files that must hold none, whoever wrote them.
  public static func linesWithPasswords(in text: String) -> [Int] {
    text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .filter { hasPasswordSomewhere(String($0.element)) }.map { $0.offset + 1 }
  }

  private static func hasPasswordSomewhere(_ line: String) -> Bool {
    let address = #/:\/\/[^\s\/@:"']*:(?<value>[^\s@"']+)@/#
    let word = #/(?i)\b(?:ssl)?pass(?:word|wd)?\\?["']?\s*[=:]\s*\\?["']?(?<value>[^\s"'&,;\\]+)/#
    return line.contains("@") && line.matches(of: address).contains { isOpen(value: $0.value) }
      || line.matches(of: word).contains { isOpen(value: $0.value) }
  }

  /// Whether it is no mask, and no word of a sentence or a program about passwords.
  private static func isOpen(value: Substring) -> Bool {
    !value.isEmpty && !value.hasPrefix(Disclosure.mask) && !value.allSatisfy { "*•.…".contains($0) }
      // The doctor says "not the password: the login was accepted".
      && !["null", "true", "false", "the"].contains(value.lowercased())
  }
}
