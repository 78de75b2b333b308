/// Where a value of a connection comes from.
public struct ValueOrigin: Hashable, Sendable {
  public enum Source: Hashable, Sendable {
    /// The address that was given.
    case address
    /// A variable of the environment, such as `PGHOST`.
    case variable(String)
    /// A line of a service file, such as `/home/ana/.pg_service.conf:3`.
    case file(String)
    /// The client library's own.
    case standard
  }

  /// `host`, `port`, `database` or `user`.
  public let setting: String
  /// Never a secret.
  public let value: String
  public let source: Source

  public init(setting: String, value: String, source: Source) {
    self.setting = setting
    self.value = value
    self.source = source
  }
}

extension ValueOrigin.Source {
  /// `PGHOST`, or the line of a file.
  public var words: String {
    switch self {
    case .address: "the address"
    case .variable(let name): name
    case .file(let line): line
    case .standard: "nobody"
    }
  }
}
