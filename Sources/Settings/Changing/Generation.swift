import BankCore
import Foundation

/// One configuration that was in force or was meant to be. Written once, never changed.
public struct Generation: Codable, Hashable, Sendable {
  /// How it came about.
  public enum Kind: String, Codable, Hashable, Sendable {
    /// It was there when the history began.
    case found
    case applied
    /// Somebody edited the file without `config apply`.
    case edited
    case rolledBack = "rolled_back"
  }

  public let number: Int
  /// The configuration file it is for, from the root.
  public let file: String
  /// The file's text, secrets included; nil where there was no file.
  public let content: String?
  /// The SHA-256 of the text, in hexadecimal digits; nil without a file.
  public let hash: String?
  public let author: String
  public let reason: String
  public let kind: Kind
  /// The generation that was in force before it; nil for the first of its file.
  public let previous: Int?
  /// The generation whose text a rollback brought back.
  public let restores: Int?
  /// What was seen of its database before it was activated; nil where nobody looked.
  public let examined: CandidateFinding?
  public let recordedAt: Instant
  /// When the file was last written, for one that was edited.
  public let editedAt: Instant?

  public init(
    number: Int, file: String, content: String?, hash: String?, author: String, reason: String,
    kind: Kind, previous: Int?, restores: Int? = nil, examined: CandidateFinding? = nil,
    recordedAt: Instant, editedAt: Instant? = nil
  ) {
    self.number = number
    self.file = file
    self.content = content
    self.hash = hash
    self.author = author
    self.reason = reason
    self.kind = kind
    self.previous = previous
    self.restores = restores
    self.examined = examined
    self.recordedAt = recordedAt
    self.editedAt = editedAt
  }
}

/// What an examination of a configuration's database found.
public struct CandidateFinding: Codable, Hashable, Sendable {
  public enum Result: String, Codable, Hashable, Sendable {
    /// The right bank answers and can be written.
    case pass
    case fail
    case anotherBank = "another_bank"
    /// The bank does not know what it has acknowledged: a restored backup, or a copy.
    case olderDatabase = "older_database"
  }

  public let result: Result
  /// The code of the cause; nil when all is well.
  public let code: String?
  /// One sentence without secrets.
  public let text: String
  public let bankName: String?
  public let bankID: String?
  public let milliseconds: Int64
  /// The doctor's result layer by layer, C01 to C23; nil where nobody could be asked, and in
  /// histories of earlier versions.
  public let layers: [Layer]?

  /// One layer, as the doctor left it.
  public struct Layer: Codable, Hashable, Sendable {
    public let code: String
    /// In the words of the command line's JSON.
    public let result: String
    public let milliseconds: Int64

    public init(code: String, result: String, milliseconds: Int64) {
      self.code = code
      self.result = result
      self.milliseconds = milliseconds
    }
  }

  // The decoder makes `bankId` of the file's `bank_id`.
  private enum CodingKeys: String, CodingKey {
    case result, code, text, bankName, milliseconds, layers
    case bankID = "bankId"
  }

  public init(
    _ result: Result, code: String? = nil, text: String, bankName: String? = nil,
    bankID: String? = nil, milliseconds: Int64 = 0, layers: [Layer]? = nil
  ) {
    self.result = result
    self.code = code
    self.text = text
    self.bankName = bankName
    self.bankID = bankID
    self.milliseconds = milliseconds
    self.layers = layers
  }
}

/// Something that happened to a generation. Written once.
public struct Occurrence: Codable, Hashable, Sendable {
  public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
    case activated
    /// It proved itself by a committed transaction, and somebody said so.
    case confirmed
    /// It is not in force any more because it was never confirmed.
    case reverted
    /// What it gave way to was examined again.
    case verified
    /// Somebody was told that it was taken back.
    case told
  }

  public let at: Instant
  public let by: String
  public let text: String

  public init(at: Instant, by: String, text: String) {
    self.at = at
    self.by = by
    self.text = text
  }

  /// Who took a generation back; nil where nobody did and its time was over.
  public var person: String? { WayBackMeans(rawValue: text) == nil ? nil : by }
}

/// How a person takes a change back. The raw value is what the history says of it.
public enum WayBackMeans: String, Hashable, Sendable {
  case command = "daybook config rollback"
  case key = "b on screen 6"
}

/// How a generation has fared: what consoles and commands saw of the bank while it was in force.
public struct Health: Codable, Hashable, Sendable {
  /// When a transaction was first committed under it; nil if none was seen.
  public private(set) var committedAt: Instant?
  /// Since when it has been online without a failure in between; nil while the bank is away.
  public private(set) var onlineSince: Instant?
  public private(set) var lastSeen: Instant?
  /// The longest time online without a failure that was seen in between.
  public private(set) var longestSeconds: Int64 = 0

  /// Online this long, and committed, is known good.
  public static let goodAfterSeconds: Int64 = 600

  public init() {}

  public mutating func saw(online: Bool, committed: Bool = false, at now: Instant) {
    if committed, committedAt == nil { committedAt = now }
    lastSeen = now
    guard online else {
      onlineSince = nil
      return
    }
    let since = onlineSince ?? now
    onlineSince = since
    longestSeconds = max(longestSeconds, now.milliseconds(since: since) / 1000)
  }

  public var isKnownGood: Bool {
    committedAt != nil && longestSeconds >= Self.goodAfterSeconds
  }
}
