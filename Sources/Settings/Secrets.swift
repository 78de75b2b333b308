import BankCore
import ConnectionString

/// A database address as it may be shown: each part by the rule of `Disclosure`.
public enum Secrets {
  /// The address with every password replaced.
  public static func masked(_ address: String) -> String {
    guard let path = path(address) else { return AddressText(address).masked }
    return "sqlite:" + (Disclosure.allowsFile(path) ? path : Disclosure.mask)
  }

  /// Whether the address carries a password.
  public static func hasPassword(_ address: String) -> Bool {
    path(address) == nil && AddressText(address).hasPassword
  }

  /// Of the embedded database; nil for an address of a server.
  private static func path(_ address: String) -> String? {
    address.hasPrefix("sqlite:") ? String(address.dropFirst("sqlite:".count)) : nil
  }
}
