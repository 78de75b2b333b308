/// What a Daybook command answered.
public struct DaybookAnswer: Sendable, CustomStringConvertible {
  public let command: String
  public let status: Int32
  public let standardOutput: String
  public let standardError: String

  public init(command: String, status: Int32, standardOutput: String, standardError: String) {
    self.command = command
    self.status = status
    self.standardOutput = standardOutput
    self.standardError = standardError
  }

  /// Standard output as one JSON document.
  ///
  /// - Throws: `RealPartFault` with the whole answer, if it is anything else.
  public func json() throws -> JSONValue {
    do {
      return try JSONValue(parsing: standardOutput)
    } catch {
      throw RealPartFault("\(error)\n\(self)")
    }
  }

  public var description: String {
    "daybook \(command)\nexit status \(status)\n\(standardOutput)\(standardError)"
  }
}
