import BankCore

/// Why an address, a variable or a file gives nothing that can be connected with.
public struct ConnectionMistake: Error, Hashable, Sendable {
  /// One of the layers C01 and C02.
  public let kind: FaultKind
  /// One plain sentence, never with a secret.
  public let text: String
  /// The fix for exactly this case; nil where the kind says it.
  public let remedy: String?

  init(_ kind: FaultKind, _ text: String, remedy: String? = nil) {
    self.kind = kind
    self.text = text
    self.remedy = remedy
  }

  /// Of the address itself.
  public init(_ mistake: AddressMistake) {
    self.init(.addressUnreadable, "the database address cannot be read: \(mistake.text)")
  }
}
