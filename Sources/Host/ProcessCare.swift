import Glibc

/// What a process that holds customers' names and balances sees to before it does anything.
public enum ProcessCare {
  /// Fewer open files than this are not enough for a ledger, a snapshot and a connection.
  public static let fewestFiles = 32
  private static let enoughFiles: rlim_t = 1_024

  /// Whatever the shell says: files are their owner's alone, and a crash leaves no copy of memory
  /// behind.
  ///
  /// - Returns: why this process cannot work; nil where it can.
  public static func begin() -> String? {
    umask(0o077)
    leaveNoCore()
    let files = raiseFileLimit()
    guard files < fewestFiles else { return nil }
    return "This shell allows \(files) open files; Daybook needs \(fewestFiles)"
  }

  /// One byte, and not none: the kernel does not ask for the limit where cores go to a program (a
  /// crash reporter), except for this one value, which ends them too (core(5), `fs/coredump.c`).
  private static func leaveNoCore() {
    var limit = rlimit(rlim_cur: 1, rlim_max: 1)
    if setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) != 0 {
      // A hard limit of none is lower still, and cannot be raised.
      limit = rlimit(rlim_cur: 0, rlim_max: 0)
      setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    }
  }

  private static func raiseFileLimit() -> Int {
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(resource, &limit) == 0 else { return fewestFiles }
    if limit.rlim_cur < enoughFiles {
      var raised = limit
      raised.rlim_cur = min(limit.rlim_max, enoughFiles)
      if setrlimit(resource, &raised) == 0 { limit = raised }
    }
    return Int(clamping: limit.rlim_cur)
  }
}
