/// What the console asks of the branch: of the files and connections that no entry needs. Each gets
/// exactly one `BranchReply`, in every mode, whether the bank is there or not.
public enum BranchRequest: Hashable, Sendable {
  /// Takes the bank away on purpose, or gives it back.
  case hold(Bool)
  /// Begins a drill, or ends it.
  case drill(Bool)
  /// The outages that the tills of this machine have seen, the newest first.
  case outages
  /// Writes the report of an outage where people find it.
  case writeOutageReport(OutageID)
  /// Begins an examination of the connection (nil), or waits until the one under way has come
  /// further than so many steps.
  case examine(after: Int?)
  /// Nobody looks at the examination any more.
  case stopExamining
  /// The change of the configuration that may be behind a fault of the connection.
  case suspect
  /// Goes back to that generation of the configuration.
  case goBack(to: Int)
}

/// The answer to a `BranchRequest`.
public enum BranchReply: Hashable, Sendable {
  case outages([OutageReport])
  /// For `writeOutageReport`: the files that were written, with their folders.
  case reportWritten([String])
  case examination(DoctorRun)
  /// Nil where no change of the configuration is suspected.
  case suspect(ConfigurationSuspect?)
  case wentBack(WayBack)
  /// For `hold`, `drill` and `stopExamining`.
  case done
  case failed(Failure)
}
