import BankCore
import BankService
import Settings

/// What reaches a bank, behind this boundary: stores, probes for the doctor, the local copy of the
/// books. What implements it speaks SQL; nothing in this module does.
public protocol BankAdapters: Sendable {
  /// The books in a file; its schema is read from a folder, which may be missing.
  func bankFile(at path: String, schemaFolder: String) -> any Store
  /// The books at a server's address.
  func bankServer(at address: String, schemaFolder: String) -> any Store

  /// What looks at a bank in a file.
  ///
  /// - Parameter memory: what this terminal knows of its bank.
  func fileProbes(
    at path: String, remembering memory: TillMemory?
  ) -> [any ConnectionProbe]
  /// What looks at a server: a probe for each of its hosts.
  func serverProbes(
    at address: String, remembering memory: TillMemory?
  ) -> [any ConnectionProbe]

  /// Whether two servers' addresses may mean the same database. What cannot be told may be the same.
  func mayBeSame(_ address: String, _ other: String) -> Bool
  /// The bank as the local copy in that file knows it; nil without one.
  func copiedBank(in file: String) async -> BankIdentity?
}
