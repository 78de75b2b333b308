/// What the console asks of the branch: of the files and connections that no entry needs. Each gets
/// exactly one `BranchReply`, in every mode, whether the bank is there or not.
public enum BranchRequest: Hashable, Sendable {
  /// Takes the bank away from all tills of this machine on purpose, for that reason, until it is given back.
  case hold(reason: String)
  /// Gives back the bank that is held away.
  case release
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
  /// Prints the slip of a receipt with the configured command. The answer may take as long as the printer.
  case printSlip(Receipt)
  /// Keeps what is half typed, for the next start of this terminal's console; nil where nothing is any
  /// more. What is kept is never entered by itself.
  ///
  /// - Parameter change: grows with each of them; an older one that comes late changes nothing.
  case keepDraft(KeptDraft?, change: UInt64)
  /// What was half typed when the console of this terminal ended the last time.
  case keptDraft
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
  /// Its printer has ended well; the first slip of an entry is number 1, and every later one a copy.
  case slipPrinted(number: Int)
  /// Nil where nothing was kept, or where it was entered before the console ended.
  case keptDraft(KeptDraft?)
  /// For `hold`, `release`, `drill`, `stopExamining` and `keepDraft`.
  case done
  case failed(Failure)
}
