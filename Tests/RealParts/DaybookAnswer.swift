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

  init(_ arguments: [String], _ result: CommandResult) {
    self.init(
      command: arguments.joined(separator: " "), status: result.status,
      standardOutput: result.standardOutput, standardError: result.standardError)
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

/// A Daybook command that has not been waited for.
public struct RunningDaybook: Sendable {
  public let process: Int32
  let end: Task<DaybookAnswer, any Error>

  /// Sends a signal, such as SIGKILL; one that comes too late is no fault.
  public func signal(_ number: Int32) throws {
    try ProcessTable.signal(process, number)
  }

  /// Waits for the end.
  public func answer() async throws -> DaybookAnswer {
    try await end.value
  }
}
